#include "analysis/kernels/coreness.hpp"

#include <algorithm>

namespace coterie {

std::vector<Index> coreness(const Network& network) {
  const std::size_t n = network.size();
  std::vector<Index> degree(n);
  Index largest = 0;
  for (Index v = 0; v < n; ++v) {
    degree[v] = static_cast<Index>(network.degree(v));
    largest = std::max(largest, degree[v]);
  }

  // Vertices sorted by their remaining degree; starts[d] is where those of degree d begin.
  std::vector<Index> starts(std::size_t{largest} + 2, 0);
  for (const Index d : degree) ++starts[d + std::size_t{1}];
  for (std::size_t d = 0; d + 1 < starts.size(); ++d) starts[d + 1] += starts[d];
  std::vector<Index> order(n);
  std::vector<Index> place(n);
  std::vector<Index> next(starts.begin(), starts.end() - 1);
  for (Index v = 0; v < n; ++v) {
    place[v] = next[degree[v]]++;
    order[place[v]] = v;
  }

  for (std::size_t k = 0; k < n; ++k) {
    const Index v = order[k];
    for (const Index u : network.neighbours(v)) {
      if (degree[u] <= degree[v]) continue;
      // u changes places with the first of its degree, which then belongs to the degree below.
      const Index first = starts[degree[u]]++;
      const Index other = order[first];
      std::swap(order[first], order[place[u]]);
      std::swap(place[other], place[u]);
      --degree[u];
    }
  }
  return degree;
}

}  // namespace coterie
