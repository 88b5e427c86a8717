#include "coterie/metric.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

#include "analysis/communities.hpp"
#include "analysis/igraph.hpp"
#include "analysis/kernels/components.hpp"
#include "analysis/summary.hpp"
#include "coterie/error.hpp"
#include "coterie/matrices.hpp"
#include "tests/analysis/sample_networks.hpp"

namespace coterie {
namespace {

bool same_bytes(const Column& a, const Column& b) {
  if (a.values.index() != b.values.index()) return false;
  if (const auto* reals = std::get_if<Column::Reals>(&a.values)) {
    const auto& others = std::get<Column::Reals>(b.values);
    return reals->size() == others.size() &&
           std::equal(reals->begin(), reals->end(), others.begin(),
                      [](double x, double y) { return std::memcmp(&x, &y, sizeof x) == 0; });
  }
  return a.values == b.values;
}

std::vector<double> numbers(const Column& column) {
  if (const auto* reals = std::get_if<Column::Reals>(&column.values)) return *reals;
  const auto& integers = std::get<Column::Integers>(column.values);
  return {integers.begin(), integers.end()};
}

TEST(Metrics, EveryMetricTakesEveryNetwork) {
  for (const Metric& metric : metrics()) {
    std::vector<std::string> ids;
    for (const auto& [name, network] : test::samples()) {
      const std::vector<Column> columns = metric.compute(network, {});
      std::vector<std::string> here;
      for (const Column& column : columns) {
        EXPECT_EQ(column.size(), network.size()) << metric.id << ' ' << name;
        EXPECT_FALSE(column.label.empty());
        here.push_back(column.id);
        for (const double value : numbers(column))
          EXPECT_FALSE(std::isinf(value)) << column.id << ' ' << name;
      }
      if (ids.empty()) ids = here;
      EXPECT_EQ(here, ids) << metric.id << ": columns must not depend on the network";
    }
    EXPECT_FALSE(ids.empty()) << metric.id;
  }
}

TEST(Metrics, ColumnIdsAreUniqueAcrossTheRegistry) {
  Table table{"metrics", "all", {}, {}};
  for (const Metric& metric : metrics()) {
    for (Column& column : metric.compute(test::samples().front().network, {}))
      table.columns.push_back(std::move(column));
  }
  EXPECT_NO_THROW(check(table));
}

TEST(Metrics, ThreadsNeverChangeAByte) {
  for (const Metric& metric : metrics()) {
    for (const auto& [name, network] : test::samples()) {
      const std::vector<Column> one = metric.compute(network, {.seed = 1, .threads = 1});
      for (const int threads : {2, 4, 0}) {
        const std::vector<Column> more = metric.compute(network, {.seed = 1, .threads = threads});
        ASSERT_EQ(more.size(), one.size());
        for (std::size_t c = 0; c < one.size(); ++c) {
          EXPECT_TRUE(same_bytes(one[c], more[c])) << one[c].id << ' ' << name << ' ' << threads;
        }
      }
    }
  }
}

TEST(Metrics, PermutingTheVerticesPermutesTheValues) {
  test::Random random(21);
  for (const auto& [name, network] : test::samples()) {
    // Of several largest components the smallest vertex decides, and so does the number of a community.
    const Components parts = components(network);
    const bool tie = parts.sizes.size() > 1 && parts.sizes[0] == parts.sizes[1];
    std::vector<Index> place(network.size());
    std::iota(place.begin(), place.end(), Index{0});
    for (std::size_t i = place.size(); i > 1; --i) std::swap(place[i - 1], place[random.below(i)]);
    const Network moved = test::permuted(network, place);
    for (const Metric& metric : metrics()) {
      const std::vector<Column> before = metric.compute(network, {});
      const std::vector<Column> after = metric.compute(moved, {});
      for (std::size_t c = 0; c < before.size(); ++c) {
        const std::string& id = before[c].id;
        if (id == "component" || id == "community" || (tie && id.starts_with("eigenvector"))) continue;
        const std::vector<double> x = numbers(before[c]);
        const std::vector<double> y = numbers(after[c]);
        for (std::size_t v = 0; v < x.size(); ++v) {
          if (std::isnan(x[v])) {
            EXPECT_TRUE(std::isnan(y[place[v]])) << id << ' ' << name;
          } else {
            EXPECT_NEAR(y[place[v]], x[v], 1e-10 * std::max(1.0, std::abs(x[v]))) << id << ' ' << name;
          }
        }
      }
    }
  }
}

double value_of(const std::string& metric, const std::string& column, const Network& network, std::size_t v) {
  for (const Column& found : chosen_metrics(std::vector{metric}).front()->compute(network, {})) {
    if (found.id == column) return numbers(found).at(v);
  }
  ADD_FAILURE() << "no column " << column;
  return 0.0;
}

TEST(Metrics, ByHandOnAPathAndAVertexAlone) {
  // 0-1-2-3 with weights 1, 2, 4, and 4 alone.
  const Network network = test::network_of(5, test::WeightedEdges{{0, 1, 1.0}, {1, 2, 2.0}, {2, 3, 4.0}});
  EXPECT_EQ(value_of("degree", "degree", network, 1), 2.0);
  EXPECT_EQ(value_of("strength", "strength", network, 1), 3.0);
  EXPECT_EQ(value_of("components", "component", network, 4), 2.0);
  EXPECT_EQ(value_of("components", "component_size", network, 3), 4.0);
  EXPECT_EQ(value_of("betweenness", "betweenness", network, 1), 2.0);
  EXPECT_EQ(value_of("betweenness", "betweenness_weighted", network, 2), 2.0);
  EXPECT_DOUBLE_EQ(value_of("closeness", "closeness", network, 0), 3.0 / 4.0 * (3.0 / (1.0 + 2.0 + 3.0)));
  EXPECT_EQ(value_of("closeness", "closeness", network, 4), 0.0);
  EXPECT_DOUBLE_EQ(value_of("harmonic", "harmonic", network, 1), (1.0 + 1.0 + 1.0 / 2.0) / 4.0);
  EXPECT_EQ(value_of("harmonic", "harmonic", network, 4), 0.0);
  EXPECT_EQ(value_of("coreness", "coreness", network, 1), 1.0);
  EXPECT_EQ(value_of("coreness", "coreness", network, 4), 0.0);
  EXPECT_EQ(value_of("clustering", "clustering", network, 1), 0.0);
  EXPECT_DOUBLE_EQ(value_of("constraint", "constraint_weighted", network, 1), (1.0 + 4.0) / 9.0);
  EXPECT_EQ(value_of("constraint", "effective_size", network, 1), 2.0);
  EXPECT_TRUE(std::isnan(value_of("constraint", "constraint", network, 4)));
  EXPECT_TRUE(std::isnan(value_of("eigenvector", "eigenvector", network, 4)));
  EXPECT_EQ(value_of("communities", "community", network, 4),
            numbers(metrics().back().compute(network, {})[0]).back());
}

TEST(Metrics, StrengthCountsCoauthoredWorks) {
  const Corpus corpus = test::corpus_of(5, {{0, 1, 2}, {0, 2}, {1, 3}, {4}, {0, 1, 2, 3}});
  const Network network(coauthorship_matrix(corpus, Counting::fractional, 100));
  const double expected[] = {3.0, 3.0, 3.0, 2.0, 0.0};
  for (std::size_t v = 0; v < 5; ++v)
    EXPECT_NEAR(value_of("strength", "strength", network, v), expected[v], 1e-15);
}

TEST(Metrics, ChosenAreInRegistryOrderAndKnown) {
  const std::vector<std::string> ids{"pagerank", "degree", "pagerank"};
  const auto chosen = chosen_metrics(ids);
  ASSERT_EQ(chosen.size(), 2U);
  EXPECT_EQ(chosen[0]->id, "degree");
  EXPECT_EQ(chosen[1]->id, "pagerank");
  EXPECT_TRUE(chosen_metrics({}).empty());
  try {
    static_cast<void>(chosen_metrics(std::vector<std::string>{"degree", "betweeness"}));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::configuration);
    const std::string message = error.what();
    EXPECT_NE(message.find("'betweeness'"), std::string::npos) << message;
    EXPECT_NE(message.find("did you mean 'betweenness'?"), std::string::npos) << message;
    EXPECT_NE(message.find("pagerank"), std::string::npos) << message;
  }
}

/// Q by its definition over all ordered pairs.
double slow_modularity(const Network& network, const std::vector<Index>& membership) {
  std::vector<double> strength(network.size(), 0.0);
  double twice_total = 0.0;
  for (Index v = 0; v < network.size(); ++v) {
    for (const double weight : network.weights(v)) strength[v] += weight;
    twice_total += strength[v];
  }
  double q = 0.0;
  for (Index v = 0; v < network.size(); ++v) {
    for (std::size_t k = 0; k < network.degree(v); ++k) {
      if (membership[v] == membership[network.neighbours(v)[k]]) q += network.weights(v)[k] / twice_total;
    }
    for (Index u = 0; u < network.size(); ++u) {
      if (membership[v] == membership[u]) q -= strength[v] / twice_total * (strength[u] / twice_total);
    }
  }
  return q;
}

TEST(Communities, ModularityIsThatOfTheMembership) {
  for (const auto& [name, network] : test::samples()) {
    const Communities found = communities(network, {});
    ASSERT_EQ(found.membership.size(), network.size()) << name;
    if (network.edges() == 0) {
      EXPECT_TRUE(std::isnan(found.modularity)) << name;
    } else {
      EXPECT_NEAR(found.modularity, slow_modularity(network, found.membership), 1e-12) << name;
    }
  }
}

TEST(Communities, AreNumberedBySizeAndNeverSpanComponents) {
  for (const auto& [name, network] : test::samples()) {
    const Communities found = communities(network, {});
    const Components parts = components(network);
    ASSERT_EQ(found.stability.size(), found.sizes.size());
    EXPECT_TRUE(std::ranges::is_sorted(found.sizes, std::greater<>())) << name;
    std::vector<Index> sizes(found.sizes.size(), 0);
    std::vector<Index> first(found.sizes.size(), k_none);
    std::vector<std::set<Index>> spans(found.sizes.size());
    for (Index v = 0; v < network.size(); ++v) {
      ASSERT_GE(found.membership[v], 1U);
      ASSERT_LE(found.membership[v], found.sizes.size());
      const Index c = found.membership[v] - 1;
      if (sizes[c]++ == 0) first[c] = v;
      spans[c].insert(parts.of_vertex[v]);
      EXPECT_TRUE(network.degree(v) > 0 || found.sizes[c] == 1) << name << ' ' << v;
    }
    EXPECT_EQ(sizes, found.sizes) << name;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      EXPECT_EQ(spans[c].size(), 1U) << name;
      EXPECT_TRUE(found.stability[c] >= 0.0 && found.stability[c] <= 1.0 + 1e-15) << name;
      EXPECT_TRUE(c == 0 || sizes[c] < sizes[c - 1] || first[c] > first[c - 1]) << name;
    }
  }
}

