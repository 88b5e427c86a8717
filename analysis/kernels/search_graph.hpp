#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/kernels/components.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// The links of a network, renumbered for searches: components follow each other from the largest to the
/// smallest, and within each the vertices stand in breadth-first order from the one of highest degree (ties:
/// the smallest vertex). So neighbours lie near each other in memory, and searches from neighbouring sources
/// meet the same vertices at the same time.
struct SearchGraph {
  std::vector<std::uint32_t> offsets{0};
  std::vector<Index> neighbours;  ///< of vertex v: neighbours[offsets[v]] up to neighbours[offsets[v + 1]]
  std::vector<Index> vertex;      ///< here -> in the network
  std::vector<Index> component;   ///< here -> component, not decreasing
  std::vector<Index>
      component_starts;  ///< component c lies from component_starts[c] up to component_starts[c + 1]

  explicit SearchGraph(const Network& network);

  [[nodiscard]] std::size_t size() const { return vertex.size(); }
  [[nodiscard]] std::size_t degree(Index v) const { return offsets[v + std::size_t{1}] - offsets[v]; }
  [[nodiscard]] std::span<const Index> of(Index v) const {
    return {neighbours.data() + offsets[v], degree(v)};
  }
};

}  // namespace coterie
