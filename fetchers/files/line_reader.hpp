#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fetchers/files/byte_stream.hpp"

namespace coterie {

/// The lines of a stream, without their ends (LF or CRLF); a byte order mark before the first one is left
/// out.
class LineReader {
 public:
  struct Line {
    std::size_t number = 0;  ///< counted from 1
    std::string_view text;   ///< valid until the next call; at least `padding` readable bytes follow it
    bool too_long = false;   ///< longer than `longest`: the text is left out
  };

  /// \param padding bytes that may be read behind a line (a parser that reads ahead needs them)
  LineReader(ByteStream& stream, std::size_t longest, std::size_t padding);

  /// The next line; false at the end. \throws Error as ByteStream::read()
  [[nodiscard]] bool next(Line& line);

  /// Bytes of the lines so far, their ends included.
  [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

 private:
  [[nodiscard]] bool fill();
  void skip_byte_order_mark();
  void skip_long_line();

  ByteStream& m_stream;
  std::size_t m_longest;
  std::size_t m_padding;
  std::vector<char> m_buffer;
  std::size_t m_begin = 0;     ///< of the unread part
  std::size_t m_end = 0;       ///< of the filled part
  std::size_t m_searched = 0;  ///< up to here there is no line end
  std::size_t m_number = 0;
  std::uint64_t m_bytes = 0;
};

}  // namespace coterie
