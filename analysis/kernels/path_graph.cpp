#include "analysis/kernels/path_graph.hpp"

#include <algorithm>

#include "analysis/kernels/triangles.hpp"

namespace coterie {
namespace {

/// A well mixed number of a vertex, so that sums of them tell sets of vertices apart.
std::uint64_t mixed(std::uint64_t v) {
  v = (v + 1) * 0x9e3779b97f4a7c15U;
  v = (v ^ (v >> 32U)) * 0xd6e8feb86659fd93U;
  return v ^ (v >> 32U);
}

/// Vertex -> the first of its twins, itself if it has none.
std::vector<Index> first_twins(const SearchGraph& graph) {
  const std::size_t n = graph.size();
  std::vector<std::uint64_t> closed(n);
  for (Index v = 0; v < n; ++v) {
    closed[v] = mixed(v);
    for (const Index u : graph.of(v)) closed[v] += mixed(u);
  }
  std::vector<Index> first(n, k_none);
  std::vector<Index> marked_by(n, k_none);
  for (Index v = 0; v < n; ++v) {
    if (first[v] != k_none) continue;
    first[v] = v;
    marked_by[v] = v;
    for (const Index u : graph.of(v)) marked_by[u] = v;
    for (const Index u : graph.of(v)) {
      if (first[u] != k_none || closed[u] != closed[v] || graph.degree(u) != graph.degree(v)) continue;
      // Equal sums are no proof.
      if (std::ranges::all_of(graph.of(u), [&](Index w) { return marked_by[w] == v; })) first[u] = v;
    }
  }
  return first;
}

std::vector<std::uint8_t> simplicial_vertices(const Network& network, const SearchGraph& graph) {
  const std::vector<std::uint64_t> closed = triangles(network);
  std::vector<std::uint8_t> result(graph.size());
  for (Index v = 0; v < graph.size(); ++v) {
    const std::uint64_t degree = graph.degree(v);
    result[v] = degree < 2 || 2 * closed[graph.vertex[v]] == degree * (degree - 1) ? 1 : 0;
  }
  return result;
}

}  // namespace

PathGraph::PathGraph(const Network& network)
    : graph(network), simplicial(simplicial_vertices(network, graph)), passing(graph.size(), 0.0) {
  const std::size_t n = graph.size();
  inner_ends.reserve(n);
  for (Index v = 0; v < n; ++v) {
    const auto begin = graph.neighbours.begin() + graph.offsets[v];
    const auto end = graph.neighbours.begin() + graph.offsets[v + std::size_t{1}];
    const auto middle = std::stable_partition(begin, end, [&](Index u) { return simplicial[u] == 0; });
    inner_ends.push_back(static_cast<std::uint32_t>(middle - graph.neighbours.begin()));
  }

  const std::vector<Index> first = first_twins(graph);
  std::vector<double> counts(n, 0.0);
  for (Index v = 0; v < n; ++v) {
    if (simplicial[v] == 0) {
      counts[first[v]] += 1.0;
      continue;
    }
    Index others = 0;
    Index other = k_none;
    for (const Index u : graph.of(v)) {
      if (first[u] == first[v]) continue;
      ++others;
      other = u;
    }
    // Without others the component is a clique, where no path passes anyone.
    if (others > 1) counts[first[v]] += 1.0;
    if (others == 1) {
      counts[first[other]] += 1.0;
      const Index part = graph.component[v];
      const Index size = graph.component_starts[part + std::size_t{1}] - graph.component_starts[part];
      passing[other] += static_cast<double>(size - 1 - graph.degree(v));
    }
  }
  for (Index v = 0; v < n; ++v) {
    if (counts[v] == 0.0) continue;
    sources.push_back(v);
    source_weights.push_back(counts[v]);
  }
}

}  // namespace coterie
