#include <array>
#include <charconv>
#include <cmath>

#include "coterie/util/csv.hpp"
#include "coterie/writer.hpp"
#include "src/report/line_buffer.hpp"

namespace coterie {
namespace {

std::string text_cell(std::string_view text, CsvStyle style) {
  return csv::cell(style == CsvStyle::guarded ? csv::guarded(text) : std::string(text));
}

struct CellText {
  std::size_t row;
  CsvStyle style;

  std::string operator()(const Column::Texts& cells) const { return text_cell(cells[row], style); }
  std::string operator()(const Column::Integers& cells) const {
    return cells[row] == Column::k_missing ? std::string() : std::to_string(cells[row]);
  }
  std::string operator()(const Column::Reals& cells) const { return shortest(cells[row]); }
};

}  // namespace

std::string shortest(double value) {
  if (!std::isfinite(value)) return {};
  std::array<char, 32> buffer;
  const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return status == std::errc() ? std::string(buffer.data(), end) : std::string();
}

void write_csv(const Table& table, CsvStyle style, const Sink& sink) {
  check(table);
  LineBuffer out(sink);
  std::string_view separator;
  for (const Column& column : table.columns) {
    out << separator << column.id;
    separator = ",";
  }
  out << "\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    separator = {};
    for (const Column& column : table.columns) {
      const std::string cell = std::visit(CellText{row, style}, column.values);
      // Readers take an empty line for no line at all.
      const bool alone = table.columns.size() == 1 && cell.empty();
      out << separator << (alone ? std::string_view("\"\"") : std::string_view(cell));
      separator = ",";
    }
    out << "\n";
  }
  out.flush();
}

}  // namespace coterie
