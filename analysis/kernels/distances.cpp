#include "analysis/kernels/distances.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/kernels/parallel.hpp"
#include "analysis/kernels/search_graph.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_words = 4;
constexpr std::size_t k_batch = 64 * k_words;

/// One bit for each source of a batch.
struct alignas(32) Bits {
  std::array<std::uint64_t, k_words> word{};

  [[nodiscard]] bool any() const { return (word[0] | word[1] | word[2] | word[3]) != 0; }
};

/// Number of set bits; the four words share the last steps of the sum, and no processor extension is needed.
std::uint64_t count(const Bits& bits) {
  constexpr std::uint64_t ones = 0x5555555555555555U;
  constexpr std::uint64_t twos = 0x3333333333333333U;
  constexpr std::uint64_t fours = 0x0f0f0f0f0f0f0f0fU;
  std::uint64_t bytes = 0;
  for (std::uint64_t x : bits.word) {
    x -= (x >> 1U) & ones;
    x = (x & twos) + ((x >> 2U) & twos);
    bytes += (x + (x >> 4U)) & fours;
  }
  // A byte holds at most 32, the sum of all eight at most 256, which needs more than the top byte of a
  // product.
  bytes = (bytes & 0x00ff00ff00ff00ffU) + ((bytes >> 8U) & 0x00ff00ff00ff00ffU);
  return (bytes * 0x0001000100010001U) >> 48U;
}

constexpr int k_unit_bits = 54;

/// Sums of one vertex; `high` counts the overflows of `low`.
struct Sums {
  std::uint64_t distance = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  void add(std::uint64_t sources, std::uint64_t d, std::uint64_t reciprocal) {
    distance += sources * d;
    add_units(sources * reciprocal, 0);
  }
  void add(const Sums& other) {
    distance += other.distance;
    add_units(other.low, other.high);
  }
  [[nodiscard]] double harmonic() const {
    return std::ldexp(static_cast<double>(high), 64 - k_unit_bits) +
           std::ldexp(static_cast<double>(low), -k_unit_bits);
  }

 private:
  void add_units(std::uint64_t units, std::uint64_t carry) {
    low += units;
    high += carry + (low < units ? 1 : 0);
  }
};

/// The searches of one thread.
class Searches {
 public:
  explicit Searches(const SearchGraph& graph)
      : m_graph(graph),
        m_seen(graph.size()),
        m_front(graph.size()),
        m_next(graph.size()),
        m_sums(graph.size()) {
    m_active.reserve(graph.size());
    m_touched.reserve(graph.size());
  }

  /// Searches from the vertices `first` up to `last`.
  void run(Index first, Index last) {
    m_begin = m_graph.component_starts[m_graph.component[first]];
    m_end = m_graph.component_starts[m_graph.component[last - 1] + std::size_t{1}];
    std::fill(m_seen.begin() + m_begin, m_seen.begin() + m_end, Bits{});
    m_active.clear();
    for (Index source = first; source < last; ++source) {
      const std::size_t bit = source - first;
      m_seen[source].word[bit / 64] |= std::uint64_t{1} << (bit % 64);
      m_front[source] = m_seen[source];
      m_active.push_back(source);
    }
    for (std::uint64_t d = 1; !m_active.empty(); ++d) level(d);
  }

  [[nodiscard]] const std::vector<Sums>& sums() const { return m_sums; }
  [[nodiscard]] const std::vector<std::uint64_t>& histogram() const { return m_histogram; }

 private:
  void level(std::uint64_t d) {
    std::uint64_t arcs = 0;
    for (const Index v : m_active) arcs += m_graph.degree(v);
    const std::uint64_t all_arcs = m_graph.offsets[m_end] - m_graph.offsets[m_begin];
    m_touched.clear();
    // A sixth of the links: from there on, asking every vertex is cheaper than keeping a list of those that
    // were told.
    if (6 * arcs > all_arcs) {
      pull();
    } else {
      push();
    }
    for (const Index v : m_active) m_front[v] = Bits{};
    m_active.clear();
    settle(d);
    std::swap(m_front, m_next);
  }