TEST(Communities, TwoCliquesAndABridge) {
  const auto& all = test::samples();
  const auto sample = std::ranges::find(all, "two cliques and a bridge", &test::Sample::name);
  ASSERT_NE(sample, all.end());
  const Communities found = communities(sample->network, {});
  EXPECT_EQ(found.membership, (std::vector<Index>{1, 1, 1, 1, 1, 2, 2, 2, 2, 2}));
  EXPECT_EQ(found.sizes, (std::vector<Index>{5, 5}));
  EXPECT_EQ(found.stability, (std::vector<double>{1.0, 1.0}));
  // 20 of 21 links inside, half of the ends in each clique.
  EXPECT_NEAR(found.modularity, 20.0 / 21.0 - 0.5, 1e-15);
}

TEST(Communities, TheSeedDecidesAndNothingElse) {
  for (const auto& [name, network] : test::samples()) {
    const Communities a = communities(network, {.seed = 7, .threads = 1});
    // Whatever was drawn in between must not matter.
    static_cast<void>(communities(network, {.seed = 8, .threads = 1}));
    const Communities b = communities(network, {.seed = 7, .threads = 4});
    EXPECT_EQ(a.membership, b.membership) << name;
    EXPECT_EQ(a.stability, b.stability) << name;
  }
}

