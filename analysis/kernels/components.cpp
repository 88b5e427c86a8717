#include "analysis/kernels/components.hpp"

#include <algorithm>

namespace coterie {

Components numbered_by_size(const std::vector<Index>& group_of_vertex) {
  // Groups in the order of their smallest vertices, so that a stable sort by size settles ties.
  std::vector<Index> position(group_of_vertex.size(), k_none);
  std::vector<Index> sizes;
  for (const Index group : group_of_vertex) {
    if (position[group] == k_none) {
      position[group] = static_cast<Index>(sizes.size());
      sizes.push_back(0);
    }
    ++sizes[position[group]];
  }
  std::vector<Index> order(sizes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
  std::ranges::stable_sort(order, [&](Index a, Index b) { return sizes[a] > sizes[b]; });

  Components result;
  std::vector<Index> rank(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = static_cast<Index>(i);
    result.sizes.push_back(sizes[order[i]]);
  }
  result.of_vertex.reserve(group_of_vertex.size());
  for (const Index group : group_of_vertex) result.of_vertex.push_back(rank[position[group]]);
  return result;
}

Components components(const Network& network) {
  std::vector<Index> label(network.size(), k_none);
  std::vector<Index> queue;
  for (Index start = 0; start < network.size(); ++start) {
    if (label[start] != k_none) continue;
    label[start] = start;
    queue.assign(1, start);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const Index u : network.neighbours(queue[next])) {
        if (label[u] != k_none) continue;
        label[u] = start;
        queue.push_back(u);
      }
    }
  }
  return numbered_by_size(label);
}

}  // namespace coterie
