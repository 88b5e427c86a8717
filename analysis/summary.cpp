#include "analysis/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/kernels/components.hpp"
#include "analysis/kernels/coreness.hpp"
#include "analysis/kernels/distances.hpp"
#include "analysis/kernels/triangles.hpp"

namespace coterie {
namespace {

constexpr double k_undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double k_effective_share = 0.9;

double quotient(double numerator, double denominator) {
  return denominator == 0.0 ? k_undefined : numerator / denominator;
}

/// The figures in their order, with what they share.
class Summary {
 public:
  Summary(const Network& network, int threads)
      : m_network(network),
        m_n(static_cast<double>(network.size())),
        m_m(static_cast<double>(network.edges())) {
    sizes();
    clustering();
    parts();
    distances_within_largest(distances(network, threads).histogram);
    add("degree_assortativity", "correlation of the degrees at both ends of a link", "", assortativity());
    const std::vector<Index> cores = coreness(network);
    add("max_coreness", "largest k of a k-core", "links", cores.empty() ? 0.0 : std::ranges::max(cores));
  }

  std::vector<Figure> take() { return std::move(m_figures); }

 private:
  void add(std::string id, std::string label, std::string unit, double value) {
    m_figures.push_back({std::move(id), std::move(label), std::move(unit), value});
  }

  void sizes() {
    double weight = 0.0;
    std::size_t largest = 0;
    for (Index v = 0; v < m_network.size(); ++v) {
      largest = std::max(largest, m_network.degree(v));
      const auto neighbours = m_network.neighbours(v);
      for (std::size_t k = 0; k < neighbours.size(); ++k) {
        if (neighbours[k] > v) weight += m_network.weights(v)[k];
      }
    }
    add("nodes", "nodes", "nodes", m_n);
    add("edges", "links", "links", m_m);
    add("total_weight", "sum of the weights of the links", "weight", weight);
    add("density", "share of the pairs of nodes that are linked", "share (0..1)",
        quotient(2.0 * m_m, m_n * (m_n - 1.0)));
    add("mean_degree", "mean degree", "links", quotient(2.0 * m_m, m_n));
    add("max_degree", "largest degree", "links", static_cast<double>(largest));
  }

  void clustering() {
    const std::vector<std::uint64_t> of_vertex = triangles(m_network);
    std::uint64_t corners = 0;
    std::uint64_t paths = 0;
    double several = 0.0;
    for (Index v = 0; v < m_network.size(); ++v) {
      const std::uint64_t degree = m_network.degree(v);
      corners += of_vertex[v];
      if (degree >= 2) {
        paths += degree * (degree - 1) / 2;
        several += 1.0;
      }
    }
    double local = 0.0;
    for (const double value : local_clustering(m_network, of_vertex)) local += value;
    add("triangles", "triangles", "triangles", static_cast<double>(corners / 3));
    add("transitivity", "share of the paths of length two that are closed", "share (0..1)",
        quotient(static_cast<double>(corners), static_cast<double>(paths)));
    add("mean_clustering", "mean local clustering, 0 below degree two", "share (0..1)", quotient(local, m_n));
    add("mean_clustering_degree_2", "mean local clustering of the nodes of degree two or more",
        "share (0..1)", quotient(local, several));
  }

  void parts() {
    const Components parts = components(m_network);
    std::size_t arcs = 0;
    for (Index v = 0; v < m_network.size(); ++v) {
      if (parts.of_vertex[v] == 0) arcs += m_network.degree(v);
    }
    add("components", "connected parts", "parts", static_cast<double>(parts.sizes.size()));
    add("isolates", "nodes without links", "nodes",
        static_cast<double>(std::ranges::count(parts.sizes, Index{1})));
    add("largest_component_nodes", "nodes of the largest connected part", "nodes",
        parts.sizes.empty() ? 0.0 : parts.sizes.front());
    add("largest_component_edges", "links of the largest connected part", "links",
        static_cast<double>(arcs / 2));
  }

  void distances_within_largest(const std::vector<std::uint64_t>& histogram) {
    double pairs = 0.0;
    double sum = 0.0;
    for (std::size_t d = 0; d < histogram.size(); ++d) {
      pairs += static_cast<double>(histogram[d]);
      sum += static_cast<double>(d) * static_cast<double>(histogram[d]);
    }
    const bool any = pairs > 0.0;
    add("diameter", "largest distance in the largest connected part", "hops",
        any ? static_cast<double>(histogram.size() - 1) : k_undefined);
    add("mean_distance", "mean distance in the largest connected part", "hops", quotient(sum, pairs));
    add("effective_diameter", "distance within which 90 % of the pairs of the largest connected part lie",
        "hops", any ? effective_diameter(histogram, pairs) : k_undefined);
  }

  [[nodiscard]] static double effective_diameter(const std::vector<std::uint64_t>& histogram, double pairs) {
    const double wanted = k_effective_share * pairs;
    double below = 0.0;
    for (std::size_t d = 1; d < histogram.size(); ++d) {
      const auto here = static_cast<double>(histogram[d]);
      if (below + here >= wanted) return static_cast<double>(d) - 1.0 + (wanted - below) / here;
      below += here;
    }
    return static_cast<double>(histogram.size() - 1);
  }

  /// Newman's coefficient, from sums of whole numbers.
  [[nodiscard]] double assortativity() const {
    double products = 0.0;
    double halves = 0.0;
    double squares = 0.0;
    for (Index v = 0; v < m_network.size(); ++v) {
      const auto j = static_cast<double>(m_network.degree(v));
      halves += j * j / 2.0;
      squares += j * j * j / 2.0;
      double others = 0.0;
      for (const Index u : m_network.neighbours(v)) others += static_cast<double>(m_network.degree(u));
      products += j * others / 2.0;
    }
    const double square_of_mean = halves / m_m * (halves / m_m);
    const double variance = squares / m_m - square_of_mean;
    if (m_m == 0.0 || !(variance > 1e-12 * square_of_mean)) return k_undefined;
    return (products / m_m - square_of_mean) / variance;
  }

  const Network& m_network;
  double m_n;
  double m_m;
  std::vector<Figure> m_figures;
};

}  // namespace

std::vector<Figure> summary(const Network& network, const MetricSettings& settings) {
  return Summary(network, settings.threads).take();
}

}  // namespace coterie
