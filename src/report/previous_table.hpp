#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/changes.hpp"
#include "coterie/error.hpp"

namespace coterie {

/// Whether a file cannot be compared for what it is: missing, closed to us, not as a report writes it.
/// Anything else (a failing disk, no memory) says nothing about the file, and a comparison without it would
/// be wrong.
[[nodiscard]] bool is_the_files_fault(const Error& error);

/// A CSV file of an earlier report, read line by line. Its bytes are anybody's: what is not as a report
/// writes it is an error, which the comparison catches.
class PreviousTable {
 public:
  using Cells = std::span<const std::string_view>;

  /// \param name file name without .csv
  /// \throws Error{no_input} if the file is missing or may not be read, Error{data} if its header is none,
  ///         Error{io}
  PreviousTable(const PreviousReport& report, const std::string& name);
  ~PreviousTable();
  PreviousTable(const PreviousTable&) = delete;
  PreviousTable& operator=(const PreviousTable&) = delete;

  /// Place of a column. \throws Error{data} if there is none of that id
  [[nodiscard]] std::size_t column(std::string_view id) const;
  [[nodiscard]] std::optional<std::size_t> find_column(std::string_view id) const;

  /// Calls `take` with the cells of each line, which are valid during the call only. May be called once.
  /// \throws Error{data} for a line that cannot be read, and in the end if the file is not as it was
  /// published;
  ///         what was taken until then is to be forgotten
  void for_each_line(const std::function<void(Cells)>& take);

  /// A text cell without the guard against spreadsheets.
  [[nodiscard]] std::string_view text(std::string_view cell) const;

 private:
  struct Reading;
  std::unique_ptr<Reading> m_reading;
  std::vector<std::string> m_header;
  std::string m_published;  ///< digest; empty if unknown
  bool m_guarded = true;
};

/// A number of an earlier report: NaN if the cell is empty, or no finite number.
[[nodiscard]] double real_of(std::string_view cell);

}  // namespace coterie
