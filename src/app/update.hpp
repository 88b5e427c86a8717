#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/source.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"

namespace coterie {

/// What an update of the dataset came to.
struct UpdateResult {
  std::uint64_t calls = 0;
  double cost = 0;                    ///< US dollars
  std::uint64_t fetched = 0;          ///< records of the queries that were asked
  std::vector<std::string> warnings;  ///< people not found, ambiguous identities
  int exit = 0;                       ///< 0, or the exit code of the gravest gap

  /// Adds how a query ended.
  void add(const HarvestOutcome& outcome);
};

/// Looks every person of the roster up in every source of the study that knows authors by id, stores the
/// identities, and writes review/identities.csv. A source that cannot be asked leaves the identities of
/// earlier runs as they are.
void resolve(const StudyFile& study, Dataset& dataset, const Options& options, Console& console,
             UpdateResult& result);

/// Asks every source of the study for the works of its scope. What is missing afterwards is a gap in the
/// dataset.
void fetch(const StudyFile& study, Dataset& dataset, const Options& options, Console& console,
           UpdateResult& result);

/// Says what the update came to and what the dataset still lacks. \return the exit code
int report_update(const UpdateResult& result, const Dataset& dataset, Console& console);

/// Whom and what a source is asked for, given what is known of people's identities; co-authors are left to
/// the caller, since they are known only once the people's works are there.
[[nodiscard]] Scope scope_of(const StudyFile& study, const Source::Traits& source,
                             const std::vector<Identity>& identities);

}  // namespace coterie
