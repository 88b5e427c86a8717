#include "src/app/update.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coterie/date.hpp"
#include "coterie/error.hpp"

namespace coterie {
namespace {

/// The gravest exit code wins: cron may try again after a 75, but must not while something graver hides
/// behind it.
int weight(int code) {
  switch (code) {
    case 0:
      return 0;
    case exit_code(ErrorKind::temporary):
      return 1;
    case exit_code(ErrorKind::data):
      return 2;
    case exit_code(ErrorKind::unavailable):
      return 3;
    case exit_code(ErrorKind::configuration):
      return 4;
    default:
      return 5;
  }
}

std::string who(const Gap& gap) {
  if (gap.people.empty()) return gap.source;
  constexpr std::size_t k_named = 3;
  std::string names;
  for (std::size_t i = 0; i < std::min(gap.people.size(), k_named); ++i)
    names += (i == 0 ? "" : ", ") + gap.people[i];
  if (gap.people.size() > k_named) names += fmt::format(" and {} more", gap.people.size() - k_named);
  return fmt::format("{} ({})", gap.source, names);
}

}  // namespace

void UpdateResult::add(const HarvestOutcome& outcome) {
  calls += outcome.calls;
  cost += outcome.cost;
  fetched += outcome.fetched;
  added += outcome.added;
  changed += outcome.changed;
  vanished += outcome.vanished;
  merged += outcome.merged;
  if (outcome.state == HarvestOutcome::State::complete) return;
  const int code = exit_code(outcome.kind);
  if (weight(code) > weight(exit)) exit = code;
}

RunState run_state(const UpdateResult& result, const Dataset& dataset) {
  RunState state;
  state.exit = result.exit;
  state.calls = result.calls;
  state.cost = result.cost;
  state.added = result.added;
  state.changed = result.changed;
  state.vanished = result.vanished;
  state.merged = result.merged;
  state.gaps = dataset.gaps().size();
  return state;
}

int report_update(const UpdateResult& result, const Dataset& dataset, Console& console) {
  for (const std::string& warning : result.warnings) console.note(warning);
  std::string line = fmt::format("{} calls, {} records, {} new, {} changed", result.calls, result.fetched,
                                 result.added, result.changed);
  if (result.vanished > 0) line += fmt::format(", {} not there any more", result.vanished);
  if (result.merged > 0) line += fmt::format(", {} gone into others", result.merged);
  console.note(line + fmt::format(", cost ${:.4f}", result.cost));
  const std::vector<Gap> gaps = dataset.gaps();
  constexpr std::size_t k_shown = 5;
  for (std::size_t i = 0; i < std::min(gaps.size(), k_shown); ++i) {
    console.warn(fmt::format("incomplete: {}: {}", who(gaps[i]), gaps[i].reason));
  }
  if (gaps.size() > k_shown) {
    console.warn(fmt::format("incomplete: {} more gaps, see 'coterie status'", gaps.size() - k_shown));
  }
  return result.exit;
}

void keep_allowance(const std::string& source, const SourceRun& run, Dataset& dataset) {
  if (!run.allowance) return;
  AllowanceState state;
  state.source = source;
  state.remaining = run.allowance->remaining;
  state.limit = run.allowance->limit;
  state.told_at = run.allowance_told_at;
  const auto told = parse_utc_timestamp(run.allowance_told_at);
  if (told && run.allowance->renewed_in)
    state.renewed_at = utc_timestamp(*told + run.allowance->renewed_in->count());
  dataset.store_allowance(state);
}

Scope scope_of(const StudyFile& study, const Source::Traits& source,
               const std::vector<Identity>& identities) {
  Scope scope;
  scope.window = study.window;
  for (const Person& person : study.roster.people) {
    Scope::Who asked{person.key, {}, {person.name}};
    asked.names.insert(asked.names.end(), person.aliases.begin(), person.aliases.end());
    for (const Identity& identity : identities) {
      const bool used =
          identity.status == Identity::Status::confirmed || identity.status == Identity::Status::probable;
      if (used && identity.person == person.key && identity.source == source.name) {
        asked.author_ids.push_back(identity.author_id);
      }
    }
    if (!source.author_ids || !asked.author_ids.empty()) scope.people.push_back(std::move(asked));
  }
  const auto& works_of = study.works_of;
  if (std::find(works_of.begin(), works_of.end(), WorksOf::institutions) != works_of.end()) {
    scope.institutions = study.roster.institutions;
  }
  for (const IdentityDecision& decision : study.roster.decisions) {
    // A work that a person names is asked for even where the author's id does not lead to it.
    const bool named = decision.verdict == IdentityDecision::Verdict::same && !decision.work.empty();
    if (named && (decision.source.empty() || decision.source == source.name))
      scope.work_ids.push_back(decision.work);
  }
  std::sort(scope.work_ids.begin(), scope.work_ids.end());
  scope.work_ids.erase(std::unique(scope.work_ids.begin(), scope.work_ids.end()), scope.work_ids.end());
  return scope;
}

}  // namespace coterie
