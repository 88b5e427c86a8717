#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coterie::csv {

/// Reads the records of a CSV text that is too large to be held, one at a time: RFC 4180 as in parse(), but
/// nothing is left out, neither lines that are empty nor lines that begin with `#`: what a program wrote for
/// programs has no comments.
class Stream {
 public:
  /// Gives the next bytes, none at the end.
  using Source = std::function<std::string_view()>;

  /// \param longest_record bytes that a record may have, so that a quote that is never closed fills no memory
  explicit Stream(Source source, std::size_t longest_record = std::size_t{16} << 20U);

  /// Reads the next record. \return false at the end
  /// \throws Error{data} with the number of the record: text that is not UTF-8, a misplaced quote, a quote
  /// that
  ///         is never closed, a record that is too long
  /// \complexity O(length)
  bool next();

  /// The record that next() read; valid until it is called again.
  [[nodiscard]] std::span<const std::string_view> cells() const { return m_cells; }
  /// Its number, from 1; the header is record 1.
  [[nodiscard]] std::size_t number() const { return m_number; }

 private:
  Source m_source;
  std::size_t m_longest;
  std::string m_buffer;
  std::size_t m_begin = 0;  ///< where the record under way begins
  std::size_t m_scan = 0;   ///< up to where its end was looked for
  bool m_quoted = false;    ///< whether m_scan is inside quotes
  std::size_t m_number = 0;
  std::vector<std::string_view> m_cells;

  bool refill();
  void take(std::size_t end);
  std::size_t take_quoted(std::size_t start, std::size_t end);
  [[noreturn]] void refuse(std::string_view what) const;
};

}  // namespace coterie::csv
