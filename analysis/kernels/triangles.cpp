#include "analysis/kernels/triangles.hpp"

namespace coterie {
namespace {

/// Vertices numbered by falling degree, so that those met early have many neighbours and those met late few
/// before them.
std::vector<Index> ranks_by_degree(const Network& network) {
  const std::size_t n = network.size();
  std::size_t largest = 0;
  for (Index v = 0; v < n; ++v) largest = std::max(largest, network.degree(v));
  std::vector<Index> starts(largest + 2, 0);
  for (Index v = 0; v < n; ++v) ++starts[largest - network.degree(v) + 1];
  for (std::size_t d = 0; d + 1 < starts.size(); ++d) starts[d + 1] += starts[d];
  std::vector<Index> rank(n);
  for (Index v = 0; v < n; ++v) rank[v] = starts[largest - network.degree(v)]++;
  return rank;
}

/// The neighbours of lower rank of each vertex, by rank and in ranks.
struct Earlier {
  std::vector<std::uint64_t> offsets;
  std::vector<Index> ranks;
};

Earlier earlier_neighbours(const Network& network, const std::vector<Index>& vertex,
                           const std::vector<Index>& rank) {
  Earlier result;
  result.offsets.reserve(vertex.size() + 1);
  result.offsets.push_back(0);
  result.ranks.reserve(network.edges());
  for (std::size_t r = 0; r < vertex.size(); ++r) {
    for (const Index u : network.neighbours(vertex[r])) {
      if (rank[u] < r) result.ranks.push_back(rank[u]);
    }
    result.offsets.push_back(result.ranks.size());
  }
  return result;
}

}  // namespace

std::vector<std::uint64_t> triangles(const Network& network) {
  const std::size_t n = network.size();
  const std::vector<Index> rank = ranks_by_degree(network);
  std::vector<Index> vertex(n);
  for (Index v = 0; v < n; ++v) vertex[rank[v]] = v;
  const Earlier earlier = earlier_neighbours(network, vertex, rank);

  std::vector<std::uint64_t> by_rank(n, 0);
  std::vector<Index> marked_by(n, k_none);
  for (Index a = 0; a < n; ++a) {
    for (std::uint64_t k = earlier.offsets[a]; k < earlier.offsets[a + 1]; ++k)
      marked_by[earlier.ranks[k]] = a;
    for (std::uint64_t k = earlier.offsets[a]; k < earlier.offsets[a + 1]; ++k) {
      const Index b = earlier.ranks[k];
      for (std::uint64_t l = earlier.offsets[b]; l < earlier.offsets[b + 1]; ++l) {
        const Index c = earlier.ranks[l];
        if (marked_by[c] != a) continue;
        ++by_rank[a];
        ++by_rank[b];
        ++by_rank[c];
      }
    }
  }
  std::vector<std::uint64_t> result(n);
  for (std::size_t r = 0; r < n; ++r) result[vertex[r]] = by_rank[r];
  return result;
}

std::vector<double> local_clustering(const Network& network,
                                     const std::vector<std::uint64_t>& triangles_of_vertex) {
  std::vector<double> result(network.size(), 0.0);
  for (Index v = 0; v < network.size(); ++v) {
    const std::uint64_t degree = network.degree(v);
    if (degree < 2) continue;
    result[v] = static_cast<double>(triangles_of_vertex[v]) / static_cast<double>(degree * (degree - 1) / 2);
  }
  return result;
}

}  // namespace coterie
