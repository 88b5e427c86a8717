#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/harvest.hpp"
#include "coterie/source.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"
#include "src/app/transport.hpp"

namespace coterie {

/// What an update of the dataset came to.
struct UpdateResult {
  std::uint64_t calls = 0;
  double cost = 0;                           ///< US dollars
  std::uint64_t fetched = 0;                 ///< records of the queries that were asked
  std::uint64_t added = 0;                   ///< of these, records that were not there before
  std::uint64_t changed = 0;                 ///< and records whose content is another than before
  std::uint64_t vanished = 0;                ///< records that their source does not have any more
  std::uint64_t merged = 0;                  ///< records that went into others
  std::vector<std::string> warnings;         ///< people not found, ambiguous identities
  int exit = 0;                              ///< 0, or the exit code of the gravest gap
  std::map<std::string, SourceRun> sources;  ///< what the run has learnt of each source

  /// Adds how a query ended.
  void add(const HarvestOutcome& outcome);
};

/// Looks every person of the roster up in every source of the study that knows authors by id, stores the
/// identities, and writes review/identities.csv. A source that cannot be asked leaves the identities of
/// earlier runs as they are. A search by name, which costs, is repeated after a week, when the study's files
/// say something else of the person, or with --fresh.
void resolve(const StudyFile& study, Dataset& dataset, Transport& transport, const Options& options,
             Console& console, UpdateResult& result);

/// Asks every source of the study for the works of its scope. What is missing afterwards is a gap in the
/// dataset. Says beforehand what it will ask and what that costs.
void fetch(const StudyFile& study, Dataset& dataset, Transport& transport, const Options& options,
           Console& console, UpdateResult& result);

/// The update as the dataset's log of runs has it; its times and command are left empty.
[[nodiscard]] RunState run_state(const UpdateResult& result, const Dataset& dataset);

/// Says what the update came to and what the dataset still lacks. \return the exit code
int report_update(const UpdateResult& result, const Dataset& dataset, Console& console);

/// Keeps what the source last told of its allowance.
void keep_allowance(const std::string& source, const SourceRun& run, Dataset& dataset);

/// Whom and what a source is asked for, given what is known of people's identities; co-authors are left to
/// the caller, since they are known only once the people's works are there.
[[nodiscard]] Scope scope_of(const StudyFile& study, const Source::Traits& source,
                             const std::vector<Identity>& identities);

}  // namespace coterie
