#include "src/app/configuration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coterie/util/text.hpp"
#include "version.hpp"

namespace coterie {
namespace {

using Json = nlohmann::ordered_json;

/// The roster as one text in which every field that reaches a report has its place.
std::string roster_text(const Roster& roster) {
  Json people = Json::array();
  for (const Person& p : roster.people) {
    people.push_back({p.key, p.name, p.aliases, p.teams, p.orcid, p.openalex, p.dblp, p.arxiv,
                      p.semantic_scholar, p.affiliation_hints});
  }
  Json institutions = Json::array();
  for (const WatchedInstitution& i : roster.institutions) {
    institutions.push_back({i.key, i.name, i.parent, i.openalex, i.ror, i.patterns});
  }
  Json decisions = Json::array();
  for (const IdentityDecision& d : roster.decisions) {
    decisions.push_back({d.person, d.source, d.author_id, d.work, static_cast<int>(d.verdict)});
  }
  Json relations = Json::array();
  for (const Relation& r : roster.relations) {
    relations.push_back({r.from, r.to, r.kind, r.from_date, r.to_date, r.source_url});
  }
  return Json{people, institutions, decisions, relations}.dump();
}

Json year(const std::optional<int>& value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

std::vector<std::pair<std::string, std::string>> configuration_of(const StudyFile& study,
                                                                  const Options& options) {
  std::vector<std::pair<std::string, std::string>> entries;
  const auto add = [&](const std::string& key, const Json& value) {
    entries.emplace_back(key, value.dump());
  };
  std::vector<std::string> works_of;
  for (const WorksOf what : study.works_of) works_of.emplace_back(to_string(what));
  std::vector<std::string> sources;
  for (const auto& [name, settings] : study.sources) sources.push_back(name);
  add("counting", to_string(study.counting));
  add("csv_raw", options.csv_raw);
  add("max_authors", study.max_authors);
  add("metrics", study.metrics);
  add("normalisation", to_string(study.normalisation));
  add("roster_sha256", text::sha256(roster_text(study.roster)));
  add("seed", options.seed);
  add("sources", sources);
  add("title", study.title);
  add("version", k_version);
  add("window", Json{{"from", year(study.window.from)}, {"to", year(study.window.to)}});
  add("works_of", works_of);
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace coterie
