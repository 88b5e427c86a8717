#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/communities.hpp"
#include "analysis/kernels/betweenness.hpp"
#include "analysis/kernels/components.hpp"
#include "analysis/summary.hpp"
#include "coterie/metric.hpp"
#include "tests/analysis/network_fixtures.hpp"
#include "tests/analysis/sample_networks.hpp"
#include "tests/support/fixtures.hpp"

namespace coterie {
namespace {

using test::tolerance;

const MetricSettings k_settings{.seed = 1, .threads = 2};

/// The chosen metrics' columns by id, numbers as reals.
std::map<std::string, std::vector<double>> columns_of(const Network& network,
                                                      const std::vector<std::string>& ids) {
  std::map<std::string, std::vector<double>> result;
  for (const Metric* metric : chosen_metrics(ids)) {
    for (const Column& column : metric->compute(network, k_settings)) {
      auto& values = result[column.id];
      if (const auto* reals = std::get_if<Column::Reals>(&column.values)) values = *reals;
      if (const auto* integers = std::get_if<Column::Integers>(&column.values)) {
        values.assign(integers->begin(), integers->end());
      }
    }
  }
  return result;
}

struct Published {
  std::string name;
  std::string edges;
  std::string labels;
  bool weighted;
};

void PrintTo(const Published& published, std::ostream* out) { *out << published.name; }

class PublishedNetworks : public testing::TestWithParam<Published> {
 protected:
  void SetUp() override {
    const auto folder = test::fixture("networks");
    if (!folder) GTEST_SKIP() << "fixture absent: networks (set COTERIE_FIXTURES)";
    m_folder = *folder;
    const auto& [name, edges, labels, weighted] = GetParam();
    m_published.emplace(test::published_network(
        m_folder / edges, labels.empty() ? std::filesystem::path() : m_folder / labels));
    m_expected = test::expected_figures(m_folder / "expected.tsv", name);
    ASSERT_FALSE(m_expected.empty());
  }

  [[nodiscard]] const Network& network() const { return m_published->network; }

  /// Takes a figure out, so that at the end of a test what is left was not asked.
  double take(const std::string& metric) {
    const auto found = m_expected.extract(metric);
    return found.empty() ? std::nan("") : std::stod(found.mapped());
  }

  /// A ranking "name=value; ...": each vertex has its value, and nobody else a greater one than the last.
  void expect_ranking(const std::string& metric, const std::vector<double>& values) {
    const auto found = m_expected.extract(metric);
    ASSERT_FALSE(found.empty()) << metric;
    double last = 0.0;
    std::size_t above = 0;
    const auto entries = test::cells_of(found.mapped(), ';');
    for (const std::string& entry : entries) {
      const std::size_t equals = entry.rfind('=');
      const std::string name =
          entry.substr(entry.front() == ' ' ? 1 : 0, equals - (entry.front() == ' ' ? 1 : 0));
      last = std::stod(entry.substr(equals + 1));
      bool any = false;
      for (std::size_t v = 0; v < values.size(); ++v) {
        // Ten digits are printed.
        any = any || (m_published->labels[v] == name && std::abs(values[v] - last) <= 1e-9 * std::abs(last));
      }
      EXPECT_TRUE(any) << metric << ' ' << entry;
    }
    for (const double value : values) above += value > last * (1.0 + 1e-9) ? 1 : 0;
    EXPECT_LT(above, entries.size()) << metric;
  }

