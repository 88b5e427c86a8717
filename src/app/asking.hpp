#pragma once

#include <memory>
#include <string>

#include "coterie/harvest.hpp"
#include "coterie/source.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"
#include "src/app/transport.hpp"

namespace coterie {

/// The source with the study's settings and its key: from the key file that the study names, else from the
/// environment variable, else from the credential `NAME.key` that systemd hands to a service.
/// \param console hides the key from now on; nullptr: no console is at hand
/// \throws Error{configuration} if the file is open to other people, Error{no_input} if it is missing
[[nodiscard]] std::unique_ptr<Source> configured_source(const StudyFile& study, const std::string& name,
                                                        Console* console = nullptr);

/// The network itself, at the pace of the sources, until the run's time is over or a signal asks for its end.
[[nodiscard]] std::unique_ptr<Transport> network(const Options& options);

/// Everything needed to ask one source: the source, the transport, the pace, and where progress is shown.
struct Asking {
  /// \param run what this run has learnt of the source so far
  Asking(const StudyFile& study, const std::string& name, Transport& transport, Console& console,
         SourceRun& run);

  const std::unique_ptr<Source> source;
  const std::unique_ptr<Http> http;
  const std::unique_ptr<Pacing> pacing;
  const HarvestTools tools;
};

/// Now, in seconds since 1970.
[[nodiscard]] std::int64_t wall_clock();

}  // namespace coterie
