#pragma once

#include <memory>
#include <string>

#include "coterie/harvest.hpp"
#include "coterie/source.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"

namespace coterie {

/// The source with the study's settings and its key, read from the environment or the key file.
/// \throws Error{configuration} if a named key file is open to other people, Error{no_input} if it is missing
[[nodiscard]] std::unique_ptr<Source> configured_source(const StudyFile& study, const std::string& name);

/// Everything needed to ask one source: the source, the transport, the pace, and where progress is shown.
struct Asking {
  /// \param run what this run has learnt of the source so far
  Asking(const StudyFile& study, const std::string& name, const Options& options, Console& console,
         SourceRun& run);

  const std::unique_ptr<Source> source;
  const std::unique_ptr<Http> http;
  const std::unique_ptr<Pacing> pacing;
  const HarvestTools tools;
};

/// Now, in seconds since 1970.
[[nodiscard]] std::int64_t wall_clock();

}  // namespace coterie
