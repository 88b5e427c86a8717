#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/changes.hpp"
#include "coterie/table.hpp"
#include "src/report/previous_table.hpp"

/// The parts of a comparison: each appends the lines of its kinds, in their final order. Each throws Error if
/// its file of the earlier report cannot be read; what it had appended is then to be forgotten.
namespace coterie::changes {

/// A line of changes.csv.
struct Change {
  std::string_view kind;
  std::string person = {};
  std::string key = {};
  std::string name = {};
  std::string what = {};
  std::string before = {};
  std::string after = {};
  double change = std::numeric_limits<double>::quiet_NaN();
  double relative = std::numeric_limits<double>::quiet_NaN();
  std::int64_t rank_before = Column::k_missing;
  std::int64_t rank_after = Column::k_missing;
};

namespace kind {
inline constexpr std::string_view k_not_compared = "not_compared";
inline constexpr std::string_view k_configuration = "configuration";
inline constexpr std::string_view k_new_person = "new_person";
inline constexpr std::string_view k_vanished_person = "vanished_person";
inline constexpr std::string_view k_identity = "identity";
inline constexpr std::string_view k_new_work = "new_work";
inline constexpr std::string_view k_vanished_work = "vanished_work";
inline constexpr std::string_view k_merged_work = "merged_work";
inline constexpr std::string_view k_changed_work = "changed_work";
inline constexpr std::string_view k_new_coauthor = "new_coauthor";
inline constexpr std::string_view k_affiliation = "affiliation";
inline constexpr std::string_view k_metric = "metric";
inline constexpr std::string_view k_community = "community";
}  // namespace kind

using Lines = std::vector<Change>;

/// The tables of the new report.
class Tables {
 public:
  explicit Tables(std::span<const Table> tables) : m_tables(tables) {}
  /// \throws Error{bug} if there is none of that name
  [[nodiscard]] const Table& operator[](std::string_view name) const;

 private:
  std::span<const Table> m_tables;
};

/// Cells of a column of texts, or of whole numbers. \throws Error{bug} if the table has no such column
[[nodiscard]] const Column::Texts& texts(const Table& table, std::string_view id);
[[nodiscard]] const Column::Integers& integers(const Table& table, std::string_view id);
/// A cell as it is written, without guard.
[[nodiscard]] std::string cell_text(const Column& column, std::size_t row);
/// The parts of a cell that holds a list.
[[nodiscard]] std::vector<std::string> list_of(std::string_view cell);

/// Configuration keys whose value differs.
void add_configuration(const PreviousReport& before,
                       const std::vector<std::pair<std::string, std::string>>& configuration, Lines& lines);

/// People who are new or gone, and whose author ids differ. \return keys of the people of the earlier report
std::set<std::string, std::less<>> add_people(const PreviousReport& before, const Tables& tables,
                                              Lines& lines);

/// Works that are new, gone, merged or changed. Works are the same if their keys are equal or, where a key is
/// unknown to the other report, if they share an identifier.
void add_works(const PreviousReport& before, const Tables& tables, Lines& lines);

/// New co-authors of people. Authors whose key changed are followed by their author ids.
/// \param known people of the earlier report; nullopt if unknown. Co-authors of others are not told
void add_coauthors(const PreviousReport& before, const Tables& tables,
                   const std::optional<std::set<std::string, std::less<>>>& known, Lines& lines);

/// People whose newest year with an institution prints other ones.
void add_affiliations(const PreviousReport& before, const Tables& tables, Lines& lines);

/// People whose metrics moved most, then those whose community has another number.
void add_metrics(const PreviousReport& before, const Tables& tables, std::span<const std::string> metrics,
                 Lines& lines);

/// The changes in a few lines.
[[nodiscard]] std::vector<std::string> summary_of(const Lines& lines, const RunManifest::Comparison& told,
                                                  const Tables& tables);

}  // namespace coterie::changes
