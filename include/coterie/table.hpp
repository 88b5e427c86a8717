#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coterie {

/// A typed column. Its id is a public format: reports, scripts and the data package refer to it.
///
/// Missing numbers are std::nullopt-like: NaN in a column of reals, `k_missing` in a column of integers; they
/// are written as an empty cell.
struct Column {
  using Reals = std::vector<double>;
  using Integers = std::vector<std::int64_t>;
  using Texts = std::vector<std::string>;

  static constexpr std::int64_t k_missing = INT64_MIN;

  std::string id;     ///< snake_case
  std::string label;  ///< for people: what it is, in a few words
  std::string unit;   ///< works, authors, years, share (0..1), ...; empty if it has none

  /// One of the three. A copy that runs out of memory leaves nothing behind, which std::variant's own copy
  /// does not keep to in the C++ library of GCC 12: it destroys what was never made.
  struct Values : std::variant<Texts, Integers, Reals> {
    using Variant = std::variant<Texts, Integers, Reals>;
    using Variant::variant;
    Values() = default;
    Values(const Values& other) : Variant(copied(other)) {}
    Values(Values&&) noexcept = default;
    Values& operator=(const Values& other) { return *this = Values(other); }
    Values& operator=(Values&&) noexcept = default;
    ~Values() = default;

   private:
    static Variant copied(const Variant& other) {
      return std::visit(
          [](const auto& cells) {
            auto copy = cells;
            return Variant(std::move(copy));
          },
          other);
    }
  };
  Values values;

  [[nodiscard]] std::size_t size() const;
};

/// Columns of equal length with a name: one CSV file of a report.
struct Table {
  std::string name;              ///< file name without .csv
  std::string title;             ///< one sentence: one line per what
  std::vector<std::string> key;  ///< ids of the columns that identify a line
  std::deque<Column> columns;    ///< a deque, so that a column stays where it is while others are added

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The column with that id, or nullptr.
  [[nodiscard]] const Column* column(std::string_view id) const;

  /// Appends and returns an empty column of the given type; the reference stays valid.
  Column& add_text(std::string id, std::string label, std::string unit = "");
  Column& add_integer(std::string id, std::string label, std::string unit = "");
  Column& add_real(std::string id, std::string label, std::string unit = "");
};

/// \throws Error{bug} if columns differ in length, an id is repeated or no snake_case, or a key column is
/// absent
void check(const Table& table);

}  // namespace coterie
