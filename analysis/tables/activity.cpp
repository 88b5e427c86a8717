#include "analysis/tables/activity.hpp"

#include <algorithm>

#include "analysis/tables/cells.hpp"
#include "analysis/works.hpp"

namespace coterie {

void add_activity(Table& table, const Study& study, std::span<const Index> authors) {
  const Corpus& corpus = study.corpus;
  auto& works = integers(table, "works", "works in the window, long bylines included", "works");
  auto& by_name = integers(table, "works_by_name", "works that are the author's by name alone", "works");
  auto& above_cut = integers(table, "works_above_cut", "works with a byline above the cut", "works");
  auto& first_year = integers(table, "first_year", "year of the first work in the window", "year");
  auto& last_year = integers(table, "last_year", "year of the last work in the window", "year");
  for (const Index author : authors) {
    const auto own = author == k_none ? std::span<const Index>{} : corpus.works_of_author[author];
    works.push_back(whole(own.size()));
    by_name.push_back(author == k_none ? 0 : whole(corpus.authors[author].by_name));
    above_cut.push_back(std::ranges::count_if(
        own, [&](Index work) { return !within_cut(corpus.works[work], study.max_authors); }));
    int first = 0;
    int last = 0;
    for (const Index work : own) {
      const int year = corpus.works[work].year;
      if (year == 0) continue;
      first = first == 0 ? year : std::min(first, year);
      last = last == 0 ? year : std::max(last, year);
    }
    first_year.push_back(year_cell(first));
    last_year.push_back(year_cell(last));
  }
}

}  // namespace coterie
