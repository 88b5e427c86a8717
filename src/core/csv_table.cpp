#include "src/core/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"

namespace coterie {

CsvTable::CsvTable(std::string file, std::vector<csv::Record> records, std::span<const std::string> columns,
                   std::span<const std::string> required)
    : m_file(std::move(file)), m_records(std::move(records)) {
  if (m_records.empty()) {
    throw Error(ErrorKind::configuration, fmt::format("{}: is empty; its first line names the columns: {}",
                                                      m_file, text::join(columns, ",")));
  }
  const csv::Record header = m_records.front();
  m_records.erase(m_records.begin());
  const std::string place = fmt::format("{}, line {}", m_file, header.line);
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = text::lower(text::trimmed(header.cells[i]));
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      const auto near = text::nearest(name, columns);
      throw Error(
          ErrorKind::configuration,
          fmt::format("{}: unknown column '{}'{} (known: {})", place, name,
                      near ? fmt::format(", did you mean '{}'?", *near) : "", text::join(columns, ", ")));
    }
    if (!m_columns.emplace(name, i).second) {
      throw Error(ErrorKind::configuration, fmt::format("{}: column '{}' stands twice", place, name));
    }
  }
  for (const std::string& name : required) {
    if (!m_columns.contains(name)) {
      throw Error(ErrorKind::configuration, fmt::format("{}: there is no column '{}'", place, name));
    }
  }
  for (const csv::Record& record : m_records) {
    if (record.cells.size() > header.cells.size()) {
      throw Error(
          ErrorKind::configuration,
          fmt::format("{}, line {}: {} cells, but the header names {} columns (a comma inside a cell needs "
                      "quotes around the cell)",
                      m_file, record.line, record.cells.size(), header.cells.size()));
    }
  }
}

std::vector<CsvTable::Line> CsvTable::lines() const {
  std::vector<Line> lines;
  for (const csv::Record& record : m_records) {
    // A line of nothing but commas is what spreadsheets leave behind.
    const bool blank = std::all_of(record.cells.begin(), record.cells.end(),
                                   [](const std::string& cell) { return text::trimmed(cell).empty(); });
    if (!blank) lines.emplace_back(*this, record);
  }
  return lines;
}

std::string CsvTable::Line::cell(std::string_view column) const {
  const auto found = m_table.m_columns.find(column);
  if (found == m_table.m_columns.end() || found->second >= m_record.cells.size()) return {};
  return std::string(text::trimmed(m_record.cells[found->second]));
}

std::vector<std::string> CsvTable::Line::list(std::string_view column) const {
  return text::split(cell(column), ';');
}

std::string CsvTable::Line::place() const {
  return fmt::format("{}, line {}", m_table.m_file, m_record.line);
}

std::vector<csv::Record> read_csv(const std::filesystem::path& path) {
  try {
    return csv::parse(read_file(path, 256U << 20));
  } catch (const Error& error) {
    throw error.within(path.filename().string());
  }
}

}  // namespace coterie
