#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

/// What makes a work another one to its readers; the rest of its line changes with every whim of a source.
constexpr std::array<std::string_view, 8> k_compared{"doi",  "year",    "title",  "venue",
                                                     "type", "authors", "people", "vanished"};
constexpr std::size_t k_year = 1;
constexpr std::size_t k_title = 2;
constexpr std::size_t k_people = 6;
constexpr std::size_t k_vanished = 7;

/// Columns with the identifiers of a work, and the scheme they have in keys.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> k_identifiers{
    {{"doi", "doi:"}, {"arxiv", "arxiv:"}, {"openalex", "openalex:"}}};

/// A work of the earlier report whose key the new one lacks.
struct Missing {
  std::string key;
  std::string title;
  std::string year;
  std::string people;
  std::vector<std::string> ids;
  std::vector<std::string> compared;
};

/// The works of the new report.
class NewWorks {
 public:
  explicit NewWorks(const Table& table)
      : m_table(table),
        m_key(texts(table, "key")),
        m_title(texts(table, "title")),
        m_people(texts(table, "people")),
        m_year(*table.column("year")),
        m_seen(m_key.size(), false) {
    for (const std::string_view id : k_compared) m_compared.push_back(table.column(id));
    for (std::size_t row = 0; row < m_key.size(); ++row) m_row.emplace(m_key[row], row);
  }

  /// Row of the work with that key, and marks it as known.
  std::optional<std::size_t> take(std::string_view key) {
    const auto found = m_row.find(key);
    if (found == m_row.end()) return std::nullopt;
    m_seen[found->second] = true;
    return found->second;
  }

  [[nodiscard]] bool seen(std::size_t row) const { return m_seen[row]; }
  [[nodiscard]] const std::string& key(std::size_t row) const { return m_key[row]; }

  /// The first work with one of those identifiers.
  std::optional<std::size_t> with_identifier(const std::vector<std::string>& ids) {
    if (m_row_of_id.empty()) index_identifiers();
    for (const std::string& id : ids) {
      const auto found = m_row_of_id.find(id);
      if (found != m_row_of_id.end()) return found->second;
    }
    return std::nullopt;
  }

  void add_new(Lines& lines) const {
    for (std::size_t row = 0; row < m_key.size(); ++row) {
      if (m_seen[row]) continue;
      lines.push_back({.kind = kind::k_new_work,
                       .person = m_people[row],
                       .key = m_key[row],
                       .name = m_title[row],
                       .what = "year",
                       .after = cell_text(m_year, row)});
    }
  }

  /// Appends a line per compared column that differs; that no source has the work any more is a line of its
  /// own kind. \param old in the order of k_compared
  template <typename Cells>
  void add_changed(std::size_t row, const Cells& old, Lines& gone, Lines& changed) const {
    for (std::size_t i = 0; i < k_compared.size(); ++i) {
      std::string now = cell_text(*m_compared[i], row);
      if (old[i] == now) continue;
      const bool vanished = i == k_vanished && old[i].empty();
      Lines& lines = vanished ? gone : changed;
      lines.push_back({.kind = vanished ? kind::k_vanished_work : kind::k_changed_work,
                       .person = m_people[row],
                       .key = m_key[row],
                       .name = m_title[row],
                       .what = std::string(k_compared[i]),
                       .before = std::string(old[i]),
                       .after = std::move(now)});
    }
  }

 private:
  const Table& m_table;
  const Column::Texts& m_key;
  const Column::Texts& m_title;
  const Column::Texts& m_people;
  const Column& m_year;
  std::vector<const Column*> m_compared;
  std::vector<bool> m_seen;
  std::unordered_map<std::string_view, std::size_t> m_row;
  std::unordered_map<std::string, std::size_t> m_row_of_id;

  void index_identifiers() {
    const Column::Texts& others = texts(m_table, "other_ids");
    for (std::size_t row = 0; row < m_key.size(); ++row) {
      m_row_of_id.emplace(m_key[row], row);
      for (const auto& [id, scheme] : k_identifiers) {
        const std::string& cell = texts(m_table, id)[row];
        if (!cell.empty()) m_row_of_id.emplace(std::string(scheme) + cell, row);
      }
      for (std::string& other : list_of(others[row])) m_row_of_id.emplace(std::move(other), row);
    }
  }
};

/// The works of the earlier report: calls `take` with a function that gives a column's text.
class OldWorks {
 public:
  explicit OldWorks(const PreviousReport& before)
      : m_table(before, "works"), m_key(m_table.column("key")), m_others(m_table.column("other_ids")) {
    for (const std::string_view id : k_compared) m_compared.push_back(m_table.column(id));
    for (const auto& [id, scheme] : k_identifiers) m_identifiers.push_back(m_table.column(id));
  }

  /// Compares each work with the one of the same key, and gives back those without.
  std::vector<Missing> compare(NewWorks& works, Lines& gone, Lines& changed) {
    std::vector<Missing> missing;
    std::array<std::string_view, k_compared.size()> old;
    m_table.for_each_line([&](PreviousTable::Cells cells) {
      const std::string_view key = m_table.text(cells[m_key]);
      for (std::size_t i = 0; i < old.size(); ++i) old[i] = m_table.text(cells[m_compared[i]]);
      if (const auto row = works.take(key)) {
        works.add_changed(*row, old, gone, changed);
      } else {
        missing.push_back({std::string(key),
                           std::string(old[k_title]),
                           std::string(old[k_year]),
                           std::string(old[k_people]),
                           identifiers(key, cells),
                           {old.begin(), old.end()}});
      }
    });
    return missing;
  }

 private:
  PreviousTable m_table;
  std::size_t m_key;
  std::size_t m_others;
  std::vector<std::size_t> m_compared;
  std::vector<std::size_t> m_identifiers;

  std::vector<std::string> identifiers(std::string_view key, PreviousTable::Cells cells) const {
    std::vector<std::string> ids{std::string(key)};
    for (std::size_t i = 0; i < k_identifiers.size(); ++i) {
      const std::string_view cell = m_table.text(cells[m_identifiers[i]]);
      if (!cell.empty()) ids.push_back(std::string(k_identifiers[i].second).append(cell));
    }
    std::ranges::move(list_of(m_table.text(cells[m_others])), std::back_inserter(ids));
    return ids;
  }
};

}  // namespace

void add_works(const PreviousReport& before, const Tables& tables, Lines& lines) {
  NewWorks works(tables["works"]);
  Lines gone;
  Lines merged;
  Lines changed;
  for (const Missing& old : OldWorks(before).compare(works, gone, changed)) {
    const auto row = works.with_identifier(old.ids);
    const auto told = [&](std::string_view kind, std::string what, std::string from, std::string to) {
      return Change{.kind = kind,
                    .person = old.people,
                    .key = old.key,
                    .name = old.title,
                    .what = std::move(what),
                    .before = std::move(from),
                    .after = std::move(to)};
    };
    if (!row) {
      gone.push_back(told(kind::k_vanished_work, "year", old.year, ""));
    } else if (works.seen(*row)) {
      merged.push_back(told(kind::k_merged_work, "key", old.key, works.key(*row)));
    } else {
      works.take(works.key(*row));
      changed.push_back(told(kind::k_changed_work, "key", old.key, works.key(*row)));
      changed.back().key = works.key(*row);
      works.add_changed(*row, old.compared, gone, changed);
    }
  }
  works.add_new(lines);
  for (Lines* part : {&gone, &merged, &changed}) std::ranges::move(*part, std::back_inserter(lines));
}

}  // namespace coterie::changes
