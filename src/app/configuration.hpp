#pragma once

#include <string>
#include <utility>
#include <vector>

#include "coterie/study_file.hpp"
#include "src/app/options.hpp"

namespace coterie {

/// Everything but the dataset that a report depends on, as key and JSON text, sorted by key: window, scope,
/// counting, metrics, seed, version, and a SHA-256 of the roster, institutions, decisions and relations.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> configuration_of(const StudyFile& study,
                                                                                const Options& options);

}  // namespace coterie
