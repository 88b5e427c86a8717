#include "fetchers/files/line_reader.hpp"

#include <algorithm>
#include <cstring>

namespace coterie {

namespace {

constexpr std::size_t k_first_buffer = std::size_t{1} << 20;
constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";

}  // namespace

LineReader::LineReader(ByteStream& stream, std::size_t longest, std::size_t padding)
    : m_stream(stream), m_longest(longest), m_padding(padding), m_buffer(k_first_buffer + padding) {}

bool LineReader::next(Line& line) {
  if (m_number == 0) skip_byte_order_mark();
  line = Line{++m_number, {}, false};
  bool ended = false;
  while (!ended) {
    const char* found =
        static_cast<const char*>(std::memchr(m_buffer.data() + m_searched, '\n', m_end - m_searched));
    const std::size_t stop = found != nullptr ? static_cast<std::size_t>(found - m_buffer.data()) : m_end;
    m_searched = stop;
    if (stop - m_begin > m_longest) {
      skip_long_line();
      line.too_long = true;
      return true;
    }
    if (found != nullptr) {
      line.text = {m_buffer.data() + m_begin, stop - m_begin};
      m_bytes += line.text.size() + 1;
      m_searched = m_begin = stop + 1;
      if (line.text.ends_with('\r')) line.text.remove_suffix(1);
      return true;
    }
    ended = !fill();
  }
  // The last line may have no end.
  line.text = {m_buffer.data() + m_begin, m_end - m_begin};
  m_bytes += line.text.size();
  m_searched = m_begin = m_end;
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return !line.text.empty();
}

bool LineReader::fill() {
  if (m_begin > 0) {
    std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
    m_end -= m_begin;
    m_searched -= m_begin;
    m_begin = 0;
  }
  if (m_end + m_padding == m_buffer.size()) m_buffer.resize(2 * m_end + m_padding);
  const std::size_t count = m_stream.read(m_buffer.data() + m_end, m_buffer.size() - m_padding - m_end);
  m_end += count;
  return count > 0;
}

void LineReader::skip_byte_order_mark() {
  while (m_end < k_byte_order_mark.size() && fill()) {
  }
  if (std::string_view(m_buffer.data(), m_end).starts_with(k_byte_order_mark)) {
    m_searched = m_begin = k_byte_order_mark.size();
    m_bytes = k_byte_order_mark.size();
  }
}

void LineReader::skip_long_line() {
  while (true) {
    const char* found =
        static_cast<const char*>(std::memchr(m_buffer.data() + m_begin, '\n', m_end - m_begin));
    if (found != nullptr) {
      const std::size_t after = static_cast<std::size_t>(found - m_buffer.data()) + 1;
      m_bytes += after - m_begin;
      m_searched = m_begin = after;
      return;
    }
    m_bytes += m_end - m_begin;
    m_searched = m_begin = m_end;
    if (!fill()) return;
  }
}

}  // namespace coterie
