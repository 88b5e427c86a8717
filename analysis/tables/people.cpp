#include <vector>

#include "analysis/tables/activity.hpp"
#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {

Table people(const Study& study, const Measured& measured, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  Table table{"people", "one line per person of the roster", {"key"}, {}};
  auto& key = texts(table, "key", "key of people.csv");
  auto& name = texts(table, "name", "name as the study writes it");
  auto& teams = texts(table, "teams", "teams the person belongs to, joined by ;");
  auto& author = texts(table, "author", "key of the person in authors.csv, empty without works");
  auto& identity =
      texts(table, "identity", "how the works were found: confirmed, probable, by_name, ambiguous or none");
  auto& author_ids = texts(table, "author_ids", "source:id of the author ids used, joined by ;");
  std::vector<Index> vertices;
  for (const CorpusPerson& person : corpus.people) {
    key.push_back(person.key);
    name.push_back(person.name);
    List team_list;
    for (const std::string& team : person.teams) team_list.add_name(team);
    teams.push_back(team_list.text());
    author.push_back(person.author == k_none ? "" : corpus.authors[person.author].key);
    identity.push_back(person.identity);
    author_ids.push_back(key_list(person.ids));
    vertices.push_back(person.author);
  }
  add_activity(table, study, vertices);
  auto& coauthors = integers(table, "coauthors", "distinct co-authors on works within the cut", "authors");
  for (const Index vertex : vertices) {
    coauthors.push_back(vertex == k_none ? 0 : whole(study.authors.degree(vertex)));
  }
  add_metrics(table, measured.authors, vertices);
  return table;
}

}  // namespace coterie::table
