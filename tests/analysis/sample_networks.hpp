#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/network.hpp"

namespace coterie::test {

using WeightedEdges = std::vector<std::tuple<Index, Index, double>>;

/// The network of those links; each stands once, in any direction.
Network network_of(std::size_t vertices, const WeightedEdges& edges);

/// The same with weight 1.
Network network_of(std::size_t vertices, const std::vector<std::pair<Index, Index>>& edges);

/// The same links with weight 1.
Network unweighted(const Network& network);

/// Vertex v of the network becomes vertex place[v].
Network permuted(const Network& network, const std::vector<Index>& place);

/// The part of the network on its largest component, with the vertices in their order.
Network largest_component(const Network& network);

struct Sample {
  std::string name;
  Network network;
};

/// Small networks of every kind: empty, one vertex, without links, path, cycle, star, cliques, bridge,
/// disconnected, random, and some larger than a batch of sources. Lengths 1/weight of all links are whole
/// numbers (up to rounding).
const std::vector<Sample>& samples();

/// Dense matrix of hop distances by Floyd and Warshall, k_far where there is no path.
inline constexpr int k_far = 1'000'000;
std::vector<std::vector<int>> hop_distances(const Network& network);

/// The same with round(1/weight) as lengths.
std::vector<std::vector<int>> weighted_distances(const Network& network);

/// A corpus of works given by their bylines; author_count is the byline's length.
Corpus corpus_of(std::size_t authors, const std::vector<std::vector<Index>>& bylines);

/// Numbers that are the same everywhere. \see G. Marsaglia (2003), J. Statistical Software 8(14),
/// doi 10.18637/jss.v008.i14
class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed * 2 + 1) {}
  /// A number from 0 up to bound - 1.
  Index below(std::size_t bound);

 private:
  std::uint64_t m_state;
};

}  // namespace coterie::test
