#include "fetchers/files/byte_stream.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <new>
#include <string_view>
#include <system_error>
#include <vector>

#include "coterie/error.hpp"
#include "coterie/util/sha256.hpp"

namespace coterie {

namespace {

constexpr std::size_t k_block = std::size_t{1} << 18;
constexpr std::string_view k_gzip_magic = "\x1f\x8b";
// zlib's way of saying: the largest window, and a gzip header.
constexpr int k_gzip_window = 15 + 16;

std::string system_reason() { return std::generic_category().message(errno); }

}  // namespace

struct ByteStream::State {
  explicit State(const std::filesystem::path& path) : block(k_block) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      throw Error(ErrorKind::no_input, "the file does not exist");
    }
    file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
      // fopen() allocates; want of memory says nothing about the file.
      const ErrorKind kind = errno == ENOMEM ? ErrorKind::system : ErrorKind::io;
      throw Error(kind, fmt::format("the file cannot be opened: {}", system_reason()));
    }
    try {
      fill();
      if (std::string_view(next, left).starts_with(k_gzip_magic)) start_inflating();
    } catch (...) {
      close();
      throw;
    }
  }
  ~State() { close(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void close() {
    if (inflating) inflateEnd(&stream);
    std::fclose(file);
  }

  void start_inflating() {
    if (inflateInit2(&stream, k_gzip_window) != Z_OK) throw std::bad_alloc();
    inflating = true;
  }

  /// Reads the next block of the file; at its end nothing is left.
  void fill() {
    next = block.data();
    left = std::fread(block.data(), 1, block.size(), file);
    if (std::ferror(file) != 0)
      throw Error(ErrorKind::io, fmt::format("the file cannot be read: {}", system_reason()));
    hash.update({next, left});
  }

  std::size_t copy(char* out, std::size_t size) {
    if (left == 0) fill();
    const std::size_t count = std::min(size, left);
    std::copy_n(next, count, out);
    next += count;
    left -= count;
    return count;
  }

  std::size_t inflate_to(char* out, std::size_t size) {
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = static_cast<uInt>(std::min(size, std::size_t{1} << 30));
    const uInt room = stream.avail_out;
    while (stream.avail_out == room) {
      if (!damage.empty())
        throw Error(ErrorKind::data, fmt::format("the gzip compression is damaged: {}", damage));
      if (left == 0) fill();
      if (left == 0) {
        if (member_ended) return 0;
        throw Error(ErrorKind::data, "the gzip compression is cut short: the file ends inside it");
      }
      if (member_ended) {
        inflateReset(&stream);
        member_ended = false;
      }
      inflate_block();
    }
    return room - stream.avail_out;
  }

  void inflate_block() {
    stream.next_in = reinterpret_cast<Bytef*>(next);
    stream.avail_in = static_cast<uInt>(left);
    const int code = inflate(&stream, Z_NO_FLUSH);
    next += left - stream.avail_in;
    left = stream.avail_in;
    if (code == Z_STREAM_END) {
      member_ended = true;
    } else if (code == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      // Thrown at the next call, because bytes before the damage may have been written by this one.
      damage = stream.msg != nullptr ? stream.msg : "unknown reason";
    }
  }

  std::FILE* file = nullptr;
  std::vector<char> block;
  char* next = nullptr;
  std::size_t left = 0;
  Sha256 hash;
  z_stream stream{};
  bool inflating = false;
  bool member_ended = false;
  std::string damage;
};

ByteStream::ByteStream(const std::filesystem::path& path) : m_state(std::make_unique<State>(path)) {}

ByteStream::~ByteStream() = default;

std::size_t ByteStream::read(char* out, std::size_t size) {
  return m_state->inflating ? m_state->inflate_to(out, size) : m_state->copy(out, size);
}

std::string ByteStream::sha256() { return m_state->hash.hex(); }

}  // namespace coterie
