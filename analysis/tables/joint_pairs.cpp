#include "analysis/tables/joint_pairs.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "analysis/tables/cells.hpp"
#include "analysis/works.hpp"

namespace coterie {
namespace {

/// The pairs in order of falling joint works; the order among equals stays.
JointPairs ordered(const JointPairs& found) {
  std::vector<std::size_t> order(found.pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t pair) { return found.works[pair].size(); });
  JointPairs result;
  result.pairs.reserve(found.pairs.size());
  result.works.offsets.reserve(found.works.offsets.size());
  result.works.values.reserve(found.works.values.size());
  for (const std::size_t pair : order) {
    result.pairs.push_back(found.pairs[pair]);
    const auto works = found.works[pair];
    result.works.values.insert(result.works.values.end(), works.begin(), works.end());
    result.works.end_row();
  }
  return result;
}

/// \param partners (author, work) -> the authors of the work with whom the author makes a pair, or none
template <typename Partners>
JointPairs joint_pairs(const Corpus& corpus, const Partners& partners) {
  JointPairs found;
  std::vector<std::pair<Index, Index>> met;
  for (Index a = 0; a < corpus.authors.size(); ++a) {
    met.clear();
    for (const Index work : corpus.works_of_author[a]) {
      for (const Index b : partners(a, work)) {
        if (b > a) met.emplace_back(b, work);
      }
    }
    std::ranges::sort(met);
    for (std::size_t i = 0; i < met.size(); ++i) {
      if (i == 0 || met[i].first != met[i - 1].first) {
        if (i != 0) found.works.end_row();
        found.pairs.push_back({a, met[i].first});
      }
      found.works.values.push_back(met[i].second);
    }
    if (!met.empty()) found.works.end_row();
  }
  return ordered(found);
}

}  // namespace

JointPairs pairs_within_cut(const Study& study) {
  const Corpus& corpus = study.corpus;
  return joint_pairs(corpus, [&](Index /*author*/, Index work) {
    return within_cut(corpus.works[work], study.max_authors) ? corpus.byline[work] : std::span<const Index>{};
  });
}

JointPairs people_pairs_above_cut(const Study& study) {
  const Corpus& corpus = study.corpus;
  const auto is_person = [&](Index author) { return corpus.authors[author].person != k_none; };
  Rows<Index> people;
  for (std::size_t work = 0; work < corpus.works.size(); ++work) {
    if (!within_cut(corpus.works[work], study.max_authors)) {
      std::ranges::copy_if(corpus.byline[work], std::back_inserter(people.values), is_person);
    }
    people.end_row();
  }
  return joint_pairs(corpus, [&](Index author, Index work) {
    if (within_cut(corpus.works[work], study.max_authors)) return std::span<const Index>{};
    return is_person(author) ? corpus.byline[work] : people[work];
  });
}

void add_authors(Table& table, const Corpus& corpus, const JointPairs& joint) {
  auto& author_a = texts(table, "author_a", "key of the author whose key comes first");
  auto& name_a = texts(table, "name_a", "name of author_a");
  auto& author_b = texts(table, "author_b", "key of the other author");
  auto& name_b = texts(table, "name_b", "name of author_b");
  for (const auto& [a, b] : joint.pairs) {
    author_a.push_back(corpus.authors[a].key);
    name_a.push_back(corpus.authors[a].name);
    author_b.push_back(corpus.authors[b].key);
    name_b.push_back(corpus.authors[b].name);
  }
}

void add_joint_works(Table& table, const Corpus& corpus, const JointPairs& joint) {
  auto& count = integers(table, "joint_works", "works of both", "works");
  auto& first_year = integers(table, "first_year", "year of the first joint work", "year");
  auto& last_year = integers(table, "last_year", "year of the last joint work", "year");
  auto& keys = texts(table, "works", "keys of the joint works by year, then key, joined by ;");
  std::vector<Index> works;
  for (std::size_t pair = 0; pair < joint.pairs.size(); ++pair) {
    works.assign(joint.works[pair].begin(), joint.works[pair].end());
    sort_by_year(corpus, works);
    const auto known = std::ranges::find_if(works, [&](Index work) { return corpus.works[work].year != 0; });
    count.push_back(whole(works.size()));
    first_year.push_back(known == works.end() ? Column::k_missing : corpus.works[*known].year);
    last_year.push_back(year_cell(corpus.works[works.back()].year));
    List list;
    for (const Index work : works) list.add_key(corpus.works[work].key);
    keys.push_back(list.text());
  }
}

}  // namespace coterie
