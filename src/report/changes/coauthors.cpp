#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

constexpr std::uint32_t k_nobody = UINT32_MAX;

/// The authors of the new report by key; authors of the earlier one whose key is gone by their author ids.
class Authors {
 public:
  Authors(const PreviousReport& before, const Table& table) : m_ids(texts(table, "author_ids")) {
    const Column::Texts& keys = texts(table, "key");
    for (std::size_t row = 0; row < keys.size(); ++row)
      m_row.emplace(keys[row], static_cast<std::uint32_t>(row));
    PreviousTable old(before, "authors");
    const std::size_t key = old.column("key");
    const auto ids = old.find_column("author_ids");
    old.for_each_line([&](PreviousTable::Cells cells) {
      const std::string_view old_key = old.text(cells[key]);
      if (ids && !m_row.contains(old_key)) follow(old_key, old.text(cells[*ids]));
    });
  }

  /// Row in the new report, k_nobody if the author is not there.
  [[nodiscard]] std::uint32_t row(std::string_view key) const {
    if (const auto found = m_row.find(key); found != m_row.end()) return found->second;
    if (m_followed.empty()) return k_nobody;
    const auto followed = m_followed.find(std::string(key));
    return followed == m_followed.end() ? k_nobody : followed->second;
  }

 private:
  const Column::Texts& m_ids;
  std::unordered_map<std::string_view, std::uint32_t> m_row;
  std::unordered_map<std::string, std::uint32_t> m_row_of_id;
  std::unordered_map<std::string, std::uint32_t> m_followed;

  void follow(std::string_view key, std::string_view ids) {
    if (m_row_of_id.empty()) {
      for (std::size_t row = 0; row < m_ids.size(); ++row) {
        for (std::string& id : list_of(m_ids[row]))
          m_row_of_id.emplace(std::move(id), static_cast<std::uint32_t>(row));
      }
    }
    for (const std::string& id : list_of(ids)) {
      const auto found = m_row_of_id.find(id);
      if (found == m_row_of_id.end()) continue;
      m_followed.emplace(key, found->second);
      return;
    }
  }
};

std::uint64_t pair_of(std::uint32_t a, std::uint32_t b) {
  const auto [low, high] = std::minmax(a, b);
  return (std::uint64_t{low} << 32U) | high;
}

/// A co-author of a person: places of both, to be told in order of the roster, then of the co-author's key.
struct Told {
  std::size_t person;  ///< row of people.csv
  std::string_view coauthor;
  std::string_view name;
  std::size_t pair;  ///< row of pairs.csv

  bool operator<(const Told& other) const {
    return std::tie(person, coauthor) < std::tie(other.person, other.coauthor);
  }
};

}  // namespace

void add_coauthors(const PreviousReport& before, const Tables& tables,
                   const std::optional<std::set<std::string, std::less<>>>& known, Lines& lines) {
  const Table& people = tables["people"];
  const Column::Texts& people_keys = texts(people, "key");
  const Column::Texts& people_authors = texts(people, "author");
  std::unordered_map<std::string_view, std::size_t> person_of;
  for (std::size_t row = 0; row < people_keys.size(); ++row) {
    if (!people_authors[row].empty()) person_of.emplace(people_authors[row], row);
  }

  const Authors authors(before, tables["authors"]);
  const Table& pairs = tables["pairs"];
  const Column::Texts& a = texts(pairs, "author_a");
  const Column::Texts& b = texts(pairs, "author_b");
  std::unordered_map<std::uint64_t, std::size_t> unseen;  // pairs with a person -> row
  for (std::size_t row = 0; row < a.size(); ++row) {
    if (person_of.contains(a[row]) || person_of.contains(b[row]))
      unseen.emplace(pair_of(authors.row(a[row]), authors.row(b[row])), row);
  }
  PreviousTable old(before, "pairs");
  const std::size_t old_a = old.column("author_a");
  const std::size_t old_b = old.column("author_b");
  old.for_each_line([&](PreviousTable::Cells cells) {
    const std::uint32_t first = authors.row(old.text(cells[old_a]));
    const std::uint32_t second = authors.row(old.text(cells[old_b]));
    if (first != k_nobody && second != k_nobody) unseen.erase(pair_of(first, second));
  });

  const Column::Texts& name_a = texts(pairs, "name_a");
  const Column::Texts& name_b = texts(pairs, "name_b");
  std::vector<Told> told;
  const auto tell = [&](const std::string& author, std::string_view coauthor, std::string_view name,
                        std::size_t row) {
    const auto person = person_of.find(author);
    if (person == person_of.end() || (known && !known->contains(people_keys[person->second]))) return;
    told.push_back({person->second, coauthor, name, row});
  };
  for (const auto& [pair, row] : unseen) {
    tell(a[row], b[row], name_b[row], row);
    tell(b[row], a[row], name_a[row], row);
  }
  std::ranges::sort(told, std::less());
  const Column::Texts& works = texts(pairs, "works");
  const Column::Integers& joint = integers(pairs, "joint_works");
  for (const Told& line : told) {
    const std::string& list = works[line.pair];
    lines.push_back({.kind = kind::k_new_coauthor,
                     .person = people_keys[line.person],
                     .key = std::string(line.coauthor),
                     .name = std::string(line.name),
                     .what = "first_work",
                     .after = list.substr(0, list.find(';')),
                     .change = static_cast<double>(joint[line.pair])});
  }
}

}  // namespace coterie::changes
