#pragma once

#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// Vertex -> the largest k for which it belongs to a k-core, a largest part in which everyone has at least k
/// links to the others of the part. Vertices without links have 0. \complexity O(n + m) \see V. Batagelj, M.
/// Zaversnik (2003), arXiv:cs/0310049, doi 10.48550/arXiv.cs/0310049
[[nodiscard]] std::vector<Index> coreness(const Network& network);

}  // namespace coterie
