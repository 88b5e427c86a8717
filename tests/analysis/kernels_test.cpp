#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/igraph.hpp"
#include "analysis/kernels/betweenness.hpp"
#include "analysis/kernels/components.hpp"
#include "analysis/kernels/coreness.hpp"
#include "analysis/kernels/distances.hpp"
#include "analysis/kernels/eigenvector.hpp"
#include "analysis/kernels/pagerank.hpp"
#include "analysis/kernels/structural_holes.hpp"
#include "analysis/kernels/triangles.hpp"
#include "tests/analysis/sample_networks.hpp"

/// Every kernel against a slow reference that follows the definition, and against igraph.
namespace coterie {
namespace {

using test::k_far;
using Distance = std::vector<std::vector<int>>;

double near(double expected) { return 1e-11 * std::max(1.0, std::abs(expected)); }

void expect_near(const std::vector<double>& values, const std::vector<double>& expected,
                 const std::string& where) {
  ASSERT_EQ(values.size(), expected.size()) << where;
  for (std::size_t v = 0; v < values.size(); ++v) {
    if (std::isnan(expected[v])) {
      EXPECT_TRUE(std::isnan(values[v])) << where << ' ' << v;
    } else {
      EXPECT_NEAR(values[v], expected[v], near(expected[v])) << where << ' ' << v;
    }
  }
}

std::vector<double> values_of(const igraph::Reals& reals) {
  std::vector<double> values;
  for (std::size_t v = 0; v < reals.size(); ++v) values.push_back(reals[v]);
  return values;
}

/// Number of shortest paths between all pairs, from the distances.
std::vector<std::vector<double>> path_counts(const Network& network, const Distance& d, bool weighted) {
  const std::size_t n = network.size();
  std::vector<std::vector<double>> counts(n, std::vector<double>(n, 0.0));
  for (Index s = 0; s < n; ++s) {
    std::vector<Index> order(n);
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::stable_sort(order, [&](Index a, Index b) { return d[s][a] < d[s][b]; });
    counts[s][s] = 1.0;
    for (const Index v : order) {
      if (v == s || d[s][v] == k_far) continue;
      for (std::size_t k = 0; k < network.degree(v); ++k) {
        const Index u = network.neighbours(v)[k];
        const int length = weighted ? static_cast<int>(std::lround(1.0 / network.weights(v)[k])) : 1;
        if (d[s][u] + length == d[s][v]) counts[s][v] += counts[s][u];
      }
    }
  }
  return counts;
}

std::vector<double> slow_betweenness(const Network& network, const Distance& d, bool weighted) {
  const std::size_t n = network.size();
  const auto counts = path_counts(network, d, weighted);
  std::vector<double> result(n, 0.0);
  for (std::size_t s = 0; s < n; ++s) {
    for (std::size_t t = s + 1; t < n; ++t) {
      if (d[s][t] == k_far) continue;
      for (std::size_t v = 0; v < n; ++v) {
        if (v != s && v != t && d[s][v] + d[v][t] == d[s][t])
          result[v] += counts[s][v] * counts[v][t] / counts[s][t];
      }
    }
  }
  return result;
}

TEST(Kernels, DistancesEqualFloydAndWarshall) {
  for (const auto& [name, network] : test::samples()) {
    const Distance d = test::hop_distances(network);
    const Distances all = distances(network, 1);
    const Components parts = components(network);
    std::vector<std::uint64_t> histogram;
    for (std::size_t v = 0; v < network.size(); ++v) {
      std::uint64_t sum = 0;
      std::size_t reached = 0;
      double harmonic = 0.0;
      for (std::size_t u = 0; u < network.size(); ++u) {
        if (u == v || d[v][u] == k_far) continue;
        const auto distance = static_cast<std::size_t>(d[v][u]);
        sum += distance;
        ++reached;
        harmonic += 1.0 / static_cast<double>(distance);
        if (parts.of_vertex[v] != 0) continue;
        histogram.resize(std::max(histogram.size(), distance + 1), 0);
        ++histogram[distance];
      }
      EXPECT_EQ(all.sums[v], sum) << name << ' ' << v;
      EXPECT_EQ(all.reached[v], reached) << name << ' ' << v;
      EXPECT_NEAR(all.harmonic_sums[v], harmonic, 1e-13 * std::max(1.0, harmonic)) << name << ' ' << v;
    }
    EXPECT_EQ(all.histogram, histogram) << name;
  }
}

TEST(Kernels, HarmonicSumCarriesBeyondOneWord) {
  // A star of 3000: the hub's sum is 3000 units of 2^54, more than 64 bits hold.
  std::vector<std::pair<Index, Index>> edges;
  for (Index leaf = 1; leaf <= 3000; ++leaf) edges.emplace_back(0, leaf);
  const Distances all = distances(test::network_of(3001, edges), 1);
  EXPECT_EQ(all.harmonic_sums[0], 3000.0);
  EXPECT_EQ(all.harmonic_sums[7], 1.0 + 2999.0 / 2.0);
  EXPECT_EQ(all.sums[7], 1U + 2U * 2999U);
}

TEST(Kernels, BetweennessEqualsTheDefinition) {
  for (const auto& [name, network] : test::samples()) {
    if (network.size() > 300) continue;
    expect_near(betweenness(network, 1), slow_betweenness(network, test::hop_distances(network), false),
                name);
    expect_near(weighted_betweenness(network, 1),
                slow_betweenness(network, test::weighted_distances(network), true), name);
  }
}

TEST(Kernels, BetweennessEqualsIgraph) {
  for (const auto& [name, network] : test::samples()) {
    igraph::Graph graph(network);
    igraph::Reals hops;
    igraph::check(igraph_betweenness(graph.get(), hops.get(), igraph_vss_all(), IGRAPH_UNDIRECTED, nullptr),
                  "betweenness");
    expect_near(betweenness(network, 2), values_of(hops), name);
    igraph::Reals lengths(network.edges());
    for (std::size_t edge = 0; edge < network.edges(); ++edge)
      lengths[edge] = 1.0 / VECTOR(*graph.weights())[edge];
    igraph::Reals weighted;
    igraph::check(
        igraph_betweenness(graph.get(), weighted.get(), igraph_vss_all(), IGRAPH_UNDIRECTED, lengths.get()),
        "betweenness");
    expect_near(weighted_betweenness(network, 2), values_of(weighted), name);
  }
}

TEST(Kernels, BetweennessAddsUpToDistancesLessOne) {
  for (const auto& [name, network] : test::samples()) {
    const Distances all = distances(network, 1);
    double expected = 0.0;
    for (std::size_t v = 0; v < network.size(); ++v)
      expected += static_cast<double>(all.sums[v]) - all.reached[v];
    const std::vector<double> values = betweenness(network, 1);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_NEAR(sum, expected / 2.0, near(expected)) << name;
  }
}

TEST(Kernels, BetweennessOfManyEqualPaths) {
  // A chain of 30 diamonds has 2^30 shortest paths between its ends; each side of a diamond lies on half of
  // what passes.
  std::vector<std::pair<Index, Index>> edges;
  constexpr Index diamonds = 30;
  for (Index i = 0; i < diamonds; ++i) {
    const Index left = 3 * i;
    for (const Index side : {left + 1, left + 2}) {
      edges.emplace_back(left, side);
      edges.emplace_back(side, left + 3);
    }
  }
  const std::vector<double> values = betweenness(test::network_of(3 * diamonds + 1, edges), 1);
  // Left of diamond i lie 3i+1 vertices with its left corner, right of it 3(29-i)+1 with its right corner.
  for (Index i = 0; i < diamonds; ++i) {
    const double passing = (3.0 * i + 1.0) * (3.0 * (diamonds - 1 - i) + 1.0);
    EXPECT_NEAR(values[3 * i + 1], passing / 2.0, 1e-9) << i;
  }
}

TEST(Kernels, WeightedBetweennessTakesRoundedTiesAsTies) {
  // 0-1-2-3 of lengths 0.1, 0.2, 0.3 is as long as 0-4-3 of 0.3, 0.3, but not in floating point.
  const auto link = [](Index a, Index b, double length) { return std::tuple(a, b, 1.0 / length); };
  const Network network =
      test::network_of(5, test::WeightedEdges{link(0, 1, 0.1), link(1, 2, 0.2), link(2, 3, 0.3),
                                              link(0, 4, 0.3), link(4, 3, 0.3)});
  // Both 0-3 and 2-4 are 0.6 apart either way. Whole pairs: 0-2 through 1, 1-3 through 2, 1-4 through 0.
  const std::vector<double> values = weighted_betweenness(network, 1);
  const std::vector<double> expected{1.0 + 0.5, 1.0 + 0.5 + 0.5, 1.0 + 0.5, 0.5, 0.5};
  expect_near(values, expected, "tie");
}

TEST(Kernels, ComponentsAreNumberedBySizeThenVertex) {
  // {1,5} {0} {2,3,4} {6,7}
  const Components parts = components(test::network_of(8, {{5, 1}, {2, 3}, {4, 3}, {6, 7}}));
  EXPECT_EQ(parts.sizes, (std::vector<Index>{3, 2, 2, 1}));
  EXPECT_EQ(parts.of_vertex, (std::vector<Index>{3, 1, 0, 0, 0, 1, 2, 2}));
}

TEST(Kernels, ComponentsEqualWhoReachesWhom) {
  for (const auto& [name, network] : test::samples()) {
    const Components parts = components(network);
    const Distance d = test::hop_distances(network);
    for (std::size_t v = 0; v < network.size(); ++v) {
      Index size = 0;
      for (std::size_t u = 0; u < network.size(); ++u) {
        EXPECT_EQ(parts.of_vertex[u] == parts.of_vertex[v], d[u][v] != k_far) << name;
        if (d[u][v] != k_far) ++size;
      }
      EXPECT_EQ(parts.sizes[parts.of_vertex[v]], size) << name;
    }
  }
}

TEST(Kernels, CorenessEqualsIgraphAndTheDefinition) {
  for (const auto& [name, network] : test::samples()) {
    const std::vector<Index> cores = coreness(network);
    igraph::Graph graph(network);
    igraph::Integers expected;
    igraph::check(igraph_coreness(graph.get(), expected.get(), IGRAPH_ALL), "coreness");
    ASSERT_EQ(expected.size(), cores.size());
    for (std::size_t v = 0; v < cores.size(); ++v) EXPECT_EQ(cores[v], expected[v]) << name << ' ' << v;

    // The k-core is what is left when vertices with less than k links to the rest are taken out again and
    // again.
    const Index most = cores.empty() ? 0 : std::ranges::max(cores);
    for (Index k = 1; k <= most + 1; ++k) {
      std::vector<bool> in(network.size(), true);
      for (bool changed = true; changed;) {
        changed = false;
        for (Index v = 0; v < network.size(); ++v) {
          const auto inside = std::ranges::count_if(network.neighbours(v), [&](Index u) { return in[u]; });
          if (in[v] && inside < static_cast<std::ptrdiff_t>(k)) {
            in[v] = false;
            changed = true;
          }
        }
      }
      for (std::size_t v = 0; v < network.size(); ++v)
        EXPECT_EQ(in[v], cores[v] >= k) << name << ' ' << v << ' ' << k;
    }
  }
}

TEST(Kernels, TrianglesAndClusteringEqualTheDefinition) {
  for (const auto& [name, network] : test::samples()) {
    const Distance d = test::hop_distances(network);
    const std::vector<std::uint64_t> found = triangles(network);
    const std::vector<double> clustering = local_clustering(network, found);
    for (Index v = 0; v < network.size(); ++v) {
      const auto near_v = network.neighbours(v);
      std::uint64_t closed = 0;
      std::uint64_t pairs = 0;
      for (std::size_t a = 0; a < near_v.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
          ++pairs;
          if (d[near_v[a]][near_v[b]] == 1) ++closed;
        }
      }
      EXPECT_EQ(found[v], closed) << name << ' ' << v;
      EXPECT_EQ(clustering[v], pairs == 0 ? 0.0 : static_cast<double>(closed) / static_cast<double>(pairs))
          << name;
    }
  }
}

/// The formula on a dense matrix.
std::vector<double> slow_constraint(const Network& network, Links links) {
  const std::size_t n = network.size();
  std::vector<std::vector<double>> p(n, std::vector<double>(n, 0.0));
  for (Index v = 0; v < n; ++v) {
    double sum = 0.0;
    for (std::size_t k = 0; k < network.degree(v); ++k) {
      const double weight = links == Links::weighted ? network.weights(v)[k] : 1.0;
      p[v][network.neighbours(v)[k]] = weight;
      sum += weight;
    }
    for (double& value : p[v]) value = sum > 0.0 ? value / sum : 0.0;
  }
  std::vector<double> result(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (network.degree(static_cast<Index>(i)) == 0) result[i] = std::nan("");
    for (std::size_t j = 0; j < n; ++j) {
      if (p[i][j] == 0.0) continue;
      double through = p[i][j];
      for (std::size_t q = 0; q < n; ++q) through += p[i][q] * p[q][j];
      result[i] += through * through;
    }
  }
  return result;
}

TEST(Kernels, ConstraintEqualsTheFormulaAndIgraph) {
  for (const auto& [name, network] : test::samples()) {
    igraph::Graph graph(network);
    for (const Links links : {Links::unweighted, Links::weighted}) {
      const std::vector<double> values = constraint(network, links);
      expect_near(values, slow_constraint(network, links), name);
      igraph::Reals reference;
      igraph::check(igraph_constraint(graph.get(), reference.get(), igraph_vss_all(),
                                      links == Links::weighted ? graph.weights() : nullptr),
                    "constraint");
      expect_near(values, values_of(reference), name);
    }
  }
}

TEST(Kernels, ConstraintByHand) {
  // A triangle: each invests 1/2 in either contact, and 1/2 * 1/2 more through the other one.
  const Network triangle = test::network_of(3, {{0, 1}, {1, 2}, {2, 0}});
  expect_near(constraint(triangle, Links::unweighted), {1.125, 1.125, 1.125}, "triangle");
  expect_near(effective_size(triangle), {1.0, 1.0, 1.0}, "triangle");
  // A star: four contacts that are not tied; a leaf has all its ties in one.
  const Network star = test::network_of(5, {{0, 1}, {0, 2}, {0, 3}, {0, 4}});
  expect_near(constraint(star, Links::unweighted), {4.0 / 16.0, 1.0, 1.0, 1.0, 1.0}, "star");
  expect_near(effective_size(star), {4.0, 1.0, 1.0, 1.0, 1.0}, "star");
  // Weights 3 and 1 on a path: the middle invests 3/4 and 1/4.
  const Network path = test::network_of(3, test::WeightedEdges{{0, 1, 3.0}, {1, 2, 1.0}});
  expect_near(constraint(path, Links::weighted), {1.0, 10.0 / 16.0, 1.0}, "path");
}

TEST(Kernels, PagerankSolvesItsEquationAndEqualsIgraph) {
  for (const auto& [name, network] : test::samples()) {
    igraph::Graph graph(network);
    for (const Links links : {Links::unweighted, Links::weighted}) {
      const std::vector<double> x = pagerank(network, links);
      const std::vector<double> sums = link_sums(network, links);
      const auto n = static_cast<double>(network.size());
      double dangling = 0.0;
      for (std::size_t v = 0; v < x.size(); ++v) dangling += sums[v] == 0.0 ? x[v] : 0.0;
      for (Index v = 0; v < network.size(); ++v) {
        double inflow = dangling / n;
        for (std::size_t k = 0; k < network.degree(v); ++k) {
          const Index u = network.neighbours(v)[k];
          inflow += x[u] * (links == Links::weighted ? network.weights(v)[k] : 1.0) / sums[u];
        }
        EXPECT_NEAR(x[v], 0.15 / n + 0.85 * inflow, 2e-14) << name << ' ' << v;
      }
      if (network.size() == 0) continue;
      EXPECT_NEAR(std::accumulate(x.begin(), x.end(), 0.0), 1.0, 1e-14) << name;
      igraph::Reals reference;
      igraph::check(igraph_pagerank(graph.get(), IGRAPH_PAGERANK_ALGO_PRPACK, reference.get(), nullptr,
                                    igraph_vss_all(), IGRAPH_UNDIRECTED, 0.85,
                                    links == Links::weighted ? graph.weights() : nullptr, nullptr),
                    "pagerank");
      for (std::size_t v = 0; v < x.size(); ++v) EXPECT_NEAR(x[v], reference[v], 1e-11) << name << ' ' << v;
    }
  }
}

TEST(Kernels, EigenvectorIsPositiveAndItsOwnImage) {
  for (const auto& [name, network] : test::samples()) {
    const Components parts = components(network);
    for (const Links links : {Links::unweighted, Links::weighted}) {
      const std::vector<double> x = eigenvector_centrality(network, links);
      double squares = 0.0;
      double product = 0.0;
      double largest = 0.0;
      std::vector<double> image(x.size(), 0.0);
      for (Index v = 0; v < network.size(); ++v) {
        if (parts.of_vertex[v] != 0 || network.edges() == 0) {
          EXPECT_TRUE(std::isnan(x[v])) << name << ' ' << v;
          continue;
        }
        for (std::size_t k = 0; k < network.degree(v); ++k) {
          image[v] += (links == Links::weighted ? network.weights(v)[k] : 1.0) * x[network.neighbours(v)[k]];
        }
        EXPECT_GT(x[v], 0.0) << name << ' ' << v;
        squares += x[v] * x[v];
        product += x[v] * image[v];
        largest = std::max(largest, x[v]);
      }
      if (network.edges() == 0) continue;
      EXPECT_EQ(largest, 1.0) << name;
      for (Index v = 0; v < network.size(); ++v) {
        if (parts.of_vertex[v] != 0) continue;
        EXPECT_NEAR(image[v], product / squares * x[v], 1e-11) << name << ' ' << v;
      }
    }
  }
}

TEST(Kernels, EigenvectorEqualsIgraphWithinTheLargestComponent) {
  for (const auto& [name, network] : test::samples()) {
    // The path's two largest eigenvalues differ by 3e-4, too little for igraph's own bound of error.
    if (network.edges() == 0 || name == "long path") continue;
    const Network part = test::largest_component(network);
    igraph::Graph graph(part);
    igraph_arpack_options_t options;
    igraph_arpack_options_init(&options);
    igraph::Reals reference;
    igraph::check(igraph_eigenvector_centrality(graph.get(), reference.get(), nullptr, IGRAPH_UNDIRECTED,
                                                true, graph.weights(), &options),
                  "eigenvector_centrality");
    const std::vector<double> x = eigenvector_centrality(part, Links::weighted);
    for (std::size_t v = 0; v < x.size(); ++v) EXPECT_NEAR(x[v], reference[v], 1e-9) << name << ' ' << v;
  }
}

TEST(Kernels, EigenvectorByHand) {
  // Star: the hub's value is sqrt(leaves) times that of a leaf. Path of three: 1, sqrt 2, 1.
  const std::vector<double> star =
      eigenvector_centrality(test::network_of(5, {{0, 1}, {0, 2}, {0, 3}, {0, 4}}), Links::unweighted);
  expect_near(star, {1.0, 0.5, 0.5, 0.5, 0.5}, "star");
  const std::vector<double> path =
      eigenvector_centrality(test::network_of(3, {{0, 1}, {1, 2}}), Links::unweighted);
  expect_near(path, {std::sqrt(0.5), 1.0, std::sqrt(0.5)}, "path");
}

}  // namespace
}  // namespace coterie
