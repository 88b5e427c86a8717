#include "analysis/kernels/search_graph.hpp"

namespace coterie {
namespace {

/// Where the search of each component starts.
std::vector<Index> hubs(const Network& network, const Components& parts) {
  std::vector<Index> result(parts.sizes.size(), k_none);
  for (Index v = 0; v < network.size(); ++v) {
    Index& hub = result[parts.of_vertex[v]];
    if (hub == k_none || network.degree(v) > network.degree(hub)) hub = v;
  }
  return result;
}

}  // namespace

SearchGraph::SearchGraph(const Network& network) {
  const Components parts = components(network);
  std::vector<Index> place(network.size(), k_none);
  vertex.reserve(network.size());
  component.reserve(network.size());
  for (const Index hub : hubs(network, parts)) {
    std::size_t next = vertex.size();
    component_starts.push_back(static_cast<Index>(next));
    place[hub] = static_cast<Index>(next);
    vertex.push_back(hub);
    for (; next < vertex.size(); ++next) {
      component.push_back(parts.of_vertex[hub]);
      for (const Index u : network.neighbours(vertex[next])) {
        if (place[u] != k_none) continue;
        place[u] = static_cast<Index>(vertex.size());
        vertex.push_back(u);
      }
    }
  }
  component_starts.push_back(static_cast<Index>(vertex.size()));

  offsets.reserve(network.size() + 1);
  neighbours.reserve(2 * network.edges());
  for (const Index v : vertex) {
    for (const Index u : network.neighbours(v)) neighbours.push_back(place[u]);
    offsets.push_back(static_cast<std::uint32_t>(neighbours.size()));
  }
}

}  // namespace coterie