TEST(Communities, WeightsDecide) {
  // A ring of four: the heavy links make the pairs.
  const Network ring =
      test::network_of(4, test::WeightedEdges{{0, 1, 1.0}, {1, 2, 10.0}, {2, 3, 1.0}, {3, 0, 10.0}});
  EXPECT_EQ(communities(ring, {}).membership, (std::vector<Index>{1, 2, 2, 1}));
}

double figure(const std::vector<Figure>& figures, const std::string& id) {
  const auto found = std::ranges::find(figures, id, &Figure::id);
  if (found != figures.end()) return found->value;
  ADD_FAILURE() << "no figure " << id;
  return 0.0;
}

TEST(Summary, SameFiguresForEveryNetwork) {
  std::vector<std::string> ids;
  for (const auto& [name, network] : test::samples()) {
    std::vector<std::string> here;
    for (const Figure& found : summary(network, {})) {
      here.push_back(found.id);
      EXPECT_FALSE(std::isinf(found.value)) << name << ' ' << found.id;
    }
    if (ids.empty()) ids = here;
    EXPECT_EQ(here, ids) << name;
  }
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST(Summary, ByHand) {
  // A triangle with a tail, and one alone: 0-1-2-0, 2-3, 4.
  const Network network =
      test::network_of(5, test::WeightedEdges{{0, 1, 1.0}, {1, 2, 0.5}, {0, 2, 0.5}, {2, 3, 2.0}});
  const auto figures = summary(network, {});
  EXPECT_EQ(figure(figures, "nodes"), 5.0);
  EXPECT_EQ(figure(figures, "edges"), 4.0);
  EXPECT_EQ(figure(figures, "total_weight"), 4.0);
  EXPECT_DOUBLE_EQ(figure(figures, "density"), 4.0 / 10.0);
  EXPECT_DOUBLE_EQ(figure(figures, "mean_degree"), 8.0 / 5.0);
  EXPECT_EQ(figure(figures, "max_degree"), 3.0);
  EXPECT_EQ(figure(figures, "triangles"), 1.0);
  EXPECT_DOUBLE_EQ(figure(figures, "transitivity"), 3.0 / 5.0);
  EXPECT_DOUBLE_EQ(figure(figures, "mean_clustering"), (1.0 + 1.0 + 1.0 / 3.0) / 5.0);
  EXPECT_DOUBLE_EQ(figure(figures, "mean_clustering_degree_2"), (1.0 + 1.0 + 1.0 / 3.0) / 3.0);
  EXPECT_EQ(figure(figures, "components"), 2.0);
  EXPECT_EQ(figure(figures, "isolates"), 1.0);
  EXPECT_EQ(figure(figures, "largest_component_nodes"), 4.0);
  EXPECT_EQ(figure(figures, "largest_component_edges"), 4.0);
  EXPECT_EQ(figure(figures, "diameter"), 2.0);
  EXPECT_DOUBLE_EQ(figure(figures, "mean_distance"), (4.0 * 1.0 + 2.0 * 2.0) / 6.0);
  // 8 of 12 ordered pairs at distance 1, all at 2: nine tenths are 10.8.
  EXPECT_DOUBLE_EQ(figure(figures, "effective_diameter"), 1.0 + (10.8 - 8.0) / 4.0);
  EXPECT_EQ(figure(figures, "max_coreness"), 2.0);
}

TEST(Summary, AssortativityEqualsIgraph) {
  for (const auto& [name, network] : test::samples()) {
    igraph::Graph graph(network);
    double reference = 0.0;
    igraph::check(igraph_assortativity_degree(graph.get(), &reference, IGRAPH_UNDIRECTED),
                  "assortativity_degree");
    const double value = figure(summary(network, {}), "degree_assortativity");
    const std::vector<double> degrees =
        numbers(chosen_metrics(std::vector<std::string>{"degree"})[0]->compute(network, {})[0]);
    double most = 0.0;
    double least = 1e9;
    for (const double degree : degrees) {
      if (degree > 0.0) most = std::max(most, degree);
      if (degree > 0.0) least = std::min(least, degree);
    }
    // Where all linked vertices have the same degree there is nothing to correlate.
    if (most <= least || network.edges() == 0) {
      EXPECT_TRUE(std::isnan(value)) << name;
    } else {
      EXPECT_NEAR(value, reference, 1e-10) << name;
    }
  }
}

TEST(Summary, UndefinedFiguresAreNaN) {
  const auto empty = summary(test::network_of(0, test::WeightedEdges{}), {});
  EXPECT_EQ(figure(empty, "nodes"), 0.0);
  EXPECT_EQ(figure(empty, "largest_component_nodes"), 0.0);
  for (const auto* id : {"density", "mean_degree", "transitivity", "mean_clustering", "diameter",
                         "mean_distance", "effective_diameter", "degree_assortativity"}) {
    EXPECT_TRUE(std::isnan(figure(empty, id))) << id;
  }
  const auto alone = summary(test::network_of(3, test::WeightedEdges{}), {});
  EXPECT_EQ(figure(alone, "isolates"), 3.0);
  EXPECT_EQ(figure(alone, "density"), 0.0);
  EXPECT_TRUE(std::isnan(figure(alone, "diameter")));
  // In a clique of six all 30 ordered pairs are at distance 1, so nine tenths lie within 0.9.
  const auto& all = test::samples();
  const auto clique = std::ranges::find(all, "clique", &test::Sample::name);
  EXPECT_DOUBLE_EQ(figure(summary(clique->network, {}), "effective_diameter"), 0.9);
}

}  // namespace
}  // namespace coterie
