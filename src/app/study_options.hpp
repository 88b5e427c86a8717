#pragma once

#include "coterie/study_file.hpp"
#include "src/app/options.hpp"

namespace CLI {
class App;
}

namespace coterie {

/// Declares the argument STUDY.
void add_study_argument(CLI::App& app, Options& options);

/// Declares --json.
void add_json_option(CLI::App& app, Options& options);

/// Reads the study that the command line names, checked against the registries of sources and metrics.
/// \throws Error as read_study()
[[nodiscard]] StudyFile named_study(const Options& options);

}  // namespace coterie
