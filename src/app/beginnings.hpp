#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "coterie/answers.hpp"
#include "coterie/dataset.hpp"
#include "coterie/study_file.hpp"
#include "src/app/run_clock.hpp"

namespace coterie {

/// Keeps what a run begins with: the files of its study, and who was taken for whom. Both are needed to ask
/// the same again.
/// \param study_path folder or study.toml, as the command line names it
void keep_beginnings(AnswerArchive& archive, const StudyFile& study, const std::filesystem::path& study_path,
                     const Dataset& dataset, std::int64_t now);

/// The study as a run had it, from the files that it kept.
/// \param kept content by file name
/// \param folder an empty one; the files are written there
/// \return nullopt if they were not kept, or cannot be read by this version
[[nodiscard]] std::optional<StudyFile> kept_study(const std::map<std::string, std::string>& kept,
                                                  const std::filesystem::path& folder);

/// Who is taken for whom, and when people were searched for, as a text.
[[nodiscard]] std::string people_of(const StudyFile& study, const Dataset& dataset);

/// Takes people for whom a run took them, from what it kept. \throws Error{data} if that is damaged
void restore_people(const std::string& kept, Dataset& dataset, RunClock& clock);

}  // namespace coterie
