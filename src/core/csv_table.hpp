#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/util/csv.hpp"

namespace coterie {

/// A CSV file of a study whose header names its columns.
class CsvTable {
 public:
  /// \param columns every column the file may have
  /// \param required columns without which it makes no sense
  /// \throws Error{configuration} naming file and line: unknown (with the nearest known), repeated or missing
  /// column, a
  ///         line with more cells than the header
  CsvTable(std::string file, std::vector<csv::Record> records, std::span<const std::string> columns,
           std::span<const std::string> required);

  /// A line of the file under its header.
  class Line {
   public:
    Line(const CsvTable& table, const csv::Record& record) : m_table(table), m_record(record) {}
    /// The trimmed cell; empty if the file has no such column or the line ends before it.
    [[nodiscard]] std::string cell(std::string_view column) const;
    /// The `;`-joined cell as a list.
    [[nodiscard]] std::vector<std::string> list(std::string_view column) const;
    [[nodiscard]] std::size_t number() const { return m_record.line; }
    /// `people.csv, line 12`
    [[nodiscard]] std::string place() const;

   private:
    const CsvTable& m_table;
    const csv::Record& m_record;
  };

  [[nodiscard]] std::vector<Line> lines() const;

 private:
  std::string m_file;
  std::vector<csv::Record> m_records;  // without the header
  std::map<std::string, std::size_t, std::less<>> m_columns;
};

/// Records of a CSV file of a study. \throws Error{configuration} naming the file
[[nodiscard]] std::vector<csv::Record> read_csv(const std::filesystem::path& path);

}  // namespace coterie