  std::filesystem::path m_folder;
  std::optional<test::PublishedNetwork> m_published;
  std::map<std::string, std::string> m_expected;
};

TEST_P(PublishedNetworks, EveryExpectedFigure) {
  m_expected.erase("seconds");
  EXPECT_EQ(take("edges_incl_loops"), m_published->lines);
  EXPECT_EQ(take("self_loops"), m_published->loops);
  EXPECT_EQ(take("multi_edges"), m_published->repeated);

  const std::map<std::string, std::string> figure_of{
      {"nodes", "nodes"},
      {"edges", "edges_simple"},
      {"density", "density"},
      {"mean_degree", "mean_degree"},
      {"max_degree", "max_degree"},
      {"triangles", "triangles"},
      {"transitivity", "transitivity_global"},
      {"mean_clustering", "avg_local_clustering_deg<2=0"},
      {"mean_clustering_degree_2", "avg_local_clustering_deg>=2_only"},
      {"components", "components"},
      {"isolates", "isolates"},
      {"degree_assortativity", "degree_assortativity"},
      {"max_coreness", "max_coreness"},
      {"largest_component_nodes", "LCC_nodes"},
      {"largest_component_edges", "LCC_edges"},
      {"diameter", "LCC_diameter"},
      {"mean_distance", "LCC_mean_distance"},
      {"effective_diameter", "LCC_effective_diameter_0.9"}};
  for (const Figure& figure : summary(network(), k_settings)) {
    if (figure.id == "total_weight") {
      const double expected =
          GetParam().weighted ? take("total_weight") : static_cast<double>(network().edges());
      EXPECT_NEAR(figure.value, expected, tolerance(expected));
      continue;
    }
    const double expected = take(figure_of.at(figure.id));
    EXPECT_NEAR(figure.value, expected, tolerance(expected)) << figure.id;
  }

  const Components parts = components(network());
  std::string sizes;
  for (std::size_t c = 0; c < std::min<std::size_t>(parts.sizes.size(), 6); ++c) {
    sizes += (c > 0 ? ";" : "") + std::to_string(parts.sizes[c]);
  }
  EXPECT_EQ(m_expected.extract("largest_components").mapped(), sizes);

  auto columns =
      columns_of(network(), {"degree", "strength", "closeness", "harmonic", "eigenvector", "pagerank"});
  // The file's closeness is within the largest component.
  std::vector<double> closeness = columns.at("closeness");
  const double reached = parts.sizes.front() - 1.0;
  for (std::size_t v = 0; v < closeness.size(); ++v) {
    closeness[v] *= parts.of_vertex[v] == 0 ? (static_cast<double>(network().size()) - 1.0) / reached : 0.0;
  }
  expect_ranking("betweenness_top10", betweenness(network(), k_settings.threads));
  expect_ranking("LCC_closeness_top10", closeness);
  expect_ranking("harmonic_top10", columns.at("harmonic"));
  expect_ranking("degree_top10", columns.at("degree"));
  expect_ranking("pagerank_top10", columns.at("pagerank"));
  expect_ranking("LCC_eigenvector_top10", columns.at("eigenvector"));
  if (GetParam().weighted) {
    expect_ranking("strength_top10", columns.at("strength"));
    expect_ranking("pagerank_weighted_top10", columns.at("pagerank_weighted"));
    expect_ranking("LCC_eigenvector_weighted_top5", columns.at("eigenvector_weighted"));
    EXPECT_GE(communities(network(), k_settings).modularity, take("modularity_best_leiden_weighted") - 1e-3);
  }
  EXPECT_GE(communities(test::unweighted(network()), k_settings).modularity,
            take("modularity_best_leiden") - 1e-3);
  for (const auto& [metric, value] : m_expected) ADD_FAILURE() << "not asked: " << metric;
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures, PublishedNetworks,
    testing::Values(Published{"karate", "karate.edges.tsv", "", false},
                    Published{"karate_nx_weighted", "karate_nx_weighted.edges.tsv", "", true},
                    Published{"florentine", "florentine.edges.tsv", "", false},
                    Published{"lesmis", "lesmis.edges.tsv", "lesmis.labels.tsv", true},
                    Published{"netscience", "netscience.edges.tsv", "netscience.labels.tsv", true},
                    Published{"CA-GrQc", "CA-GrQc.edges.tsv.gz", "", false}),
    [](const auto& parameter) {
      std::string name = parameter.param.name;
      std::ranges::replace_if(
          name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
      return name;
    });

/// Every column of a table of vertices, and every vertex of the network in it.
void expect_table(const std::filesystem::path& path, const Network& network,
                  const std::vector<std::string>& ids) {
  const std::map<std::string, std::string> column_of{
      {"degree", "degree"},
      {"strength", "strength"},
      {"betweenness_raw", "betweenness"},
      {"closeness_wf", "closeness"},
      {"harmonic_norm", "harmonic"},
      {"eigenvector_max1", "eigenvector"},
      {"pagerank085", "pagerank"},
      {"clustering", "clustering"},
      {"coreness", "coreness"},
      {"burt_constraint", "constraint"},
      {"effective_size", "effective_size"},
      {"betweenness_raw_dist_1_over_w", "betweenness_weighted"},
      {"pagerank085_weighted", "pagerank_weighted"}};
  const test::TextTable table = test::text_table(path);
  const auto columns =
      columns_of(network, {"degree", "strength", "betweenness", "closeness", "harmonic", "eigenvector",
                           "pagerank", "clustering", "coreness", "constraint"});
  ASSERT_EQ(table.at("node").size(), network.size());
  for (const auto& [name, cells] : table) {
    if (name == "node" || name == "label") continue;
    // The table of the whole network has no eigenvector centrality, that of its largest component has.
    if (std::ranges::all_of(cells, [](const std::string& cell) { return cell == "nan"; })) continue;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const std::string& id = table.at("node")[row];
      const auto v = static_cast<std::size_t>(std::ranges::find(ids, id) - ids.begin());
      ASSERT_LT(v, ids.size()) << id;
      const double value = columns.at(column_of.at(name))[v];
      const double expected = std::stod(cells[row]);
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(value)) << name << ' ' << id;
      } else {
        EXPECT_NEAR(value, expected, tolerance(expected)) << name << ' ' << id;
      }
    }
  }
}

