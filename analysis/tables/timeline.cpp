#include <algorithm>
#include <vector>

#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"
#include "analysis/works.hpp"

namespace coterie::table {
namespace {

void sort_once(std::vector<Index>& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

/// Institutions an author prints on a work.
std::span<const Index> printed(const Corpus& corpus, Index work, Index author) {
  const auto byline = corpus.byline[work];
  const auto place = std::ranges::find(byline, author);
  if (place == byline.end()) return {};
  return corpus
      .slot_institutions[corpus.byline.offsets[work] + static_cast<std::uint64_t>(place - byline.begin())];
}

/// One year of one person.
struct Year {
  int year = 0;
  std::vector<Index> works;
  std::vector<Index> institutions;
  std::vector<Index> coauthors;
};

/// The years of an author that have works, in order.
std::vector<Year> years_of(const Study& study, Index author) {
  const Corpus& corpus = study.corpus;
  std::vector<Index> works(corpus.works_of_author[author].begin(), corpus.works_of_author[author].end());
  std::erase_if(works, [&](Index work) { return corpus.works[work].year == 0; });
  sort_by_year(corpus, works);
  std::vector<Year> years;
  for (const Index work : works) {
    const CorpusWork& told = corpus.works[work];
    if (years.empty() || years.back().year != told.year) years.push_back({told.year, {}, {}, {}});
    Year& year = years.back();
    year.works.push_back(work);
    std::ranges::copy(printed(corpus, work, author), std::back_inserter(year.institutions));
    if (!within_cut(told, study.max_authors)) continue;
    std::ranges::copy_if(corpus.byline[work], std::back_inserter(year.coauthors),
                         [&](Index other) { return other != author; });
  }
  for (Year& year : years) {
    sort_once(year.institutions);
    sort_once(year.coauthors);
  }
  return years;
}

}  // namespace

Table timeline(const Study& study, const Measured& /*measured*/, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  Table table{"timeline", "one line per person of the roster and year with works", {"person", "year"}, {}};
  auto& person_key = texts(table, "person", "key of people.csv");
  auto& name = texts(table, "name", "name of the person");
  auto& year_column = integers(table, "year", "year of publication", "year");
  auto& works = integers(table, "works", "works of the year, long bylines included", "works");
  auto& institutions =
      texts(table, "institutions", "names of the institutions printed on them for the person, joined by ;");
  auto& new_coauthors =
      integers(table, "new_coauthors", "co-authors with no joint work in an earlier year", "authors");
  auto& lasting =
      integers(table, "lasting_coauthors", "co-authors with a joint work in an earlier year", "authors");
  auto& coauthors =
      integers(table, "coauthors", "co-authors of the year, on works within the cut", "authors");
  for (const CorpusPerson& person : corpus.people) {
    if (person.author == k_none) continue;
    std::vector<Index> known;
    for (const Year& year : years_of(study, person.author)) {
      std::vector<Index> fresh;
      std::ranges::set_difference(year.coauthors, known, std::back_inserter(fresh));
      List names;
      for (const Index institution : year.institutions) {
        names.add_name(corpus.institutions[institution].name);
      }
      person_key.push_back(person.key);
      name.push_back(person.name);
      year_column.push_back(year.year);
      works.push_back(whole(year.works.size()));
      institutions.push_back(names.text());
      new_coauthors.push_back(whole(fresh.size()));
      lasting.push_back(whole(year.coauthors.size() - fresh.size()));
      coauthors.push_back(whole(year.coauthors.size()));
      known.insert(known.end(), fresh.begin(), fresh.end());
      std::ranges::sort(known);
    }
  }
  return table;
}

}  // namespace coterie::table
