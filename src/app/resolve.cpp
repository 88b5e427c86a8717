#include <fmt/format.h>

#include <algorithm>

#include "coterie/who_is_who.hpp"
#include "src/app/asking.hpp"
#include "src/app/review.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

bool holds(const std::vector<Identity>& identities, Identity::Status status) {
  return std::any_of(identities.begin(), identities.end(),
                     [&](const Identity& i) { return i.status == status; });
}

/// The person's author records in the source.
/// \return nullopt if the source could not be asked; the gap is stored
std::optional<std::vector<AuthorRecord>> candidates_for(const Person& person, Asking& asking,
                                                        Dataset& dataset, Console& console,
                                                        UpdateResult& result) {
  std::vector<AuthorRecord> candidates;
  for (const Query& query : asking.source->lookups(person)) {
    HarvestOutcome outcome;
    outcome.calls = 1;
    outcome.cost = asking.source->cost(query);
    outcome.complete_as_of = asking.pacing->now();
    try {
      for (AuthorRecord& candidate : look_up(*asking.source, query, asking.tools)) {
        const bool known = std::any_of(candidates.begin(), candidates.end(),
                                       [&](const AuthorRecord& other) { return other.id == candidate.id; });
        if (!known) candidates.push_back(std::move(candidate));
      }
    } catch (const Error& error) {
      outcome.state = HarvestOutcome::State::failed;
      outcome.kind = error.kind();
      outcome.reason = fmt::format("looking up '{}': {}", person.name, error.what());
      console.event("lookup_failed",
                    {{"src", query.source}, {"person", person.key}, {"reason", error.what()}});
    }
    dataset.finish(query, outcome);
    result.add(outcome);
    if (outcome.state != HarvestOutcome::State::complete) return std::nullopt;
  }
  return candidates;
}

void warn_if_unresolved(const Person& person, const std::string& source,
                        const std::vector<Identity>& identities, UpdateResult& result) {
  if (holds(identities, Identity::Status::confirmed) || holds(identities, Identity::Status::probable)) return;
  if (holds(identities, Identity::Status::ambiguous)) {
    result.warnings.push_back(
        fmt::format("{}: '{}' could be any of {} author records; decide in identities.csv, candidates "
                    "are in review/identities.csv",
                    source, person.name, identities.size()));
  } else {
    result.warnings.push_back(fmt::format("{}: no author record found for '{}'", source, person.name));
  }
}

}  // namespace

void resolve(const StudyFile& study, Dataset& dataset, const Options& options, Console& console,
             UpdateResult& result) {
  for (const auto& [name, settings] : study.sources) {
    Asking asking(study, name, options, console);
    if (!asking.source->traits().author_ids) continue;
    std::uint64_t done = 0;
    for (const Person& person : study.roster.people) {
      console.progress(name + ": people", done++, study.roster.people.size());
      const auto candidates = candidates_for(person, asking, dataset, console, result);
      // What stops one lookup for good stops all: the day's allowance, the key, a network that is down.
      if (!candidates) break;
      const std::vector<Identity> identities = decide_identities(person, study.roster, name, *candidates);
      dataset.store_identities(person.key, name, identities);
      warn_if_unresolved(person, name, identities, result);
    }
    console.progress_done();
  }
  write_review(study, dataset.identities());
}

}  // namespace coterie
