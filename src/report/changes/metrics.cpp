#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "coterie/writer.hpp"
#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

/// Differences up to this share of the value come from the order of a sum.
constexpr double k_noise = 1e-9;

/// The values of one metric in one report.
struct Values {
  std::vector<double> rising;                 ///< of all authors who have one
  std::map<std::size_t, double> of_person{};  ///< row of people.csv -> value

  void add(double value, std::optional<std::size_t> person) {
    if (std::isnan(value)) return;
    rising.push_back(value);
    if (person) of_person.emplace(*person, value);
  }
  /// 1 for the largest; equal values have equal ranks.
  [[nodiscard]] std::int64_t rank(double value) const {
    return rising.end() - std::ranges::upper_bound(rising, value) + 1;
  }
};

double number(const Column& column, std::size_t row) {
  if (const auto* real = std::get_if<Column::Reals>(&column.values)) return (*real)[row];
  if (const auto* whole = std::get_if<Column::Integers>(&column.values)) {
    if ((*whole)[row] != Column::k_missing) return static_cast<double>((*whole)[row]);
  }
  return std::nan("");
}

class Roster {
 public:
  explicit Roster(const Table& people) : m_keys(texts(people, "key")), m_names(texts(people, "name")) {
    for (std::size_t row = 0; row < m_keys.size(); ++row) m_row.emplace(m_keys[row], row);
  }
  [[nodiscard]] std::optional<std::size_t> row(std::string_view key) const {
    const auto found = m_row.find(key);
    return found == m_row.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] Change line(std::string_view kind, std::size_t row, const std::string& what) const {
    return {.kind = kind, .person = m_keys[row], .name = m_names[row], .what = what};
  }

 private:
  const Column::Texts& m_keys;
  const Column::Texts& m_names;
  std::unordered_map<std::string_view, std::size_t> m_row;
};

/// Lines of those who moved most by one metric.
void add_movers(const Roster& roster, const std::string& metric, const Values& old, const Values& now,
                Lines& lines) {
  std::vector<std::pair<double, std::size_t>> moved;  // -|change|, person: sorted as they are told
  for (const auto& [person, value] : now.of_person) {
    const auto before = old.of_person.find(person);
    if (before == old.of_person.end()) continue;
    const double change = std::abs(value - before->second);
    if (change > k_noise * std::max(std::abs(value), std::abs(before->second)))
      moved.emplace_back(-change, person);
  }
  std::ranges::sort(moved);
  if (moved.size() > k_told_per_metric) moved.resize(k_told_per_metric);
  for (const auto& [change, person] : moved) {
    const double before = old.of_person.at(person);
    const double after = now.of_person.at(person);
    Change line = roster.line(kind::k_metric, person, metric);
    line.before = shortest(before);
    line.after = shortest(after);
    line.change = after - before;
    if (before != 0.0) line.relative = (after - before) / std::abs(before);
    line.rank_before = old.rank(before);
    line.rank_after = now.rank(after);
    lines.push_back(std::move(line));
  }
}

/// The columns of the new report that are compared: metrics, and the community if it was measured.
struct Compared {
  std::vector<std::string> metrics;
  std::vector<Values> values;
  std::map<std::size_t, std::string> community;  ///< row of people.csv -> number
};

Compared measured_now(const Table& authors, const Roster& roster, std::span<const std::string> metrics) {
  Compared now;
  const Column::Texts& persons = texts(authors, "person");
  const auto person = [&](std::size_t row) {
    return persons[row].empty() ? std::nullopt : roster.row(persons[row]);
  };
  for (const std::string& metric : metrics) {
    const Column* column = authors.column(metric);
    if (column == nullptr) continue;
    now.metrics.push_back(metric);
    Values& values = now.values.emplace_back();
    for (std::size_t row = 0; row < authors.rows(); ++row) values.add(number(*column, row), person(row));
    std::ranges::sort(values.rising);
  }
  if (const Column* column = authors.column("community")) {
    for (std::size_t row = 0; row < authors.rows(); ++row) {
      if (const auto found = person(row)) now.community.emplace(*found, cell_text(*column, row));
    }
  }
  return now;
}

Compared measured_before(const PreviousReport& before, const Roster& roster, const Compared& now) {
  PreviousTable old(before, "authors");
  const std::size_t person = old.column("person");
  const auto community = old.find_column("community");
  std::vector<std::pair<std::size_t, std::size_t>> columns;  // place in the file, place in `now`
  for (std::size_t i = 0; i < now.metrics.size(); ++i) {
    if (const auto place = old.find_column(now.metrics[i])) columns.emplace_back(*place, i);
  }
  Compared result;
  result.metrics = now.metrics;
  result.values.resize(now.metrics.size());
  old.for_each_line([&](PreviousTable::Cells cells) {
    const auto row = cells[person].empty() ? std::nullopt : roster.row(old.text(cells[person]));
    for (const auto& [place, i] : columns) result.values[i].add(real_of(cells[place]), row);
    if (community && row) result.community.emplace(*row, cells[*community]);
  });
  for (Values& values : result.values) std::ranges::sort(values.rising);
  return result;
}

}  // namespace

void add_metrics(const PreviousReport& before, const Tables& tables, std::span<const std::string> metrics,
                 Lines& lines) {
  const Roster roster(tables["people"]);
  const Compared now = measured_now(tables["authors"], roster, metrics);
  const Compared old = measured_before(before, roster, now);
  for (std::size_t i = 0; i < now.metrics.size(); ++i) {
    add_movers(roster, now.metrics[i], old.values[i], now.values[i], lines);
  }
  for (const auto& [person, label] : now.community) {
    const auto was = old.community.find(person);
    if (was == old.community.end() || was->second == label) continue;
    Change line = roster.line(kind::k_community, person, "community");
    line.before = was->second;
    line.after = label;
    lines.push_back(std::move(line));
  }
}

}  // namespace coterie::changes
