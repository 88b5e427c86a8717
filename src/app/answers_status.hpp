#pragma once

#include <optional>
#include <string>

#include "coterie/answers.hpp"
#include "coterie/study_file.hpp"

namespace coterie {

/// What is kept of the sources' answers; nullopt if nothing was ever kept.
/// \throws Error as AnswerArchive
[[nodiscard]] std::optional<ArchiveState> kept_answers_of(const StudyFile& study);

/// The same in a line for people.
[[nodiscard]] std::string in_words(const ArchiveState& state);

}  // namespace coterie
