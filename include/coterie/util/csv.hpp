#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace coterie::csv {

/// A record of a CSV text and the line on which it starts, counted from 1.
struct Record {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

/// Reads RFC 4180: comma-separated, quotes doubled inside quotes, CRLF or LF; a byte order mark is skipped,
/// lines that are empty or begin with `#` are left out (a `#` cell is written in quotes). \throws
/// Error{configuration} with the line: text that is not UTF-8, a quote inside an unquoted cell, text after a
///         closing quote, a quote that is never closed
/// \complexity O(length)
[[nodiscard]] std::vector<Record> parse(std::string_view text);

/// A cell as it is written: quoted when it holds a comma, a quote, a line end, or white space at an end.
[[nodiscard]] std::string cell(std::string_view text);

/// A text cell guarded against spreadsheets that would run it as a formula: a leading apostrophe when its
/// first character other than spaces and quotes is = + - @ TAB or CR, or the full-width form of one of these.
/// Numbers are never guarded.
[[nodiscard]] std::string guarded(std::string_view text);

/// The text that guarded() gives as `cell`: a cell whose apostrophe is the guard's loses it, every other one
/// is as it is. unguarded(guarded(t)) == t for every text.
[[nodiscard]] std::string_view unguarded(std::string_view cell);

}  // namespace coterie::csv
