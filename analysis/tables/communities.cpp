#include "analysis/communities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "analysis/affiliated.hpp"
#include "analysis/kernels/links.hpp"
#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"
#include "coterie/util/text.hpp"

namespace coterie::table {
namespace {

constexpr std::size_t k_top_authors = 5;

/// Ids of columns that are made from names: PREFIX_name in snake_case, numbered where two would be equal.
class ColumnIds {
 public:
  std::string id(std::string_view prefix, std::string_view name) {
    std::string id(prefix);
    for (const char c : text::folded(name)) {
      const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (kept) {
        id += c;
      } else if (id.back() != '_') {
        id += '_';
      }
    }
    while (id.size() > prefix.size() && id.back() == '_') id.pop_back();
    std::string numbered = id;
    for (int number = 2; !m_taken.insert(numbered).second; ++number) {
      numbered = fmt::format("{}_{}", id, number);
    }
    return numbered;
  }

 private:
  std::set<std::string> m_taken;
};

/// Members of each community of at least two authors, sorted.
std::vector<std::vector<Index>> listed_communities(const Communities& found) {
  const auto listed = std::ranges::count_if(found.sizes, [](Index size) { return size > 1; });
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(listed));
  for (Index author = 0; author < found.membership.size(); ++author) {
    const std::size_t community = found.membership[author] - 1;
    if (community < members.size()) members[community].push_back(author);
  }
  return members;
}

/// The number of those authors in each community.
std::vector<std::uint64_t> counts(const Communities& found, std::size_t communities,
                                  const std::vector<Index>& authors) {
  std::vector<std::uint64_t> result(communities, 0);
  for (const Index author : authors) {
    const std::size_t community = found.membership[author] - 1;
    if (community < communities) ++result[community];
  }
  return result;
}

void add_teams(Table& table, const Corpus& corpus, const Communities& found, std::size_t communities) {
  ColumnIds ids;
  for (const std::string& team : corpus.teams) {
    std::vector<Index> located;
    for (const CorpusPerson& person : corpus.people) {
      if (person.author != k_none && std::ranges::find(person.teams, team) != person.teams.end()) {
        located.push_back(person.author);
      }
    }
    auto& cells =
        reals(table, ids.id("team_", team),
              fmt::format("share of the people of {} with works who are in it", team), "share (0..1)");
    for (const std::uint64_t count : counts(found, communities, located)) {
      cells.push_back(share(count, located.size()));
    }
  }
}

void add_institutions(Table& table, const Corpus& corpus, const Communities& found, std::size_t communities) {
  ColumnIds ids;
  for (Index i = 0; i < corpus.institutions.size(); ++i) {
    const CorpusInstitution& institution = corpus.institutions[i];
    if (institution.kind != CorpusInstitution::Kind::watched) continue;
    auto& cells = reals(table, ids.id("institution_", institution.key),
                        fmt::format("share of its authors who print {} or one below it", institution.name),
                        "share (0..1)");
    const auto affiliated = counts(found, communities, affiliated_authors(corpus, i));
    for (std::size_t c = 0; c < communities; ++c) cells.push_back(share(affiliated[c], found.sizes[c]));
  }
}

/// Distinct works of each community.
std::vector<std::int64_t> works_of(const Corpus& corpus, const std::vector<std::vector<Index>>& members) {
  std::vector<std::int64_t> result(members.size(), 0);
  std::vector<std::size_t> last(corpus.works.size(), members.size());
  for (std::size_t c = 0; c < members.size(); ++c) {
    for (const Index author : members[c]) {
      for (const Index work : corpus.works_of_author[author]) {
        if (last[work] == c) continue;
        last[work] = c;
        ++result[c];
      }
    }
  }
  return result;
}

std::string people_list(const Corpus& corpus, const std::vector<Index>& members) {
  std::vector<Index> people;
  for (const Index author : members) {
    if (corpus.authors[author].person != k_none) people.push_back(corpus.authors[author].person);
  }
  std::ranges::sort(people);
  List list;
  for (const Index person : people) list.add_key(corpus.people[person].key);
  return list.text();
}

std::string top_list(const Corpus& corpus, std::vector<Index> members, const std::vector<double>& strength) {
  const auto top = members.begin() + static_cast<std::ptrdiff_t>(std::min(k_top_authors, members.size()));
  std::partial_sort(members.begin(), top, members.end(), [&](Index a, Index b) {
    return strength[a] != strength[b] ? strength[a] > strength[b] : a < b;
  });
  List list;
  for (auto author = members.begin(); author != top; ++author) list.add_name(corpus.authors[*author].name);
  return list.text();
}

/// The numbers under which the metric shows the communities; from 1 if it was not chosen.
std::vector<std::int64_t> numbers_of(const std::vector<std::vector<Index>>& members,
                                     const Measured& measured) {
  std::vector<std::int64_t> numbers(members.size());
  std::iota(numbers.begin(), numbers.end(), 1);
  const auto metric = std::ranges::find(measured.authors, "community", &Column::id);
  if (metric == measured.authors.end()) return numbers;
  const auto& shown = std::get<Column::Integers>(metric->values);
  for (std::size_t c = 0; c < members.size(); ++c) numbers[c] = shown[members[c].front()];
  return numbers;
}

}  // namespace

Table communities(const Study& study, const Measured& measured, const MetricSettings& settings) {
  const Corpus& corpus = study.corpus;
  const Communities found = coterie::communities(study.authors, settings);
  const std::vector<std::vector<Index>> members = listed_communities(found);

  Table table{"communities", "one line per community of at least two authors", {"community"}, {}};
  std::vector<std::int64_t> numbers = numbers_of(members, measured);
  // Numbers that were carried over from an earlier report tell nothing about sizes.
  const bool carried = !std::ranges::is_sorted(numbers) ||
                       (!numbers.empty() && (numbers.front() != 1 || numbers.back() != std::ssize(numbers)));
  integers(table, "community",
           carried ? "number of the community, as in the report before"
                   : "number of the community, 1 is the largest") = std::move(numbers);
  integers(table, "size", "authors in it", "authors")
      .assign(found.sizes.begin(), found.sizes.begin() + std::ssize(members));
  integers(table, "works", "works by at least one of them, long bylines included", "works") =
      works_of(corpus, members);
  add_teams(table, corpus, found, members.size());
  add_institutions(table, corpus, found, members.size());
  auto& people = texts(table, "people", "keys of the people of the roster in it, joined by ;");
  auto& top_authors = texts(table, "top_authors", "names of the five of largest strength, joined by ;");
  const std::vector<double> strength = link_sums(study.authors, Links::weighted);
  for (const std::vector<Index>& community : members) {
    people.push_back(people_list(corpus, community));
    top_authors.push_back(top_list(corpus, community, strength));
  }
  reals(table, "stability", "mean largest overlap with a community of the other runs", "share (0..1)")
      .assign(found.stability.begin(), found.stability.begin() + std::ssize(members));
  return table;
}

}  // namespace coterie::table
