#pragma once

#include "coterie/study_file.hpp"
#include "src/app/console.hpp"

namespace coterie {

/// Makes the dataset again from the answers that were kept: every run again, in order, with the study's files
/// and the times of then. Asks no source, needs no key. What the dataset holds beside (imports, runs whose
/// answers were not kept) is carried over. The new dataset takes the place of the old one in one step.
/// \return 0, or the exit code of the gravest gap that is left
/// \throws Error{no_input} if no answers are kept, Error{data} if the dataset that is there is damaged
int replay(const StudyFile& study, const Options& options, Console& console);

}  // namespace coterie
