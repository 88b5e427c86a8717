#include "src/app/fetch_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "coterie/dataset.hpp"
#include "coterie/date.hpp"
#include "src/app/analysis_run.hpp"
#include "src/app/asking.hpp"
#include "src/app/searches.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

/// What earlier runs left behind.
struct Known {
  std::vector<Identity> identities;
  std::map<std::string, std::uint64_t> expected;                          // by query key
  std::map<std::pair<std::string, std::string>, Resolution> resolutions;  // by person and source
  std::map<std::string, AllowanceState> allowances;                       // by source
};

Known known_from(const StudyFile& study) {
  Known known;
  if (!std::filesystem::exists(study.dataset())) return known;
  const Dataset dataset = stored_dataset(study);
  known.identities = dataset.identities();
  for (const QueryState& query : dataset.queries()) {
    if (query.expected) known.expected[query.key] = *query.expected;
  }
  for (const auto& [source, settings] : study.sources) {
    for (const Person& person : study.roster.people) {
      if (auto resolution = dataset.resolution(person.key, source))
        known.resolutions.emplace(std::pair(person.key, source), std::move(*resolution));
    }
  }
  const std::string now = utc_timestamp(wall_clock());
  for (AllowanceState& allowance : dataset.allowances()) {
    // What was left before the allowance was renewed says nothing of today.
    if (now < allowance.renewed_at) known.allowances.emplace(allowance.source, std::move(allowance));
  }
  return known;
}

/// Identities with a stand-in for everybody who is still to be looked up, so that the number of questions is
/// right.
std::vector<Identity> with_stand_ins(const StudyFile& study, const std::string& source,
                                     std::vector<Identity> identities) {
  std::uint64_t number = 1000000000;
  for (const Person& person : study.roster.people) {
    const bool known = std::any_of(identities.begin(), identities.end(), [&](const Identity& i) {
      return i.person == person.key && i.source == source;
    });
    if (known) continue;
    const std::size_t ids = std::max<std::size_t>(1, person.openalex.size());
    for (std::size_t i = 0; i < ids; ++i) {
      const std::string id = i < person.openalex.size() ? person.openalex[i] : fmt::format("A{}", ++number);
      identities.push_back(
          {person.key, source, id, person.name, Identity::Status::probable, "stand-in", 0, ""});
    }
  }
  return identities;
}

std::string kind_name(Query::Kind kind) {
  switch (kind) {
    case Query::Kind::authors_by_id:
      return "look people up by id";
    case Query::Kind::authors_by_orcid:
      return "look people up by ORCID";
    case Query::Kind::authors_by_ids:
      return "look people up by id, 100 a call";
    case Query::Kind::authors_by_orcids:
      return "look people up by ORCID, 100 a call";
    case Query::Kind::authors_by_name:
      return "look people up by name";
    case Query::Kind::works_of_authors:
      return "works of people";
    case Query::Kind::works_of_institutions:
      return "works of institutions";
    case Query::Kind::works_by_id:
      return "works named one by one";
  }
  return {};
}

void add(SourcePlan& plan, const Source& source, const Query& query, const Known& known, int page_size) {
  const std::string what = kind_name(query.kind);
  auto step = std::find_if(plan.steps.begin(), plan.steps.end(),
                           [&](const PlannedStep& s) { return s.what == what; });
  if (step == plan.steps.end()) step = plan.steps.insert(plan.steps.end(), PlannedStep{what, 0, 0, 0, false});
  const auto found = known.expected.find(query.key());
  const auto expected = found == known.expected.end() ? std::nullopt : std::optional(found->second);
  if (!expected && query.lists_works()) step->at_least = true;
  const std::uint64_t pages = pages_of(expected, page_size);
  ++step->queries;
  step->calls += pages;
  step->cost += static_cast<double>(pages) * source.cost(query);
}

/// Lookups that the next run asks: together where that is possible, and no search of late again.
void add_lookups(SourcePlan& plan, const StudyFile& study, const Source& source, const Known& known) {
  std::set<std::string> joint;
  for (const Query& query : source.joint_lookups(study.roster.people)) {
    add(plan, source, query, known, source.page_size());
    joint.insert(query.values.begin(), query.values.end());
  }
  const std::string now = utc_timestamp(wall_clock());
  for (const Person& person : study.roster.people) {
    const std::vector<Query> lookups = source.lookups(person);
    std::optional<Resolution> before;
    const auto found = known.resolutions.find({person.key, plan.source});
    if (found != known.resolutions.end()) before = found->second;
    if (searched_of_late(lookups, before, decision_digest(person, study.roster), now)) continue;
    for (const Query& query : lookups) {
      const bool together =
          query.kind != Query::Kind::authors_by_name && joint.contains(query.values.front());
      if (!together) add(plan, source, query, known, source.page_size());
    }
  }
}

}  // namespace

std::uint64_t pages_of(std::optional<std::uint64_t> expected, int page_size) {
  const auto size = static_cast<std::uint64_t>(std::max(1, page_size));
  return std::max<std::uint64_t>(1, (expected.value_or(0) + size - 1) / size);
}

std::vector<SourcePlan> fetch_plan(const StudyFile& study) {
  const Known known = known_from(study);
  std::vector<SourcePlan> plans;
  for (const auto& [name, settings] : study.sources) {
    const std::unique_ptr<Source> source = configured_source(study, name);
    const Source::Traits& traits = source->traits();
    SourcePlan plan;
    plan.source = name;
    plan.has_key = source->has_key();
    const auto allowance = known.allowances.find(name);
    if (allowance != known.allowances.end()) plan.allowance = allowance->second;
    if (!plan.has_key && !traits.key_env.empty()) {
      plan.key_note = fmt::format(" (no key: {} is not set)",
                                  settings.key_env.empty() ? std::string(traits.key_env) : settings.key_env);
    }
    add_lookups(plan, study, *source, known);
    const Scope scope = scope_of(
        study, traits, traits.author_ids ? with_stand_ins(study, name, known.identities) : known.identities);
    for (const Query& query : source->plan(scope)) add(plan, *source, query, known, source->page_size());
    const bool coauthors =
        std::find(study.works_of.begin(), study.works_of.end(), WorksOf::coauthors) != study.works_of.end();
    if (coauthors && traits.author_ids) {
      plan.steps.push_back({"works of co-authors (known once the people's works are there)", 0, 0, 0, true});
    }
    for (const PlannedStep& step : plan.steps) {
      plan.calls += step.calls;
      plan.cost += step.cost;
    }
    plan.seconds = plan.calls * static_cast<std::uint64_t>(traits.interval.count()) / 1000;
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace coterie
