#include "coterie/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "coterie/error.hpp"

namespace coterie {
namespace {

bool is_snake_case(std::string_view id) {
  return !id.empty() && id.front() >= 'a' && id.front() <= 'z' &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& cells) { return cells.size(); }, values);
}

const Column* Table::column(std::string_view id) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.id == id; });
  return found == columns.end() ? nullptr : &*found;
}

Column& Table::add_text(std::string id, std::string label, std::string unit) {
  return columns.emplace_back(Column{std::move(id), std::move(label), std::move(unit), Column::Texts{}});
}

Column& Table::add_integer(std::string id, std::string label, std::string unit) {
  return columns.emplace_back(Column{std::move(id), std::move(label), std::move(unit), Column::Integers{}});
}

Column& Table::add_real(std::string id, std::string label, std::string unit) {
  return columns.emplace_back(Column{std::move(id), std::move(label), std::move(unit), Column::Reals{}});
}

void check(const Table& table) {
  std::set<std::string_view> seen;
  for (const Column& column : table.columns) {
    if (!is_snake_case(column.id)) {
      throw Error(ErrorKind::bug,
                  fmt::format("table '{}': column id '{}' is not snake_case", table.name, column.id));
    }
    if (!seen.insert(column.id).second) {
      throw Error(ErrorKind::bug, fmt::format("table '{}': column '{}' stands twice", table.name, column.id));
    }
    if (column.size() != table.rows()) {
      throw Error(ErrorKind::bug, fmt::format("table '{}': column '{}' has {} cells, the first column {}",
                                              table.name, column.id, column.size(), table.rows()));
    }
  }
  for (const std::string& id : table.key) {
    if (!seen.contains(id)) {
      throw Error(ErrorKind::bug, fmt::format("table '{}': there is no key column '{}'", table.name, id));
    }
  }
}

}  // namespace coterie
