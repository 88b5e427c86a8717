#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace coterie {

/// The bytes of a file from its start to its end, decompressed if it is gzip (told by its first bytes;
/// several members are read as one).
class ByteStream {
 public:
  /// \throws Error{no_input} if the file is missing, Error{io} if it cannot be opened
  explicit ByteStream(const std::filesystem::path& path);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Writes the next bytes to `out`, at most `size`; 0 at the end.
  /// \throws Error{io} if reading fails, Error{data} if the compression is damaged or cut short
  [[nodiscard]] std::size_t read(char* out, std::size_t size);

  /// SHA-256 of the file as it lies there; to be called once, after the end.
  [[nodiscard]] std::string sha256();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
