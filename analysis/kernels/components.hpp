#pragma once

#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// The connected components of a network.
struct Components {
  /// Vertex -> component, from 0 by decreasing size; of equal sizes the one with the smallest vertex comes
  /// first.
  std::vector<Index> of_vertex;
  std::vector<Index> sizes;  ///< vertices of each component
};

/// \complexity O(n + m + c log c) for c components
[[nodiscard]] Components components(const Network& network);

/// Numbers groups anew, from 0 by decreasing size, of equal sizes the one with the smallest vertex first.
/// Communities are numbered by the same rule. \param group_of_vertex any number below the number of vertices
/// for each vertex; its groups may be numbered with holes
[[nodiscard]] Components numbered_by_size(const std::vector<Index>& group_of_vertex);

}  // namespace coterie
