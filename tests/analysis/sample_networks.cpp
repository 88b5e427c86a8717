#include "tests/analysis/sample_networks.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/kernels/components.hpp"

namespace coterie::test {
namespace {

using Edges = std::vector<std::pair<Index, Index>>;

Edges path(Index vertices) {
  Edges edges;
  for (Index v = 0; v + 1 < vertices; ++v) edges.emplace_back(v, v + 1);
  return edges;
}

Edges clique(Index first, Index last) {
  Edges edges;
  for (Index a = first; a < last; ++a) {
    for (Index b = a + 1; b < last; ++b) edges.emplace_back(a, b);
  }
  return edges;
}

Edges joined(Edges a, const Edges& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Edges star(Index leaves) {
  Edges edges;
  for (Index leaf = 1; leaf <= leaves; ++leaf) edges.emplace_back(0, leaf);
  return edges;
}

/// Weights 1, 1/2, 1/3: many shortest paths of equal length.
Network random_network(std::size_t vertices, std::size_t links, bool weighted, std::uint64_t seed) {
  Random random(seed);
  std::set<std::pair<Index, Index>> seen;
  WeightedEdges edges;
  while (seen.size() < links) {
    const Index a = random.below(vertices);
    const Index b = random.below(vertices);
    if (a == b || !seen.insert(std::minmax(a, b)).second) continue;
    edges.emplace_back(a, b, weighted ? 1.0 / (1.0 + random.below(3)) : 1.0);
  }
  return network_of(vertices, edges);
}

/// Works of two to five authors, as in a real network: many cliques that overlap.
Network random_bylines(std::size_t authors, std::size_t works, std::uint64_t seed) {
  Random random(seed);
  std::set<std::pair<Index, Index>> links;
  for (std::size_t work = 0; work < works; ++work) {
    std::set<Index> byline;
    const std::size_t length = 2 + random.below(4);
    // Squaring prefers low numbers, so that some authors write much more than others.
    while (byline.size() < length) byline.insert(random.below(random.below(authors) + std::size_t{1}));
    for (const Index a : byline) {
      for (const Index b : byline) {
        if (a < b) links.emplace(a, b);
      }
    }
  }
  return network_of(authors, Edges(links.begin(), links.end()));
}

std::vector<std::vector<int>> all_distances(const Network& network, bool weighted) {
  const std::size_t n = network.size();
  std::vector<std::vector<int>> d(n, std::vector<int>(n, k_far));
  for (Index v = 0; v < n; ++v) {
    d[v][v] = 0;
    for (std::size_t k = 0; k < network.degree(v); ++k) {
      d[v][network.neighbours(v)[k]] =
          weighted ? static_cast<int>(std::lround(1.0 / network.weights(v)[k])) : 1;
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      if (d[i][k] == k_far) continue;
      for (std::size_t j = 0; j < n; ++j) d[i][j] = std::min(d[i][j], d[i][k] + d[k][j]);
    }
  }
  return d;
}

std::vector<Sample> make_samples() {
  const Edges cycle = joined(path(9), {{8, 0}});
  const Edges bridged = joined(joined(clique(0, 5), clique(5, 10)), {{4, 5}});
  std::vector<Sample> result;
  result.push_back({"empty", network_of(0, Edges{})});
  result.push_back({"one vertex", network_of(1, Edges{})});
  result.push_back({"no links", network_of(5, Edges{})});
  result.push_back({"one link", network_of(2, path(2))});
  result.push_back({"one link and two alone", network_of(4, Edges{{1, 3}})});
  result.push_back({"path", network_of(10, path(10))});
  result.push_back({"cycle", network_of(9, cycle)});
  result.push_back({"star", network_of(9, star(8))});
  result.push_back({"clique", network_of(6, clique(0, 6))});
  result.push_back({"two cliques and a bridge", network_of(10, bridged)});
  result.push_back(
      {"disconnected", network_of(20, joined(joined(bridged, clique(11, 15)), {{15, 16}, {17, 18}}))});
  result.push_back({"random, sparse", random_network(60, 70, false, 1)});
  result.push_back({"random, dense", random_network(40, 400, false, 2)});
  result.push_back({"random, weighted", random_network(60, 120, true, 3)});
  result.push_back({"random, weighted, dense", random_network(45, 500, true, 4)});
  result.push_back({"bylines", random_bylines(200, 120, 5)});
  result.push_back({"more than one batch", random_bylines(600, 500, 6)});
  result.push_back({"long path", network_of(300, path(300))});
  return result;
}

}  // namespace

Index Random::below(std::size_t bound) {
  m_state ^= m_state << 13U;
  m_state ^= m_state >> 7U;
  m_state ^= m_state << 17U;
  return static_cast<Index>((m_state >> 11U) % bound);
}

Network network_of(std::size_t vertices, const WeightedEdges& edges) {
  std::vector<Eigen::Triplet<double, std::int32_t>> entries;
  for (const auto& [a, b, weight] : edges) {
    entries.emplace_back(static_cast<std::int32_t>(a), static_cast<std::int32_t>(b), weight);
    entries.emplace_back(static_cast<std::int32_t>(b), static_cast<std::int32_t>(a), weight);
  }
  Matrix matrix(static_cast<Matrix::Index>(vertices), static_cast<Matrix::Index>(vertices));
  matrix.setFromTriplets(entries.begin(), entries.end());
  return Network(matrix);
}

Network network_of(std::size_t vertices, const std::vector<std::pair<Index, Index>>& edges) {
  WeightedEdges weighted;
  for (const auto& [a, b] : edges) weighted.emplace_back(a, b, 1.0);
  return network_of(vertices, weighted);
}

Network unweighted(const Network& network) {
  Edges edges;
  for (Index v = 0; v < network.size(); ++v) {
    for (const Index u : network.neighbours(v)) {
      if (v < u) edges.emplace_back(v, u);
    }
  }
  return network_of(network.size(), edges);
}

Network permuted(const Network& network, const std::vector<Index>& place) {
  WeightedEdges edges;
  for (Index v = 0; v < network.size(); ++v) {
    for (std::size_t k = 0; k < network.degree(v); ++k) {
      const Index u = network.neighbours(v)[k];
      if (v < u) edges.emplace_back(place[v], place[u], network.weights(v)[k]);
    }
  }
  return network_of(network.size(), edges);
}

Network largest_component(const Network& network) {
  const Components parts = components(network);
  std::vector<Index> place(network.size(), k_none);
  Index members = 0;
  for (Index v = 0; v < network.size(); ++v) {
    if (parts.of_vertex[v] == 0) place[v] = members++;
  }
  WeightedEdges edges;
  for (Index v = 0; v < network.size(); ++v) {
    if (place[v] == k_none) continue;
    for (std::size_t k = 0; k < network.degree(v); ++k) {
      const Index u = network.neighbours(v)[k];
      if (v < u) edges.emplace_back(place[v], place[u], network.weights(v)[k]);
    }
  }
  return network_of(members, edges);
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make_samples();
  return all;
}

std::vector<std::vector<int>> hop_distances(const Network& network) { return all_distances(network, false); }

std::vector<std::vector<int>> weighted_distances(const Network& network) {
  return all_distances(network, true);
}

Corpus corpus_of(std::size_t authors, const std::vector<std::vector<Index>>& bylines) {
  Corpus corpus;
  corpus.authors.resize(authors);
  std::vector<std::vector<Index>> works_of(authors);
  for (Index w = 0; w < bylines.size(); ++w) {
    CorpusWork work;
    work.author_count = static_cast<std::uint32_t>(bylines[w].size());
    corpus.works.push_back(std::move(work));
    for (const Index author : bylines[w]) {
      corpus.byline.values.push_back(author);
      corpus.slot_institutions.end_row();
      works_of[author].push_back(w);
    }
    corpus.byline.end_row();
  }
  for (const auto& works : works_of) {
    corpus.works_of_author.values.insert(corpus.works_of_author.values.end(), works.begin(), works.end());
    corpus.works_of_author.end_row();
  }
  return corpus;
}

}  // namespace coterie::test
