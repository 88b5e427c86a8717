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

/// What the lookups of one person found.
struct Found {
  std::vector<AuthorRecord> candidates;
  std::vector<std::string> merged_into;  // ids that the source gave in place of known ones
  bool complete = true;                  // false: the source could not be asked; the gap is stored
};

Found look_person_up(const Person& person, Asking& asking, Dataset& dataset, UpdateResult& result) {
  Found found;
  for (const Query& query : asking.source->lookups(person)) {
    LookUp answer = look_up(*asking.source, query, asking.tools);
    if (!answer.outcome.reason.empty()) {
      answer.outcome.reason = fmt::format("looking up '{}': {}", person.name, answer.outcome.reason);
    }
    dataset.finish(query, answer.outcome);
    result.add(answer.outcome);
    found.complete = answer.outcome.state == HarvestOutcome::State::complete;
    if (!found.complete) return found;
    if (query.kind == Query::Kind::authors_by_id && answer.authors.empty()) {
      result.warnings.push_back(
          fmt::format("{}: author {} of '{}' is not there any more; look for another id", query.source,
                      query.values.front(), person.name));
    }
    for (AuthorRecord& candidate : answer.authors) {
      if (query.kind == Query::Kind::authors_by_id && candidate.id != query.values.front()) {
        found.merged_into.push_back(candidate.id);
      }
      const bool known = std::any_of(found.candidates.begin(), found.candidates.end(),
                                     [&](const AuthorRecord& other) { return other.id == candidate.id; });
      if (!known) found.candidates.push_back(std::move(candidate));
    }
  }
  return found;
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
      const Found found = look_person_up(person, asking, dataset, result);
      // What stops one lookup for good stops all: the day's allowance, the key, a network that is down.
      if (!found.complete) break;
      // An id that the source merged into another is the person's under its new name too.
      Person known = person;
      known.openalex.insert(known.openalex.end(), found.merged_into.begin(), found.merged_into.end());
      const std::vector<Identity> identities = decide_identities(known, study.roster, name, found.candidates);
      dataset.store_identities(person.key, name, identities);
      warn_if_unresolved(person, name, identities, result);
    }
    console.progress_done();
  }
  write_review(study, dataset.identities());
}

}  // namespace coterie
