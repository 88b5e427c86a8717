#include <algorithm>
#include <string>
#include <vector>

#include "analysis/tables/cells.hpp"
#include "analysis/tables/tables.hpp"

namespace coterie::table {
namespace {

/// Works of a team, or of all, and how many of them each funder stands behind.
struct Funded {
  std::string team;
  std::uint64_t works = 0;
  std::vector<std::uint64_t> by_funder;
};

/// \param counted the works looked at, sorted, each once
Funded funded(const Corpus& corpus, std::string team, const std::vector<Index>& counted) {
  Funded result{std::move(team), counted.size(), std::vector<std::uint64_t>(corpus.funders.size(), 0)};
  for (const Index work : counted) {
    for (const Index funder : corpus.work_funders[work]) ++result.by_funder[funder];
  }
  return result;
}

std::vector<Index> works_of_team(const Corpus& corpus, const std::string& team) {
  std::vector<Index> works;
  for (const CorpusPerson& person : corpus.people) {
    if (person.author == k_none || std::ranges::find(person.teams, team) == person.teams.end()) continue;
    std::ranges::copy(corpus.works_of_author[person.author], std::back_inserter(works));
  }
  std::ranges::sort(works);
  works.erase(std::ranges::unique(works).begin(), works.end());
  return works;
}

}  // namespace

Table funders(const Study& study, const Measured& /*measured*/, const MetricSettings& /*settings*/) {
  const Corpus& corpus = study.corpus;
  std::vector<Index> every_work(corpus.works.size());
  for (Index work = 0; work < every_work.size(); ++work) every_work[work] = work;
  std::vector<Funded> groups{funded(corpus, "(all)", every_work)};
  for (const std::string& team : corpus.teams) {
    groups.push_back(funded(corpus, team, works_of_team(corpus, team)));
  }

  Table table{
      "funders", "one line per funder and team, and per funder for all works", {"funder", "team"}, {}};
  auto& key = texts(table, "funder", "key of the funder");
  auto& name = texts(table, "name", "name of the funder");
  auto& team = texts(table, "team", "team, or (all) for every work of the corpus");
  auto& works = integers(table, "works", "works of the team that name the funder", "works");
  auto& of_all = reals(table, "share", "share of the works of the team", "share (0..1)");
  for (std::size_t funder = 0; funder < corpus.funders.size(); ++funder) {
    for (const Funded& group : groups) {
      const std::uint64_t count = group.by_funder[funder];
      if (count == 0 && &group != &groups.front()) continue;
      key.push_back(corpus.funders[funder].key);
      name.push_back(corpus.funders[funder].name);
      team.push_back(group.team);
      works.push_back(whole(count));
      of_all.push_back(share(count, group.works));
    }
  }
  return table;
}

}  // namespace coterie::table
