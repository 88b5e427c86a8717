#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coterie/identity.hpp"
#include "coterie/roster.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// The key under which names are compared: accents, case, hyphens and apostrophes folded, tokens sorted, so
/// that "Guo, Daya", "Daya GUO" and "daya guo" are equal. Empty for a text without letters. \complexity
/// O(length log length)
[[nodiscard]] std::string name_key(std::string_view name);

/// Whether a byline entry is no person but a collective ("DeepSeek-AI", "et al"), which never becomes a node.
[[nodiscard]] bool is_collective(std::string_view name);

/// Decides which of a source's author records are the person.
///
/// Confirmed: an id the roster or identities.csv names, or an equal ORCID. Otherwise candidates whose name
/// (or one of whose alternatives) equals one of the person's are weighed: an affiliation hint met by the
/// candidate's institutions counts most. The one candidate that fits is probable; with several the identity
/// is ambiguous, and nothing is merged.
///
/// \return one Identity per candidate that is worth a look, best first; ties by author id
[[nodiscard]] std::vector<Identity> decide_identities(const Person& person, const Roster& roster,
                                                      std::string_view source,
                                                      const std::vector<AuthorRecord>& candidates);

}  // namespace coterie
