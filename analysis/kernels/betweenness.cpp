#include "analysis/kernels/betweenness.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "analysis/kernels/lanes.hpp"
#include "analysis/kernels/path_graph.hpp"

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
  explicit Searches(const PathGraph& paths)
      : m_prepared(paths),
        m_graph(paths.graph),
        m_paths(m_graph.size()),
        m_dependency(m_graph.size()),
        m_seen(m_graph.size(), 0),
        m_mask(m_graph.size(), 0) {
    m_reached.reserve(m_graph.size());
  }

  void operator()(std::size_t batch, std::vector<double>& sums) {
    const std::size_t first = batch * k_together;
    start(first, std::min(first + k_together, m_prepared.sources.size()));
    forward();
    backward(sums);
    clear();
  }

 private:
  void start(std::size_t first, std::size_t last) {
    m_reached.clear();
    m_level_starts.assign(1, 0);
    m_weights = Values{};
    for (std::size_t k = first; k < last; ++k) {
      const Index source = m_prepared.sources[k];
      const auto bit = static_cast<Mask>(1U << (k - first));
      m_seen[source] = bit;
      m_paths[source].at[k - first] = 1.0;
      m_weights.at[k - first] = m_prepared.source_weights[k];
      m_reached.push_back({source, bit});
    }
  }

  void forward() {
    // Masks are bytes, which may be part of anything: without these, each change of one would have the places
    // of all arrays read again.
    const Mask* const seen = m_seen.data();
    Mask* const mask = m_mask.data();
    Values* const paths = m_paths.data();
    for (std::size_t begin = 0; begin < m_reached.size();) {
      const std::size_t end = m_reached.size();
      m_level_starts.push_back(end);
      for (std::size_t k = begin; k < end; ++k) {
        const auto [v, sources] = m_reached[k];
        if (begin > 0 && m_prepared.simplicial[v] != 0) continue;
        const Values from = m_paths[v];
        for (const Index u : m_graph.of(v)) {
          const auto fresh = static_cast<Mask>(sources & ~seen[u]);
          if (fresh == 0) continue;
          if (mask[u] == 0) m_reached.push_back({u, 0});
          mask[u] |= fresh;
          add_product(paths[u], from, k_chosen[fresh]);
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
      if (level > 1) hand_back(m_level_starts[level - 1], begin, end);
      for (std::size_t k = begin; k < end; ++k) {
        const auto [w, sources] = m_reached[k];
        if (m_prepared.simplicial[w] == 0) sums[w] += total(m_dependency[w], sources);
      }
    }
  }

  /// Hands the dependencies of a level, from `begin` up to `end`, to the level before it, which starts at
  /// `before`.
  void hand_back(std::size_t before, std::size_t begin, std::size_t end) {
    const Mask* const mask = m_mask.data();
    const Values* const paths = m_paths.data();
    Values* const dependency = m_dependency.data();
    for (std::size_t k = before; k < begin; ++k) m_mask[m_reached[k].vertex] = m_reached[k].sources;
    for (std::size_t k = begin; k < end; ++k) {
      const auto [w, sources] = m_reached[k];
      const Values share = shares(w, sources);
      for (const Index v : m_prepared.inner(w)) {
        const auto common = static_cast<Mask>(sources & mask[v]);
        if (common != 0) add_product(dependency[v], paths[v], share, k_chosen[common]);
      }
    }
    for (std::size_t k = before; k < begin; ++k) m_mask[m_reached[k].vertex] = 0;
  }

  void clear() {
    for (const Reached& entry : m_reached) {
      m_paths[entry.vertex] = Values{};
      m_dependency[entry.vertex] = Values{};
      m_seen[entry.vertex] = 0;
    }
  }

  // The sums go through a local value: the compiler could not rule out that `to` and `a` are one, and would
  // take the sources one by one.
  static void add_product(Values& to, const Values& a, const Values& b) {
    Values sum;
    for (std::size_t s = 0; s < k_together; ++s) sum.at[s] = to.at[s] + a.at[s] * b.at[s];
    to = sum;
  }

  static void add_product(Values& to, const Values& a, const Values& b, const Values& c) {
    Values sum;
    for (std::size_t s = 0; s < k_together; ++s) sum.at[s] = to.at[s] + a.at[s] * b.at[s] * c.at[s];
    to = sum;
  }

  /// (1 + dependency) / paths for the sources of the mask, 0 for the others.
  [[nodiscard]] Values shares(Index w, Mask sources) const {
    Values result;
    for (std::size_t s = 0; s < k_together; ++s) {
      if ((std::uint32_t{sources} >> s & 1U) != 0)
        result.at[s] = (1.0 + m_dependency[w].at[s]) / m_paths[w].at[s];
    }
    return result;
  }

  [[nodiscard]] double total(const Values& values, Mask sources) const {
    double sum = 0.0;
    for (std::size_t s = 0; s < k_together; ++s)
      sum += values.at[s] * m_weights.at[s] * k_chosen[sources].at[s];
    return sum;
  }

  const PathGraph& m_prepared;
  const SearchGraph& m_graph;
  Values m_weights;  ///< for how many vertices each search counts
  std::vector<Values> m_paths;
  std::vector<Values> m_dependency;
  std::vector<Mask> m_seen;
  std::vector<Mask> m_mask;  ///< sources of a vertex on one level; all zero between levels
  std::vector<Reached> m_reached;
  std::vector<std::size_t> m_level_starts;
};

}  // namespace

std::vector<double> betweenness(const Network& network, int threads) {
  const PathGraph paths(network);
  const std::size_t n = paths.graph.size();
  const std::size_t batches = (paths.sources.size() + k_together - 1) / k_together;
  const std::vector<double> sums = sum_over_batches<Searches>(n, batches, threads, paths);
  // Every pair was met from both of its ends.
  std::vector<double> result(n);
  for (std::size_t v = 0; v < n; ++v) result[paths.graph.vertex[v]] = (sums[v] + paths.passing[v]) / 2.0;
  return result;
}

}  // namespace coterie
