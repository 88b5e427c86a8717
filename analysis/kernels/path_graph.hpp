#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/kernels/search_graph.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// A search graph prepared for counting shortest paths by hops. Networks of bylines are full of vertices that
/// no shortest path passes and of vertices that see the same distances; searches need not repeat what is
/// known.
///
/// * A vertex is *simplicial* if its neighbours are all linked to one another. No shortest path passes it, so
///   a search ends there.
/// * *Twins* are linked vertices with the same other neighbours. Searches from twins pass every other vertex
///   equally often: one search counts for all of them.
/// * If all neighbours of a simplicial vertex s but one, k, are its twins, every path of s leaves through k,
///   and beyond k the search from s is the search from k. Of s remains what passes k itself.
///
/// \see A. E. Sariyuce, E. Saule, K. Kaya, U. V. Catalyurek (2012), arXiv:1209.6007,
/// doi 10.48550/arXiv.1209.6007
struct PathGraph {
  SearchGraph graph;                      ///< in each row the neighbours that are not simplicial come first
  std::vector<std::uint32_t> inner_ends;  ///< vertex -> where these end
  std::vector<std::uint8_t> simplicial;   ///< vertex -> 1 if no shortest path passes it
  std::vector<Index> sources;             ///< vertices to search from
  std::vector<double> source_weights;     ///< for how many vertices the search of each source counts
  std::vector<double> passing;  ///< vertex -> ordered pairs (s, t) that pass it and are in no search

  explicit PathGraph(const Network& network);

  [[nodiscard]] std::span<const Index> inner(Index v) const {
    return {graph.neighbours.data() + graph.offsets[v], graph.neighbours.data() + inner_ends[v]};
  }
};

}  // namespace coterie
