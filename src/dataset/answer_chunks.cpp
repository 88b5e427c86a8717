#include "src/dataset/answer_chunks.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "coterie/error.hpp"

namespace coterie::dataset {
namespace {

/// One bit pattern per byte value, from SplitMix64. The seed is part of the file format only in so far as
/// another one would find none of the pieces that are kept already.
constexpr std::array<std::uint64_t, 256> gear() {
  std::array<std::uint64_t, 256> table{};
  std::uint64_t state = 0x636f7461;
  for (std::uint64_t& entry : table) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    entry = z ^ (z >> 31);
  }
  return table;
}
constexpr std::array<std::uint64_t, 256> k_gear = gear();

/// The hash's upper bits depend on most bytes; 12 of them make pieces of 2 + 4 KiB on average: of pages in
/// which 2 % of the works change, larger pieces cost more with every refresh than their better compression
/// saves.
constexpr std::uint64_t k_mask = ~std::uint64_t{0} << (64 - 12);
constexpr std::size_t k_window = 64;

std::size_t end_of_chunk(std::string_view body) {
  if (body.size() <= k_smallest_chunk) return body.size();
  const std::size_t most = std::min(body.size(), k_largest_chunk);
  std::uint64_t hash = 0;
  for (std::size_t at = k_smallest_chunk - k_window; at < most; ++at) {
    hash = (hash << 1) + k_gear[static_cast<unsigned char>(body[at])];
    if (at >= k_smallest_chunk && (hash & k_mask) == 0) return at + 1;
  }
  return most;
}

[[noreturn]] void damaged() {
  throw Error(ErrorKind::data, "the kept answers are damaged: a compressed piece cannot be read");
}

Bytef* bytes_of(std::string_view text) {
  // zlib does not write through its input pointers, but does not say so in their type.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

std::vector<std::string_view> chunks_of(std::string_view body) {
  std::vector<std::string_view> chunks;
  while (!body.empty()) {
    const std::size_t end = end_of_chunk(body);
    chunks.push_back(body.substr(0, end));
    body.remove_prefix(end);
  }
  return chunks;
}

std::string compressed(std::string_view bytes, std::string_view dictionary) {
  z_stream stream{};
  if (deflateInit(&stream, Z_DEFAULT_COMPRESSION) != Z_OK) throw Error(ErrorKind::system, "out of memory");
  if (!dictionary.empty())
    deflateSetDictionary(&stream, bytes_of(dictionary), static_cast<uInt>(dictionary.size()));
  std::string result(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int code = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw Error(ErrorKind::bug, "zlib does not compress in one step");
  return result;
}

std::string decompressed(std::string_view bytes, std::size_t size, std::string_view dictionary) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw Error(ErrorKind::system, "out of memory");
  // One byte more, so that a longer content shows.
  std::string result(size + 1, '\0');
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  int code = inflate(&stream, Z_FINISH);
  if (code == Z_NEED_DICT && !dictionary.empty()) {
    inflateSetDictionary(&stream, bytes_of(dictionary), static_cast<uInt>(dictionary.size()));
    code = inflate(&stream, Z_FINISH);
  }
  const bool whole = code == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  if (!whole) damaged();
  result.resize(size);
  return result;
}

std::string packed_numbers(const std::vector<std::int64_t>& numbers) {
  std::string bytes;
  std::uint64_t last = 0;
  for (const std::int64_t number : numbers) {
    // Without signs, so that no step can overflow; small steps in either direction become small numbers.
    const std::uint64_t step = static_cast<std::uint64_t>(number) - last;
    std::uint64_t rest = (step << 1) ^ (std::uint64_t{0} - (step >> 63));
    for (; rest >= 0x80; rest >>= 7) bytes += static_cast<char>((rest & 0x7f) | 0x80);
    bytes += static_cast<char>(rest);
    last = static_cast<std::uint64_t>(number);
  }
  return bytes;
}

std::vector<std::int64_t> unpacked_numbers(std::string_view bytes) {
  std::vector<std::int64_t> numbers;
  std::uint64_t last = 0;
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : bytes) {
    if (shift > 63) damaged();
    const auto byte = static_cast<unsigned char>(c);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    shift += 7;
    if ((byte & 0x80U) != 0) continue;
    last += (value >> 1) ^ (~(value & 1) + 1);
    numbers.push_back(static_cast<std::int64_t>(last));
    value = 0;
    shift = 0;
  }
  if (shift != 0) damaged();
  return numbers;
}

}  // namespace coterie::dataset
