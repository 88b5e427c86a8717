#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "coterie/study.hpp"
#include "coterie/tables.hpp"

namespace coterie {

/// Key of an author or institution -> number of its community in an earlier report.
using CommunityNumbers = std::unordered_map<std::string, std::int64_t>;

/// Numbers of communities under which the members of an earlier report find theirs again.
///
/// A community C takes the number of the earlier community E if, among the members that stood in the earlier
/// report too, more than half of those in C or E are in both:
///
///     |C and E| / |C or E| > 1/2      (Jaccard, over the members known to both reports)
///
/// Each C has at most one such E and each E one such C: two would each hold more than half of the same
/// members. So the matching is unique, and depends on no order. Members who are new or gone have no say:
/// one work with a long byline would otherwise take the number of a small community away. Every other
/// community gets a number above all those of the earlier report, in the order of its own number.
///
/// \param communities number of the community of each vertex
/// \param keys of the vertices
/// \param before positive numbers; if it is empty, `communities` is returned
/// \complexity O(n log n)
/// \see D. Greene, D. Doyle, P. Cunningham (2010), ASONAM, 176-183, doi 10.1109/ASONAM.2010.17 (matching by a
///      threshold of the Jaccard coefficient)
[[nodiscard]] std::vector<std::int64_t> carried_numbers(std::span<const std::int64_t> communities,
                                                        std::span<const std::string> keys,
                                                        const CommunityNumbers& before);

/// Gives the communities of both networks the numbers they had in an earlier report, where the metric was
/// measured: every table made from `measured` has them.
void carry_communities(Measured& measured, const Study& study, const CommunityNumbers& authors_before,
                       const CommunityNumbers& institutions_before);

}  // namespace coterie
