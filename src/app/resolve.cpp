#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "coterie/who_is_who.hpp"
#include "src/app/asking.hpp"
#include "src/app/review.hpp"
#include "src/app/searches.hpp"
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

/// Looks the people of a roster up in one source.
class Resolving {
 public:
  Resolving(const StudyFile& study, Asking& asking, Dataset& dataset, const Options& options,
            Console& console, UpdateResult& result)
      : m_study(study),
        m_asking(asking),
        m_dataset(dataset),
        m_options(options),
        m_console(console),
        m_result(result),
        m_source(asking.source->traits().name) {
    for (Identity& identity : dataset.identities()) {
      if (identity.source == m_source) m_known[identity.person].push_back(std::move(identity));
    }
  }

  void run() {
    bool complete = look_up_together();
    std::uint64_t done = 0;
    for (const Person& person : m_study.roster.people) {
      // What stops one lookup for good stops all: the day's allowance, the key, a network that is down.
      if (!complete) break;
      m_console.progress(m_source + ": people", done++, m_study.roster.people.size());
      complete = resolve(person);
    }
    // What was not looked up this time because it is known, or nobody asks for any more, is no gap.
    if (complete) m_dataset.retire_queries(m_source, m_asked, Dataset::Asked::people);
    m_console.progress_done();
  }

 private:
  /// Looks up together what can be. \return false if the source cannot be asked
  bool look_up_together() {
    for (const Query& query : m_asking.source->joint_lookups(m_study.roster.people)) {
      LookUp answer = look_up(*m_asking.source, query, m_asking.tools);
      HarvestOutcome& outcome = answer.outcome;
      const bool complete = outcome.state == HarvestOutcome::State::complete;
      // A source that does not take the question so is asked for one after the other.
      if (!complete && outcome.kind == ErrorKind::unavailable && !outcome.stop_source) return true;
      if (!outcome.reason.empty()) outcome.reason = "looking people up: " + outcome.reason;
      m_asked.push_back(query.key());
      m_dataset.finish(query, outcome);
      m_result.add(outcome);
      if (!complete) return false;
      for (AuthorRecord& author : answer.authors) {
        if (!author.orcid.empty()) m_by_orcid.emplace(author.orcid, author);
        m_by_id.emplace(author.id, std::move(author));
      }
    }
    return true;
  }

  /// \return false if the source cannot be asked
  bool resolve(const Person& person) {
    const std::vector<Query> queries = m_asking.source->lookups(person);
    const std::string digest = decision_digest(person, m_study.roster);
    const bool late =
        searched_of_late(queries, m_dataset.resolution(person.key, m_source), digest, m_asking.pacing->now());
    if (late && !m_options.fresh) {
      warn_if_unresolved(person, m_source, m_known[person.key], m_result);
      return true;
    }
    const Found found = look_up_person(person, queries);
    if (!found.complete) return false;
    // An id that the source merged into another is the person's under its new name too.
    Person known = person;
    known.openalex.insert(known.openalex.end(), found.merged_into.begin(), found.merged_into.end());
    const std::vector<Identity> identities =
        decide_identities(known, m_study.roster, m_source, found.candidates);
    m_dataset.store_identities(person.key, m_source, identities, digest);
    warn_if_unresolved(person, m_source, identities, m_result);
    return true;
  }

  Found look_up_person(const Person& person, const std::vector<Query>& queries) {
    Found found;
    for (const Query& query : queries) {
      if (take_known(query, found)) continue;
      LookUp answer = look_up(*m_asking.source, query, m_asking.tools);
      if (!answer.outcome.reason.empty()) {
        answer.outcome.reason = fmt::format("looking up '{}': {}", person.name, answer.outcome.reason);
      }
      m_asked.push_back(query.key());
      m_dataset.finish(query, answer.outcome);
      m_result.add(answer.outcome);
      found.complete = answer.outcome.state == HarvestOutcome::State::complete;
      if (!found.complete) return found;
      if (query.kind == Query::Kind::authors_by_id && answer.authors.empty()) {
        m_result.warnings.push_back(
            fmt::format("{}: author {} of '{}' is not there any more; look for another id", m_source,
                        query.values.front(), person.name));
      }
      for (AuthorRecord& candidate : answer.authors) {
        if (query.kind == Query::Kind::authors_by_id && candidate.id != query.values.front()) {
          m_dataset.store_alias({m_source, query.values.front(), candidate.id});
          found.merged_into.push_back(candidate.id);
        }
        add(found, std::move(candidate));
      }
    }
    return found;
  }

  /// Takes what was looked up together. \return whether it was there
  bool take_known(const Query& query, Found& found) const {
    if (query.kind == Query::Kind::authors_by_id) {
      const auto known = m_by_id.find(query.values.front());
      if (known != m_by_id.end()) add(found, known->second);
      return known != m_by_id.end();
    }
    if (query.kind != Query::Kind::authors_by_orcid) return false;
    const auto [first, last] = m_by_orcid.equal_range(query.values.front());
    for (auto known = first; known != last; ++known) add(found, known->second);
    return first != last;
  }

  static void add(Found& found, AuthorRecord candidate) {
    const bool known = std::any_of(found.candidates.begin(), found.candidates.end(),
                                   [&](const AuthorRecord& other) { return other.id == candidate.id; });
    if (!known) found.candidates.push_back(std::move(candidate));
  }

  const StudyFile& m_study;
  Asking& m_asking;
  Dataset& m_dataset;
  const Options& m_options;
  Console& m_console;
  UpdateResult& m_result;
  std::string m_source;
  std::map<std::string, std::vector<Identity>> m_known;  // by person, of earlier runs
  std::map<std::string, AuthorRecord> m_by_id;           // looked up together
  std::multimap<std::string, AuthorRecord> m_by_orcid;
  std::vector<std::string> m_asked;  // keys of the queries
};

}  // namespace

void resolve(const StudyFile& study, Dataset& dataset, Transport& transport, const Options& options,
             Console& console, UpdateResult& result) {
  for (const auto& [name, settings] : study.sources) {
    Asking asking(study, name, transport, console, result.sources[name]);
    if (!asking.source->traits().author_ids) continue;
    Resolving(study, asking, dataset, options, console, result).run();
    keep_allowance(name, result.sources[name], dataset);
  }
  write_review(study, dataset.identities());
}

}  // namespace coterie
