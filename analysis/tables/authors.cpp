#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "analysis/tables/activity.hpp"
#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {

Table authors(const Study& study, const Measured& measured, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  std::vector<Index> order(corpus.authors.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](Index author) { return corpus.works_of_author[author].size(); });

  Table table{"authors", "one line per author of the corpus", {"key"}, {}};
  auto& key = texts(table, "key", "key of the author");
  auto& name = texts(table, "name", "name of the author");
  auto& person = texts(table, "person", "key of people.csv, empty for others");
  auto& orcid = texts(table, "orcid", "ORCID iD");
  auto& author_ids = texts(table, "author_ids", "source:id of the author ids merged into it, joined by ;");
  for (const Index index : order) {
    const CorpusAuthor& author = corpus.authors[index];
    key.push_back(author.key);
    name.push_back(author.name);
    person.push_back(author.person == k_none ? "" : corpus.people[author.person].key);
    orcid.push_back(author.orcid);
    author_ids.push_back(key_list(author.ids));
  }
  add_activity(table, study, order);
  add_metrics(table, measured.authors, order);
  return table;
}

}  // namespace coterie::table
