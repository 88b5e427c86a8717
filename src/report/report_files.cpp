#include "src/report/report_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/sha256.hpp"

namespace coterie {
namespace {

bool is_plain_name(const std::filesystem::path& name) {
  const std::string text = name.string();
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace

const ReportFile& ReportFiles::write(const std::string& path,
                                     const std::function<void(const Sink&)>& content) {
  const std::filesystem::path below(path);
  const bool known = std::any_of(m_written.begin(), m_written.end(),
                                 [&](const ReportFile& file) { return file.path == path; });
  if (known || below.empty() || !std::all_of(below.begin(), below.end(), is_plain_name)) {
    throw Error(ErrorKind::bug,
                fmt::format("a report cannot have a file '{}'{}", path, known ? " twice" : ""));
  }
  const std::filesystem::path place = m_folder / below;
  std::error_code error;
  std::filesystem::create_directories(place.parent_path(), error);
  if (error) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("cannot create '{}': {}", place.parent_path().string(), error.message()));
  }
  AtomicFile file(place);
  Sha256 digest;
  ReportFile written{path, 0, {}};
  content([&](std::string_view bytes) {
    file.write(bytes);
    digest.update(bytes);
    written.bytes += bytes.size();
  });
  file.commit();
  written.sha256 = digest.hex();
  return m_written.emplace_back(std::move(written));
}

}  // namespace coterie
