#pragma once

#include <vector>

#include "coterie/identity.hpp"
#include "coterie/study_file.hpp"

namespace coterie {

/// Writes review/identities.csv: every candidate with its score and evidence, in the columns of
/// identities.csv (so that a line can be carried over as it is) followed by status, name, score and evidence.
/// Decided people come last. \throws Error{cannot_create}, Error{io}
void write_review(const StudyFile& study, const std::vector<Identity>& identities);

}  // namespace coterie
