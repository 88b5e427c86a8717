#include "coterie/util/csv_stream.hpp"

#include <fmt/format.h>

#include <utility>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie::csv {

Stream::Stream(Source source, std::size_t longest_record)
    : m_source(std::move(source)), m_longest(longest_record) {}

void Stream::refuse(std::string_view what) const {
  throw Error(ErrorKind::data, fmt::format("record {}: {}", m_number, what));
}

bool Stream::refill() {
  m_buffer.erase(0, m_begin);
  m_scan -= m_begin;
  m_begin = 0;
  const std::string_view more = m_source();
  m_buffer += more;
  return !more.empty();
}

bool Stream::next() {
  ++m_number;
  while (true) {
    for (; m_scan < m_buffer.size(); ++m_scan) {
      const char c = m_buffer[m_scan];
      if (c == '"') {
        m_quoted = !m_quoted;
      } else if (c == '\n' && !m_quoted) {
        take(m_scan);
        m_begin = ++m_scan;
        return true;
      }
    }
    if (m_scan - m_begin > m_longest) refuse(fmt::format("longer than {} bytes", m_longest));
    if (refill()) continue;
    if (m_begin == m_buffer.size()) return false;
    if (m_quoted) refuse("a quote is opened and never closed");
    take(m_buffer.size());
    m_begin = m_scan = m_buffer.size();
    return true;
  }
}

void Stream::take(std::size_t end) {
  if (end > m_begin && m_buffer[end - 1] == '\r') --end;
  if (text::first_bad_utf8(std::string_view(m_buffer).substr(m_begin, end - m_begin))) refuse("not UTF-8");
  m_cells.clear();
  for (std::size_t at = m_begin;; ++at) {  // past the comma
    if (at < end && m_buffer[at] == '"') {
      at = take_quoted(at + 1, end);
    } else {
      const std::string_view rest = std::string_view(m_buffer).substr(at, end - at);
      const std::string_view cell = rest.substr(0, rest.find(','));
      if (cell.find('"') != std::string_view::npos) refuse("a quote inside a cell without quotes");
      m_cells.push_back(cell);
      at += cell.size();
    }
    if (at == end) return;
  }
}

/// Takes a cell whose opening quote stands before `start`; doubled quotes are made single in place.
/// \return the place behind the closing quote
std::size_t Stream::take_quoted(std::size_t start, std::size_t end) {
  std::size_t written = start;
  std::size_t at = start;
  while (true) {
    if (at == end) refuse("a quote is opened and never closed");
    if (m_buffer[at] == '"') {
      ++at;
      if (at == end || m_buffer[at] != '"') break;
    }
    m_buffer[written++] = m_buffer[at++];
  }
  if (at != end && m_buffer[at] != ',') refuse("text behind a closing quote");
  m_cells.push_back(std::string_view(m_buffer).substr(start, written - start));
  return at;
}

}  // namespace coterie::csv