  void push() {
    for (const Index v : m_active) {
      const Bits from = m_front[v];
      for (const Index u : m_graph.of(v)) {
        Bits& to = m_next[u];
        if (!to.any()) m_touched.push_back(u);
        for (std::size_t i = 0; i < k_words; ++i) to.word[i] |= from.word[i];
      }
    }
  }

  void pull() {
    for (Index v = m_begin; v < m_end; ++v) {
      Bits told;
      for (const Index u : m_graph.of(v)) {
        for (std::size_t i = 0; i < k_words; ++i) told.word[i] |= m_front[u].word[i];
      }
      m_next[v] = told;
      if (told.any()) m_touched.push_back(v);
    }
  }

  /// Keeps what is new of what the touched vertices were told.
  void settle(std::uint64_t d) {
    const std::uint64_t unit = std::uint64_t{1} << k_unit_bits;
    const std::uint64_t reciprocal = (unit + d / 2) / d;
    if (m_histogram.size() <= d) m_histogram.resize(d + 1, 0);
    for (const Index v : m_touched) {
      Bits& told = m_next[v];
      Bits& seen = m_seen[v];
      for (std::size_t i = 0; i < k_words; ++i) {
        told.word[i] &= ~seen.word[i];
        seen.word[i] |= told.word[i];
      }
      if (!told.any()) continue;
      m_active.push_back(v);
      const std::uint64_t sources = count(told);
      m_sums[v].add(sources, d, reciprocal);
      if (m_graph.component[v] == 0) m_histogram[d] += sources;
    }
  }

  const SearchGraph& m_graph;
  std::vector<Bits> m_seen;
  std::vector<Bits> m_front;  ///< all zero but for the vertices of m_active
  std::vector<Bits> m_next;   ///< all zero between levels
  std::vector<Index> m_active;
  std::vector<Index> m_touched;
  std::vector<Sums> m_sums;
  std::vector<std::uint64_t> m_histogram;
  Index m_begin = 0;  ///< the vertices from m_begin up to m_end are those of the components of this batch
  Index m_end = 0;
};

}  // namespace

Distances distances(const Network& network, int threads) {
  const SearchGraph graph(network);
  const std::size_t n = graph.size();
  const std::size_t batches = (n + k_batch - 1) / k_batch;
  const auto workers = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), 1,
                                               std::max<std::size_t>(batches, 1));
  std::vector<Searches> searches;
  searches.reserve(workers);
  while (searches.size() < workers) searches.emplace_back(graph);
  in_parallel(workers, batches, [&](std::size_t worker, std::size_t batch) {
    const std::size_t first = batch * k_batch;
    searches[worker].run(static_cast<Index>(first), static_cast<Index>(std::min(first + k_batch, n)));
  });
  std::vector<Sums> total(n);
  std::vector<std::uint64_t> histogram;
  for (const Searches& part : searches) {
    for (std::size_t v = 0; v < n; ++v) total[v].add(part.sums()[v]);
    if (histogram.size() < part.histogram().size()) histogram.resize(part.histogram().size(), 0);
    for (std::size_t d = 0; d < part.histogram().size(); ++d) histogram[d] += part.histogram()[d];
  }

  Distances result;
  result.sums.resize(n);
  result.reached.resize(n);
  result.harmonic_sums.resize(n);
  for (std::size_t v = 0; v < n; ++v) {
    const Index target = graph.vertex[v];
    const Index part = graph.component[v];
    result.sums[target] = total[v].distance;
    result.reached[target] = graph.component_starts[part + std::size_t{1}] - graph.component_starts[part] - 1;
    result.harmonic_sums[target] = total[v].harmonic();
  }
  while (!histogram.empty() && histogram.back() == 0) histogram.pop_back();
  result.histogram = std::move(histogram);
  return result;
}

}  // namespace coterie
