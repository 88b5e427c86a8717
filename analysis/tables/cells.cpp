#include "analysis/tables/cells.hpp"

#include <limits>
#include <type_traits>
#include <utility>

namespace coterie {
namespace {

template <typename Cells>
typename Cells::value_type missing() {
  if constexpr (std::is_same_v<Cells, Column::Reals>) return std::numeric_limits<double>::quiet_NaN();
  if constexpr (std::is_same_v<Cells, Column::Integers>) return Column::k_missing;
  return {};
}

}  // namespace

Column::Texts& texts(Table& table, std::string id, std::string label, std::string unit) {
  return std::get<Column::Texts>(table.add_text(std::move(id), std::move(label), std::move(unit)).values);
}

Column::Integers& integers(Table& table, std::string id, std::string label, std::string unit) {
  return std::get<Column::Integers>(
      table.add_integer(std::move(id), std::move(label), std::move(unit)).values);
}

Column::Reals& reals(Table& table, std::string id, std::string label, std::string unit) {
  return std::get<Column::Reals>(table.add_real(std::move(id), std::move(label), std::move(unit)).values);
}

double share(std::uint64_t part, std::uint64_t total) {
  if (total == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(part) / static_cast<double>(total);
}

void List::add(std::string_view part, std::string_view semicolon) {
  if (m_started) m_text += ';';
  m_started = true;
  for (const char c : part) {
    if (c == ';') {
      m_text += semicolon;
    } else {
      m_text += c;
    }
  }
}

std::string key_list(std::span<const std::string> keys) {
  List list;
  for (const std::string& key : keys) list.add_key(key);
  return list.text();
}

void add_metrics(Table& table, std::span<const Column> metrics, std::span<const Index> vertices) {
  for (const Column& metric : metrics) {
    std::visit(
        [&](const auto& values) {
          using Cells = std::decay_t<decltype(values)>;
          Cells cells;
          cells.reserve(vertices.size());
          for (const Index v : vertices) cells.push_back(v == k_none ? missing<Cells>() : values[v]);
          table.columns.push_back({metric.id, metric.label, metric.unit, std::move(cells)});
        },
        metric.values);
  }
}

}  // namespace coterie
