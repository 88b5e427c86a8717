#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "coterie/dataset.hpp"
#include "coterie/study.hpp"
#include "coterie/study_file.hpp"
#include "src/app/console.hpp"

namespace coterie {

/// Opens the study's dataset for reading; one that an older version wrote is brought up to date first.
/// \throws Error{no_input} if there is none yet, saying how to get one
[[nodiscard]] Dataset stored_dataset(const StudyFile& study_file);

/// The dataset's works as a study: corpus, matrices and networks under the study's configuration.
[[nodiscard]] std::unique_ptr<const Study> load_study(const StudyFile& study_file, const Dataset& dataset);

/// Computes every table and matrix and publishes a report folder.
/// \return the folder
std::filesystem::path analyze(const StudyFile& study_file, const Study& study, const Dataset& dataset,
                              const Options& options, Console& console);

/// Publishes a report if it would tell something else than the newest one: of other works, under another
/// configuration, or without a gap that has closed since. It is compared with the newest one (changes.csv),
/// and its communities keep the numbers they have there. \return name of the folder, or `unchanged`
std::string refresh_report(const StudyFile& study_file, const Dataset& dataset, const Options& options,
                           Console& console);

/// Prints where the report lies and what is worth knowing at once.
void print_summary(const StudyFile& study_file, const Study& study, const std::filesystem::path& report,
                   Console& console);

}  // namespace coterie
