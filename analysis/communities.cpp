#include "analysis/communities.hpp"

#include <algorithm>
#include <limits>

#include "analysis/igraph.hpp"
#include "analysis/kernels/components.hpp"
#include "analysis/kernels/links.hpp"

namespace coterie {
namespace {

/// Randomness of the refinement step, the value of the article.
constexpr double k_beta = 0.01;
/// Rounds of a run; igraph 0.10's own test for an end stops too early for the best modularity.
constexpr igraph_integer_t k_rounds = 10;

/// A well mixed number of a counter. \see G. L. Steele, D. Lea, C. H. Flood (2014),
/// doi 10.1145/2660193.2660195
std::uint64_t splitmix64(std::uint64_t counter) {
  std::uint64_t z = counter + 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

struct Run {
  Components parts;
  double modularity = 0.0;
};

/// Numbers the parts that igraph found; a vertex without links stays alone, whatever it was put with.
Components numbered(const Network& network, const igraph::Integers& found) {
  std::vector<Index> group(network.size());
  std::vector<Index> first(network.size(), k_none);
  for (Index v = 0; v < network.size(); ++v) {
    Index& leader = first[static_cast<std::size_t>(found[v])];
    if (network.degree(v) == 0) {
      group[v] = v;
    } else {
      if (leader == k_none) leader = v;
      group[v] = leader;
    }
  }
  return numbered_by_size(group);
}

std::vector<Run> runs(const Network& network, std::uint64_t seed) {
  igraph::Graph graph(network);
  const std::vector<double> strength = link_sums(network, Links::weighted);
  igraph::Reals node_weights(network.size());
  double twice_total = 0.0;
  for (std::size_t v = 0; v < strength.size(); ++v) {
    node_weights[v] = strength[v];
    twice_total += strength[v];
  }
  std::vector<Run> result;
  for (std::uint64_t run = 0; run < k_community_runs; ++run) {
    igraph::seed(splitmix64(seed * k_community_runs + run));
    igraph::Integers found(network.size());
    igraph::check(igraph_community_leiden(graph.get(), graph.weights(), node_weights.get(), 1.0 / twice_total,
                                          k_beta, false, k_rounds, found.get(), nullptr, nullptr),
                  "community_leiden");
    Run next{numbered(network, found), 0.0};
    igraph::check(igraph_modularity(graph.get(), found.get(), graph.weights(), 1.0, IGRAPH_UNDIRECTED,
                                    &next.modularity),
                  "modularity");
    result.push_back(std::move(next));
  }
  return result;
}

/// For each community of `parts`, the largest Jaccard overlap with a community of `other`.
std::vector<double> overlaps(const Components& parts, const Components& other) {
  std::vector<std::vector<Index>> members(parts.sizes.size());
  for (Index v = 0; v < parts.of_vertex.size(); ++v) members[parts.of_vertex[v]].push_back(v);
  std::vector<Index> common(other.sizes.size(), 0);
  std::vector<double> result;
  for (const auto& community : members) {
    for (const Index v : community) ++common[other.of_vertex[v]];
    double best = 0.0;
    for (const Index v : community) {
      const Index part = other.of_vertex[v];
      const double both = common[part];
      best = std::max(best, both / (static_cast<double>(community.size()) + other.sizes[part] - both));
    }
    for (const Index v : community) common[other.of_vertex[v]] = 0;
    result.push_back(best);
  }
  return result;
}

Communities alone(std::size_t vertices) {
  Communities result;
  for (Index v = 0; v < vertices; ++v) result.membership.push_back(v + 1);
  result.sizes.assign(vertices, 1);
  result.stability.assign(vertices, 1.0);
  result.modularity = std::numeric_limits<double>::quiet_NaN();
  return result;
}

}  // namespace

Communities communities(const Network& network, const MetricSettings& settings) {
  if (network.edges() == 0) return alone(network.size());
  const std::vector<Run> all = runs(network, settings.seed);
  std::size_t best = 0;
  for (std::size_t run = 1; run < all.size(); ++run) {
    if (all[run].modularity > all[best].modularity) best = run;
  }
  Communities result;
  result.modularity = all[best].modularity;
  result.sizes = all[best].parts.sizes;
  for (const Index part : all[best].parts.of_vertex) result.membership.push_back(part + 1);
  result.stability.assign(result.sizes.size(), 0.0);
  for (std::size_t run = 0; run < all.size(); ++run) {
    if (run == best) continue;
    const std::vector<double> found = overlaps(all[best].parts, all[run].parts);
    for (std::size_t c = 0; c < found.size(); ++c) result.stability[c] += found[c];
  }
  for (double& value : result.stability) value /= static_cast<double>(all.size() - 1);
  return result;
}

}  // namespace coterie
