#pragma once

#include <string>
#include <vector>

#include "coterie/study.hpp"

namespace coterie {

/// Five lines about a study that are worth knowing at once, each from the tables of its report:
/// what it is made of; how many of the people were found; how the two largest teams meet; with whom outside
/// the team its people wrote most; and which watched institutions stand on the works of the people. Lines
/// that have no subject (no teams, no watched institutions) are left out. \complexity O(authorships)
[[nodiscard]] std::vector<std::string> highlights(const Study& study);

}  // namespace coterie
