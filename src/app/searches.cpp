#include "src/app/searches.hpp"

#include <nlohmann/json.hpp>

#include "coterie/date.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

/// A search by name is not repeated before, if nothing that it depends on is another.
constexpr std::chrono::hours k_search_again{7 * 24};

}  // namespace

bool is_recent(const std::string& moment, const std::string& now, std::chrono::hours span) {
  const auto then = parse_utc_timestamp(moment);
  const auto at = parse_utc_timestamp(now);
  return then && at && *then <= *at && *at - *then < std::chrono::seconds(span).count();
}

std::string decision_digest(const Person& person, const Roster& roster) {
  using Json = nlohmann::ordered_json;
  Json institutions = Json::array();
  for (const WatchedInstitution& i : roster.institutions) {
    institutions.push_back({i.key, i.name, i.parent, i.openalex, i.ror, i.patterns});
  }
  Json decisions = Json::array();
  for (const IdentityDecision& d : roster.decisions) {
    if (d.person != person.key) continue;
    decisions.push_back({d.source, d.author_id, d.work, static_cast<int>(d.verdict)});
  }
  const Json whole{
      person.name,  person.aliases, person.orcid, person.openalex,         person.dblp,
      person.arxiv, institutions,   decisions,    person.semantic_scholar, person.affiliation_hints};
  return text::sha256(whole.dump());
}

bool searched_of_late(const std::vector<Query>& lookups, const std::optional<Resolution>& resolution,
                      const std::string& digest, const std::string& now) {
  const bool search = !lookups.empty() && lookups.front().kind == Query::Kind::authors_by_name;
  if (!search || !resolution || resolution->digest != digest) return false;
  return is_recent(resolution->searched_at, now, k_search_again);
}

}  // namespace coterie
