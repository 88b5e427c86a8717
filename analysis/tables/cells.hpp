#pragma once

#include <span>
#include <string>
#include <string_view>

#include "coterie/corpus.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// Appends a column and returns its cells; the reference stays valid while further columns are added.
Column::Texts& texts(Table& table, std::string id, std::string label, std::string unit = "");
Column::Integers& integers(Table& table, std::string id, std::string label, std::string unit = "");
Column::Reals& reals(Table& table, std::string id, std::string label, std::string unit = "");

/// A number as it stands in a column of integers.
template <typename Number>
[[nodiscard]] std::int64_t whole(Number number) {
  return static_cast<std::int64_t>(number);
}

/// A year as a cell: 0, the unknown year, is missing.
[[nodiscard]] inline std::int64_t year_cell(int year) { return year == 0 ? Column::k_missing : year; }

/// Quotient of two counts, NaN (missing) if the second is 0.
[[nodiscard]] double share(std::uint64_t part, std::uint64_t total);

/// A cell that holds a list joined by `;`. Its parts never hold one: in names `;` becomes `,`, in keys and
/// identifiers `%3B`, from which they can be had back.
class List {
 public:
  void add_name(std::string_view name) { add(name, ","); }
  void add_key(std::string_view key) { add(key, "%3B"); }
  [[nodiscard]] const std::string& text() const { return m_text; }

 private:
  void add(std::string_view part, std::string_view semicolon);

  std::string m_text;
  bool m_started = false;
};

/// The keys or identifiers as a list.
[[nodiscard]] std::string key_list(std::span<const std::string> keys);

/// Appends the metric columns with the value of each line's vertex, missing where the vertex is k_none.
void add_metrics(Table& table, std::span<const Column> metrics, std::span<const Index> vertices);

}  // namespace coterie
