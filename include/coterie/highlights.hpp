#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coterie/study.hpp"

namespace coterie {

/// A few lines about a study that are worth knowing at once: what it is made of; how many of the people were
/// found; how the team that is asked about meets each team it is compared with; with whom outside the team
/// its people wrote most; and which watched institutions stand on the people's authorships. Without
/// `[influence]`, the two teams with most people found stand in. Lines that have no subject (no teams) are
/// left out. \complexity O(authorships)
[[nodiscard]] std::vector<std::string> highlights(const Study& study,
                                                  const std::optional<StudyFile::Influence>& influence);

}  // namespace coterie
