#include "analysis/kernels/betweenness.hpp"

#include <array>
#include <cstdint>

#include "analysis/kernels/lanes.hpp"
#include "analysis/kernels/search_graph.hpp"

namespace coterie {
namespace {

/// Sources searched together. Their searches meet the same vertices at nearly the same time, so each link is
/// read once for several of them.
constexpr std::size_t k_together = 8;

/// One value for each source of a batch.
struct alignas(16) Values {
  std::array<double, k_together> at{};
};

using Mask = std::uint8_t;

/// Mask -> 1 for the sources in it, 0 for the others, so that a masked sum is a product without a branch.
constexpr std::array<Values, 256> chosen_table() {
  std::array<Values, 256> table{};
  for (std::size_t mask = 0; mask < table.size(); ++mask) {
    for (std::size_t s = 0; s < k_together; ++s) table[mask].at[s] = (mask >> s) & 1U ? 1.0 : 0.0;
  }
  return table;
}

constexpr std::array<Values, 256> k_chosen = chosen_table();

/// A vertex with the sources that reach it at the level of the entry.
struct Reached {
  Index vertex;
  Mask sources;
};

/// The searches of one thread: forward by levels, counting paths, and back, collecting dependencies.
class Searches {
 public:
  explicit Searches(const SearchGraph& graph)
      : m_graph(graph),
        m_paths(graph.size()),
        m_dependency(graph.size()),
        m_seen(graph.size(), 0),
        m_mask(graph.size(), 0) {
    m_reached.reserve(graph.size());
  }

  void operator()(std::size_t batch, std::vector<double>& sums) {
    const auto first = static_cast<Index>(batch * k_together);
    const auto last = static_cast<Index>(std::min(batch * k_together + k_together, m_graph.size()));
    start(first, last);
    forward();
    backward(sums);
    clear();
  }

 private:
  void start(Index first, Index last) {
    m_reached.clear();
    m_level_starts.assign(1, 0);
    for (Index source = first; source < last; ++source) {
      const auto bit = static_cast<Mask>(1U << (source - first));
      m_seen[source] = bit;
      m_paths[source].at[source - first] = 1.0;
      m_reached.push_back({source, bit});
    }
  }

  void forward() {
    for (std::size_t begin = 0; begin < m_reached.size();) {
      const std::size_t end = m_reached.size();
      m_level_starts.push_back(end);
      for (std::size_t k = begin; k < end; ++k) {
        const auto [v, sources] = m_reached[k];
        const Values& from = m_paths[v];
        for (const Index u : m_graph.of(v)) {
          const auto fresh = static_cast<Mask>(sources & ~m_seen[u]);
          if (fresh == 0) continue;
          if (m_mask[u] == 0) m_reached.push_back({u, 0});
          m_mask[u] |= fresh;
          add_product(m_paths[u], from, k_chosen[fresh]);
        }
      }
      for (std::size_t k = end; k < m_reached.size(); ++k) {
        Reached& entry = m_reached[k];
        entry.sources = m_mask[entry.vertex];
        m_seen[entry.vertex] |= entry.sources;
        m_mask[entry.vertex] = 0;
      }
      begin = end;
    }
  }

  void backward(std::vector<double>& sums) {
    // The last level start is the end of the list; level 0 holds the sources, which are inside no path of
    // their own.
    for (std::size_t level = m_level_starts.size() - 1; level-- > 1;) {
      const std::size_t begin = m_level_starts[level];
      const std::size_t end = m_level_starts[level + 1];
      const std::size_t before = m_level_starts[level - 1];
      for (std::size_t k = before; k < begin; ++k) m_mask[m_reached[k].vertex] = m_reached[k].sources;
      for (std::size_t k = begin; k < end; ++k) {
        const auto [w, sources] = m_reached[k];
        const Values share = shares(w, sources);
        for (const Index v : m_graph.of(w)) {
          const auto common = static_cast<Mask>(sources & m_mask[v]);
          if (common != 0) add_product(m_dependency[v], m_paths[v], share, k_chosen[common]);
        }
        sums[m_graph.vertex[w]] += total(m_dependency[w], sources);
      }
      for (std::size_t k = before; k < begin; ++k) m_mask[m_reached[k].vertex] = 0;
    }
  }

  void clear() {
    for (const Reached& entry : m_reached) {
      m_paths[entry.vertex] = Values{};
      m_dependency[entry.vertex] = Values{};
      m_seen[entry.vertex] = 0;
    }
  }

  static void add_product(Values& to, const Values& a, const Values& b) {
    for (std::size_t s = 0; s < k_together; ++s) to.at[s] += a.at[s] * b.at[s];
  }

  static void add_product(Values& to, const Values& a, const Values& b, const Values& c) {
    for (std::size_t s = 0; s < k_together; ++s) to.at[s] += a.at[s] * b.at[s] * c.at[s];
  }

  /// (1 + dependency) / paths for the sources of the mask, 0 for the others.
  [[nodiscard]] Values shares(Index w, Mask sources) const {
    Values result;
    for (std::size_t s = 0; s < k_together; ++s) {
      if ((sources >> s) & 1U) result.at[s] = (1.0 + m_dependency[w].at[s]) / m_paths[w].at[s];
    }
    return result;
  }

  static double total(const Values& values, Mask sources) {
    double sum = 0.0;
    for (std::size_t s = 0; s < k_together; ++s) sum += values.at[s] * k_chosen[sources].at[s];
    return sum;
  }

  const SearchGraph& m_graph;
  std::vector<Values> m_paths;
  std::vector<Values> m_dependency;
  std::vector<Mask> m_seen;
  std::vector<Mask> m_mask;  ///< sources of a vertex on one level; all zero between levels
  std::vector<Reached> m_reached;
  std::vector<std::size_t> m_level_starts;
};

}  // namespace

std::vector<double> betweenness(const Network& network, int threads) {
  const SearchGraph graph(network);
  const std::size_t batches = (graph.size() + k_together - 1) / k_together;
  std::vector<double> result = sum_over_batches<Searches>(graph.size(), batches, threads, graph);
  // Every pair was met from both of its ends.
  for (double& value : result) value /= 2.0;
  return result;
}

}  // namespace coterie
