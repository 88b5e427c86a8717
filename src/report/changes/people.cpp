#include <algorithm>
#include <map>
#include <utility>

#include "src/report/changes/parts.hpp"

namespace coterie::changes {
namespace {

/// What is compared of a person.
struct Person {
  std::string name;
  std::string identity;
  std::string author_ids;
};

using Institutions = std::map<std::string, std::pair<double, std::string>, std::less<>>;

/// Keeps the institutions of a person's newest year that has any.
void keep_newest(Institutions& newest, std::string_view person, double year, std::string_view institutions) {
  auto found = newest.find(person);
  if (found == newest.end()) found = newest.emplace(std::string(person), std::pair{0.0, ""}).first;
  if (institutions.empty() || !(year > found->second.first)) return;
  found->second = {year, std::string(institutions)};
}

bool same_names(std::string_view a, std::string_view b) {
  std::vector<std::string> first = list_of(a);
  std::vector<std::string> second = list_of(b);
  std::ranges::sort(first);
  std::ranges::sort(second);
  return first == second;
}

}  // namespace

void add_configuration(const PreviousReport& before,
                       const std::vector<std::pair<std::string, std::string>>& configuration, Lines& lines) {
  std::map<std::string, std::pair<std::string, std::string>> values;
  for (const auto& [key, value] : before.configuration) values[key].first = value;
  for (const auto& [key, value] : configuration) values[key].second = canonical_json(value);
  for (auto& [key, both] : values) {
    if (both.first == both.second) continue;
    lines.push_back({.kind = kind::k_configuration, .what = key, .before = both.first, .after = both.second});
  }
}

std::set<std::string, std::less<>> add_people(const PreviousReport& before, const Tables& tables,
                                              Lines& lines) {
  PreviousTable old(before, "people");
  const std::size_t key = old.column("key");
  const std::size_t name = old.column("name");
  const std::size_t identity = old.column("identity");
  const std::size_t author_ids = old.column("author_ids");
  std::vector<std::string> order;
  std::map<std::string, Person> known;
  old.for_each_line([&](PreviousTable::Cells cells) {
    order.emplace_back(old.text(cells[key]));
    known[order.back()] = {std::string(old.text(cells[name])), std::string(old.text(cells[identity])),
                           std::string(old.text(cells[author_ids]))};
  });

  const Table& people = tables["people"];
  const Column::Texts& keys = texts(people, "key");
  const Column::Texts& names = texts(people, "name");
  const Column::Texts& identities = texts(people, "identity");
  const Column::Texts& ids = texts(people, "author_ids");
  Lines gone;
  Lines identified;
  std::set<std::string, std::less<>> present(keys.begin(), keys.end());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    const auto found = known.find(keys[row]);
    if (found == known.end()) {
      lines.push_back({.kind = kind::k_new_person, .person = keys[row], .name = names[row]});
      continue;
    }
    const auto compare = [&](const char* what, const std::string& old_cell, const std::string& new_cell) {
      if (old_cell == new_cell) return;
      identified.push_back({.kind = kind::k_identity,
                            .person = keys[row],
                            .name = names[row],
                            .what = what,
                            .before = old_cell,
                            .after = new_cell});
    };
    compare("identity", found->second.identity, identities[row]);
    compare("author_ids", found->second.author_ids, ids[row]);
  }
  std::set<std::string, std::less<>> all;
  for (const std::string& person : order) {
    if (!all.insert(person).second || present.contains(person)) continue;
    gone.push_back({.kind = kind::k_vanished_person, .person = person, .name = known[person].name});
  }
  std::ranges::move(gone, std::back_inserter(lines));
  std::ranges::move(identified, std::back_inserter(lines));
  return all;
}

void add_affiliations(const PreviousReport& before, const Tables& tables, Lines& lines) {
  PreviousTable old(before, "timeline");
  const std::size_t person = old.column("person");
  const std::size_t year = old.column("year");
  const std::size_t institutions = old.column("institutions");
  Institutions newest_before;
  old.for_each_line([&](PreviousTable::Cells cells) {
    keep_newest(newest_before, old.text(cells[person]), real_of(cells[year]), old.text(cells[institutions]));
  });

  const Table& timeline = tables["timeline"];
  const Column::Texts& persons = texts(timeline, "person");
  const Column::Integers& years = integers(timeline, "year");
  const Column::Texts& printed = texts(timeline, "institutions");
  Institutions newest;
  for (std::size_t row = 0; row < persons.size(); ++row) {
    keep_newest(newest, persons[row], static_cast<double>(years[row]), printed[row]);
  }

  const Table& people = tables["people"];
  const Column::Texts& keys = texts(people, "key");
  const Column::Texts& names = texts(people, "name");
  for (std::size_t row = 0; row < keys.size(); ++row) {
    // Whoever had no works before is told as such, by the works.
    const auto told = newest_before.find(keys[row]);
    if (told == newest_before.end()) continue;
    const auto now = newest.find(keys[row]);
    const std::string after = now == newest.end() ? std::string() : now->second.second;
    if (same_names(told->second.second, after)) continue;
    lines.push_back({.kind = kind::k_affiliation,
                     .person = keys[row],
                     .name = names[row],
                     .what = "institutions",
                     .before = told->second.second,
                     .after = after});
  }
}

}  // namespace coterie::changes
