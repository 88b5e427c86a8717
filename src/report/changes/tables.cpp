#include <fmt/format.h>

#include <algorithm>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "coterie/writer.hpp"
#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

const Column& column(const Table& table, std::string_view id) {
  if (const Column* found = table.column(id)) return *found;
  throw Error(ErrorKind::bug, fmt::format("table '{}' has no column '{}' to compare", table.name, id));
}

}  // namespace

const Table& Tables::operator[](std::string_view name) const {
  const auto found = std::ranges::find(m_tables, name, &Table::name);
  if (found == m_tables.end()) throw Error(ErrorKind::bug, fmt::format("no table '{}' to compare", name));
  return *found;
}

const Column::Texts& texts(const Table& table, std::string_view id) {
  return std::get<Column::Texts>(column(table, id).values);
}

const Column::Integers& integers(const Table& table, std::string_view id) {
  return std::get<Column::Integers>(column(table, id).values);
}

std::string cell_text(const Column& column, std::size_t row) {
  if (const auto* text = std::get_if<Column::Texts>(&column.values)) return (*text)[row];
  if (const auto* real = std::get_if<Column::Reals>(&column.values)) return shortest((*real)[row]);
  const std::int64_t value = std::get<Column::Integers>(column.values)[row];
  return value == Column::k_missing ? std::string() : std::to_string(value);
}

std::vector<std::string> list_of(std::string_view cell) { return text::split(cell, ';'); }

}  // namespace coterie::changes
