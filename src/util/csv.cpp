#include "coterie/util/csv.hpp"

#include <fmt/format.h>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "src/util/utf8.hpp"

namespace coterie::csv {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void refuse(std::size_t line, std::string_view what) {
  throw Error(ErrorKind::configuration, fmt::format("line {}: {}", line, what));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : m_text(text) {}

  std::vector<Record> records() {
    std::vector<Record> result;
    while (m_offset < m_text.size()) {
      if (m_text[m_offset] == '#') {
        skip_line();
        continue;
      }
      if (take_line_end()) continue;
      result.push_back(record());
    }
    return result;
  }

 private:
  std::string_view m_text;
  std::size_t m_offset = 0;
  std::size_t m_line = 1;

  [[nodiscard]] bool at_end() const { return m_offset >= m_text.size(); }

  void skip_line() {
    const std::size_t end = m_text.find('\n', m_offset);
    m_offset = end == std::string_view::npos ? m_text.size() : end + 1;
    ++m_line;
  }

  /// A carriage return alone ends a line only where the text ends with it.
  bool take_line_end() {
    const std::string_view rest = m_text.substr(m_offset);
    std::size_t length = 0;
    if (rest.starts_with('\n')) {
      length = 1;
    } else if (rest.starts_with("\r\n")) {
      length = 2;
    } else if (rest == "\r") {
      length = 1;
    }
    if (length == 0) return false;
    m_offset += length;
    ++m_line;
    return true;
  }

  Record record() {
    Record result{m_line, {}};
    while (true) {
      const bool quoted = !at_end() && m_text[m_offset] == '"';
      result.cells.push_back(quoted ? quoted_cell() : plain_cell());
      if (at_end() || take_line_end()) return result;
      ++m_offset;  // the comma
    }
  }

  std::string plain_cell() {
    const std::size_t start = m_offset;
    while (!at_end()) {
      const char c = m_text[m_offset];
      if (c == ',' || c == '\n') break;
      if (c == '\r' && (m_offset + 1 == m_text.size() || m_text[m_offset + 1] == '\n')) break;
      if (c == '"') {
        refuse(m_line,
               fmt::format("a quote inside a cell without quotes, after '{}': write the whole cell in quotes "
                           "and each quote inside it twice",
                           text::printable(m_text.substr(start, m_offset - start))));
      }
      ++m_offset;
    }
    return std::string(m_text.substr(start, m_offset - start));
  }

  std::string quoted_cell() {
    const std::size_t first_line = m_line;
    std::string value;
    ++m_offset;
    while (true) {
      const std::size_t quote = m_text.find('"', m_offset);
      if (quote == std::string_view::npos) refuse(first_line, "a quote is opened and never closed");
      const std::string_view part = m_text.substr(m_offset, quote - m_offset);
      for (const char c : part) m_line += c == '\n' ? 1 : 0;
      value += part;
      m_offset = quote + 1;
      if (at_end() || m_text[m_offset] != '"') break;
      value += '"';
      ++m_offset;
    }
    if (!at_end() && m_text[m_offset] != ',') check_line_end();
    return value;
  }

  void check_line_end() const {
    const std::string_view rest = m_text.substr(m_offset);
    if (rest.starts_with('\n') || rest.starts_with("\r\n") || rest == "\r") return;
    const std::string_view shown = rest.substr(0, rest.find_first_of(",\r\n"));
    refuse(m_line, fmt::format("'{}' behind a closing quote: only a comma or the end of the line may follow",
                               text::printable(shown)));
  }
};

/// What spreadsheets skip before they decide that a cell is a formula.
bool is_skipped(char32_t value) {
  if (value == '\t' || value == '\r') return false;
  return utf8::is_white_space(value) || value == '"' || value == '\'' || value == U'\u201C' ||
         value == U'\u201D' || value == U'\u2018' || value == U'\u2019' || value == U'\uFEFF' ||
         value == U'\u200B';
}

bool starts_formula(char32_t value) {
  switch (value) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case U'\uFF1D':  // full-width = + - @
    case U'\uFF0B':
    case U'\uFF0D':
    case U'\uFF20':
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<Record> parse(std::string_view text) {
  if (const auto bad = text::first_bad_utf8(text)) {
    std::size_t line = 1;
    for (const char c : text.substr(0, *bad)) line += c == '\n' ? 1 : 0;
    refuse(line, fmt::format("byte {:#04x} is not UTF-8: save the file as UTF-8",
                             static_cast<unsigned char>(text[*bad])));
  }
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  return Parser(text).records();
}

std::string cell(std::string_view text) {
  const bool edge_space = !text.empty() && text::trimmed(text).size() != text.size();
  const bool comment = text.starts_with('#');
  const bool mark = text.starts_with(k_byte_order_mark);
  if (!edge_space && !comment && !mark && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  result += '"';
  return result;
}

std::string guarded(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const utf8::CodePoint point = utf8::at(text, offset);
    if (starts_formula(point.value)) return std::string("'").append(text);
    if (!is_skipped(point.value)) break;
    offset += point.length;
  }
  return std::string(text);
}

std::string_view unguarded(std::string_view cell) {
  if (!cell.starts_with('\'')) return cell;
  const std::string_view rest = cell.substr(1);
  return guarded(rest) == cell ? rest : cell;
}

}  // namespace coterie::csv
