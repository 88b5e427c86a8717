#include "analysis/works.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {
namespace {

/// The identifiers of a work, one of each well-known scheme apart.
struct Identifiers {
  std::string doi;
  std::string arxiv;
  std::string openalex;
  List others;
};

/// Of several identifiers of one scheme the work's key comes first, else the smallest.
Identifiers identifiers(const CorpusWork& work) {
  Identifiers result;
  const auto take = [](std::string& cell, std::string_view prefix, std::string_view id) {
    if (!cell.empty() || !id.starts_with(prefix)) return false;
    cell = id.substr(prefix.size());
    return true;
  };
  const auto apart = [&](std::string_view id) {
    return take(result.doi, "doi:", id) || take(result.arxiv, "arxiv:", id) ||
           take(result.openalex, "openalex:", id);
  };
  apart(work.key);
  for (const std::string& id : work.ids) {
    if (id != work.key && !apart(id)) result.others.add_key(id);
  }
  return result;
}

void add_identity(Table& table, const Corpus& corpus, const std::vector<Index>& order) {
  auto& key = texts(table, "key", "key of the work");
  auto& doi = texts(table, "doi", "DOI, lower case");
  auto& arxiv = texts(table, "arxiv", "arXiv id without version");
  auto& openalex = texts(table, "openalex", "OpenAlex id");
  auto& other_ids = texts(table, "other_ids", "scheme:value of further identifiers, joined by ;");
  auto& year = integers(table, "year", "year of publication", "year");
  auto& date = texts(table, "date", "day of publication, ISO, as far as told");
  auto& title = texts(table, "title", "title");
  auto& venue = texts(table, "venue", "where it was published");
  auto& type = texts(table, "type", "type of publication, in the source's word");
  for (const Index index : order) {
    const CorpusWork& work = corpus.works[index];
    const Identifiers ids = identifiers(work);
    key.push_back(work.key);
    doi.push_back(ids.doi);
    arxiv.push_back(ids.arxiv);
    openalex.push_back(ids.openalex);
    other_ids.push_back(ids.others.text());
    year.push_back(year_cell(work.year));
    date.push_back(work.date);
    title.push_back(work.title);
    venue.push_back(work.venue);
    type.push_back(work.type);
  }
}

std::string people_list(const Corpus& corpus, Index work) {
  List list;
  for (const Index author : corpus.byline[work]) {
    const Index person = corpus.authors[author].person;
    if (person != k_none) list.add_key(corpus.people[person].key);
  }
  return list.text();
}

std::string institution_list(const Corpus& corpus, Index work) {
  std::vector<Index> printed;
  for (std::uint64_t slot = corpus.byline.offsets[work]; slot < corpus.byline.offsets[work + 1]; ++slot) {
    std::ranges::copy(corpus.slot_institutions[slot], std::back_inserter(printed));
  }
  std::ranges::sort(printed);
  printed.erase(std::ranges::unique(printed).begin(), printed.end());
  List list;
  for (const Index institution : printed) list.add_name(corpus.institutions[institution].name);
  return list.text();
}

}  // namespace

Table works(const Study& study, const Measured& /*measured*/, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  std::vector<Index> order(corpus.works.size());
  std::iota(order.begin(), order.end(), Index{0});
  sort_by_year(corpus, order);

  Table table{"works", "one line per work", {"key"}, {}};
  add_identity(table, corpus, order);
  auto& authors = integers(table, "authors", "distinct authors of the whole byline", "authors");
  auto& in_corpus = integers(table, "authors_in_corpus", "authors of the byline in the corpus", "authors");
  auto& above_cut = integers(table, "above_cut", "1 if the byline is too long for the networks", "0 or 1");
  auto& people = texts(table, "people", "keys of its people of the roster, in printed order, joined by ;");
  auto& institutions = texts(table, "institutions", "names of the institutions it prints, joined by ;");
  auto& funders = texts(table, "funders", "names of its funders, joined by ;");
  auto& sources = texts(table, "sources", "sources that told it, joined by ;");
  auto& vanished = texts(table, "vanished", "date since when no source has it any more; it is kept");
  for (const Index index : order) {
    const CorpusWork& work = corpus.works[index];
    authors.push_back(whole(work.author_count));
    in_corpus.push_back(whole(corpus.byline[index].size()));
    above_cut.push_back(within_cut(work, study.max_authors) ? 0 : 1);
    people.push_back(people_list(corpus, index));
    institutions.push_back(institution_list(corpus, index));
    List funder_list;
    for (const Index funder : corpus.work_funders[index]) funder_list.add_name(corpus.funders[funder].name);
    funders.push_back(funder_list.text());
    sources.push_back(key_list(work.sources));
    vanished.push_back(work.vanished);
  }
  return table;
}

}  // namespace coterie::table
