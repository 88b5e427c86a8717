#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <string>
#include <vector>

#include "coterie/error.hpp"
#include "coterie/works_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {

/// The text as one gzip member.
inline std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// What came of reading a text as a file of works.
struct Reading {
  WorksFileResult result;
  std::vector<Work> works;
  std::optional<Error> error;
};

inline Reading read_path(const std::filesystem::path& path) {
  Reading reading;
  try {
    reading.result = read_works_file(path, [&](std::span<const Work> works) {
      EXPECT_FALSE(works.empty());
      reading.works.insert(reading.works.end(), works.begin(), works.end());
    });
  } catch (const Error& error) {
    reading.error = error;
  }
  return reading;
}

inline Reading read_text(const std::string& text) {
  const TemporaryFolder folder;
  const auto path = folder / "works";
  std::ofstream(path, std::ios::binary) << text;
  return read_path(path);
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace coterie::test