TEST(VertexTables, SmallNetworks) {
  COTERIE_FIXTURE(folder, "networks");
  for (const std::string name : {"karate", "karate_nx_weighted", "florentine", "lesmis"}) {
    const auto published = test::published_network(folder / (name + ".edges.tsv"), {});
    expect_table(folder / (name + ".nodes.tsv"), published.network, published.ids);
  }
}

TEST(VertexTables, NetscienceWhole) {
  COTERIE_FIXTURE(folder, "networks");
  const auto published =
      test::published_network(folder / "netscience.edges.tsv", folder / "netscience.labels.tsv");
  expect_table(folder / "netscience_all1589.nodes.tsv", published.network, published.ids);
}

TEST(VertexTables, NetscienceLargestComponent) {
  COTERIE_FIXTURE(folder, "networks");
  const auto published =
      test::published_network(folder / "netscience.edges.tsv", folder / "netscience.labels.tsv");
  const Components parts = components(published.network);
  std::vector<std::string> ids;
  for (std::size_t v = 0; v < published.ids.size(); ++v) {
    if (parts.of_vertex[v] == 0) ids.push_back(published.ids[v]);
  }
  expect_table(folder / "netscience_LCC379.nodes.tsv", test::largest_component(published.network), ids);
}

/// Ties among weighted paths must not be broken by rounding: the fractions are exact.
TEST(VertexTables, WeightedBetweennessIsTheExactFraction) {
  COTERIE_FIXTURE(folder, "networks");
  for (const std::string name : {"karate_nx_weighted", "lesmis"}) {
    const auto published = test::published_network(folder / (name + ".edges.tsv"), {});
    const std::vector<double> values = weighted_betweenness(published.network, 1);
    const test::TextTable table = test::text_table(folder / (name + ".weighted_betweenness_exact.tsv"));
    ASSERT_EQ(table.at("node").size(), values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      const auto fraction = test::cells_of(table.at("exact_fraction")[row], '/');
      const double exact = std::stod(fraction[0]) / (fraction.size() > 1 ? std::stod(fraction[1]) : 1.0);
      const auto v = std::ranges::find(published.ids, table.at("node")[row]) - published.ids.begin();
      EXPECT_NEAR(values.at(static_cast<std::size_t>(v)), exact, 1e-12 * std::max(1.0, exact))
          << name << ' ' << v;
    }
  }
}

}  // namespace
}  // namespace coterie
