#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/kernels/betweenness.hpp"
#include "analysis/kernels/lanes.hpp"

namespace coterie {
namespace {

/// Relative difference below which two distances are one.
constexpr double k_tolerance = 1e-10;

bool equal(double a, double b) { return std::abs(a - b) <= k_tolerance * std::max(a, b); }

/// The links with their lengths, in compressed rows.
struct Lengths {
  std::vector<std::uint64_t> offsets{0};
  std::vector<std::pair<Index, double>> arcs;

  explicit Lengths(const Network& network) {
    offsets.reserve(network.size() + 1);
    arcs.reserve(2 * network.edges());
    for (Index v = 0; v < network.size(); ++v) {
      const auto neighbours = network.neighbours(v);
      const auto weights = network.weights(v);
      for (std::size_t k = 0; k < neighbours.size(); ++k) arcs.emplace_back(neighbours[k], 1.0 / weights[k]);
      offsets.push_back(arcs.size());
    }
  }

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const std::pair<Index, double>> of(Index v) const {
    return {arcs.data() + offsets[v], arcs.data() + offsets[v + std::size_t{1}]};
  }
};

/// Vertices by distance, smallest first, with four children to a node; it knows the place of each vertex.
class Heap {
 public:
  explicit Heap(std::size_t vertices) : m_place(vertices, k_none) { m_entries.reserve(vertices); }

  [[nodiscard]] bool empty() const { return m_entries.empty(); }

  /// Adds the vertex or brings it nearer.
  void put(Index vertex, double distance) {
    Index place = m_place[vertex];
    if (place == k_none) {
      place = static_cast<Index>(m_entries.size());
      m_entries.emplace_back();
    }
    while (place > 0) {
      const Index parent = (place - 1) / 4;
      if (m_entries[parent].first <= distance) break;
      set(place, m_entries[parent]);
      place = parent;
    }
    set(place, {distance, vertex});
  }

  Index take() {
    const Index vertex = m_entries.front().second;
    m_place[vertex] = k_none;
    const auto last = m_entries.back();
    m_entries.pop_back();
    if (!m_entries.empty()) sink(last);
    return vertex;
  }

 private:
  using Entry = std::pair<double, Index>;

  void set(Index place, const Entry& entry) {
    m_entries[place] = entry;
    m_place[entry.second] = place;
  }

  void sink(const Entry& entry) {
    std::size_t place = 0;
    while (true) {
      const std::size_t first = 4 * place + 1;
      if (first >= m_entries.size()) break;
      const std::size_t end = std::min(first + 4, m_entries.size());
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (m_entries[child].first < m_entries[least].first) least = child;
      }
      if (m_entries[least].first >= entry.first) break;
      set(static_cast<Index>(place), m_entries[least]);
      place = least;
    }
    set(static_cast<Index>(place), entry);
  }

  std::vector<Entry> m_entries;
  std::vector<Index> m_place;
};

/// The searches of one thread.
class Searches {
 public:
  explicit Searches(const Lengths& lengths)
      : m_lengths(lengths),
        m_heap(lengths.size()),
        m_distance(lengths.size(), k_far),
        m_paths(lengths.size(), 0.0),
        m_dependency(lengths.size(), 0.0),
        m_rank(lengths.size(), k_none) {
    m_order.reserve(lengths.size());
    m_predecessors.reserve(lengths.arcs.size());
    m_predecessor_ends.reserve(lengths.size());
  }

  void operator()(std::size_t source, std::vector<double>& sums) {
    settle(static_cast<Index>(source));
    count_paths();
    for (std::size_t k = m_order.size(); k-- > 1;) {
      const Index w = m_order[k];
      const double share = (1.0 + m_dependency[w]) / m_paths[w];
      for (std::size_t p = m_predecessor_ends[k - 1]; p < m_predecessor_ends[k]; ++p) {
        m_dependency[m_predecessors[p]] += m_paths[m_predecessors[p]] * share;
      }
      sums[w] += m_dependency[w];
    }
    for (const Index v : m_order) {
      m_distance[v] = k_far;
      m_paths[v] = 0.0;
      m_dependency[v] = 0.0;
      m_rank[v] = k_none;
    }
  }

 private:
  static constexpr double k_far = std::numeric_limits<double>::infinity();

  /// Distances from the source, and the order in which they are reached.
  void settle(Index source) {
    m_order.clear();
    m_distance[source] = 0.0;
    m_heap.put(source, 0.0);
    while (!m_heap.empty()) {
      const Index v = m_heap.take();
      m_rank[v] = static_cast<Index>(m_order.size());
      m_order.push_back(v);
      for (const auto& [u, length] : m_lengths.of(v)) {
        const double distance = m_distance[v] + length;
        if (m_rank[u] != k_none || !(distance < m_distance[u])) continue;
        m_distance[u] = distance;
        m_heap.put(u, distance);
      }
    }
  }

  /// Paths are counted when all distances are known, so that each tie is judged once, by final distances.
  void count_paths() {
    m_predecessors.clear();
    m_predecessor_ends.clear();
    m_paths[m_order.front()] = 1.0;
    for (std::size_t k = 0; k < m_order.size(); ++k) {
      const Index w = m_order[k];
      for (const auto& [v, length] : m_lengths.of(w)) {
        if (m_rank[v] >= k || !equal(m_distance[v] + length, m_distance[w])) continue;
        m_paths[w] += m_paths[v];
        m_predecessors.push_back(v);
      }
      m_predecessor_ends.push_back(m_predecessors.size());
    }
  }

  const Lengths& m_lengths;
  Heap m_heap;
  std::vector<double> m_distance;
  std::vector<double> m_paths;
  std::vector<double> m_dependency;
  std::vector<Index> m_rank;
  std::vector<Index> m_order;
  std::vector<Index> m_predecessors;  ///< of all vertices, in the order of m_order
  std::vector<std::size_t> m_predecessor_ends;
};

}  // namespace

std::vector<double> weighted_betweenness(const Network& network, int threads) {
  const Lengths lengths(network);
  std::vector<double> result = sum_over_batches<Searches>(lengths.size(), lengths.size(), threads, lengths);
  // Every pair was met from both of its ends.
  for (double& value : result) value /= 2.0;
  return result;
}

}  // namespace coterie
