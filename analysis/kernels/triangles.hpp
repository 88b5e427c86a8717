#pragma once

#include <cstdint>
#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// Vertex -> number of triangles it belongs to; they add up to three times the triangles of the network.
/// \complexity O(m sqrt(m)) time, O(n + m) memory
/// \see T. Schank, D. Wagner (2005), WEA 2005, LNCS 3503, 606-609, doi 10.1007/11427186_54
[[nodiscard]] std::vector<std::uint64_t> triangles(const Network& network);

/// Vertex -> triangles over pairs of neighbours, 0 for vertices with less than two neighbours.
[[nodiscard]] std::vector<double> local_clustering(const Network& network,
                                                   const std::vector<std::uint64_t>& triangles_of_vertex);

}  // namespace coterie
