#include "src/app/searches.hpp"

#include <nlohmann/json.hpp>

#include "coterie/date.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

/// A search by name is not repeated before, if nothing that it depends on is another.
constexpr std::int64_t k_search_again = 7 * std::int64_t{86400};

}  // namespace

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
  const auto then = parse_utc_timestamp(resolution->searched_at);
  const auto moment = parse_utc_timestamp(now);
  // A time in the future comes from a clock that was wrong.
  return then && moment && *then <= *moment && *moment - *then < k_search_again;
}

}  // namespace coterie
