#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "coterie/dataset.hpp"
#include "coterie/roster.hpp"
#include "coterie/source.hpp"

namespace coterie {

/// Whether less than `span` lies between two UTC timestamps. A moment in the future comes from a clock that
/// was wrong, and is not recent: there is no reason to wait for it.
[[nodiscard]] bool is_recent(const std::string& moment, const std::string& now, std::chrono::hours span);

/// Everything but the source's answers that a person's identities depend on (the person, the decisions about
/// them, the institutions), as a SHA-256.
[[nodiscard]] std::string decision_digest(const Person& person, const Roster& roster);

/// Whether the queries search for the person by name, which costs, and need not be asked because the same
/// search was answered less than a week before `now`.
[[nodiscard]] bool searched_of_late(const std::vector<Query>& lookups,
                                    const std::optional<Resolution>& resolution, const std::string& digest,
                                    const std::string& now);

}  // namespace coterie
