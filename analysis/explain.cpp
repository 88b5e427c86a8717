#include "coterie/explain.hpp"

#include <algorithm>
#include <limits>

#include "analysis/works.hpp"

namespace coterie {
namespace {

constexpr std::uint64_t k_most_paths = std::numeric_limits<std::uint64_t>::max();

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return a > k_most_paths - b ? k_most_paths : a + b;
}

/// Hop distance from each vertex to the nearest target, k_none out of reach, and the number of shortest paths
/// that lead there.
struct Approach {
  std::vector<Index> distance;
  std::vector<std::uint64_t> paths;
};

Approach approach(const Network& network, const std::vector<Index>& targets) {
  Approach result{std::vector<Index>(network.size(), k_none), std::vector<std::uint64_t>(network.size(), 0)};
  std::vector<Index> queue;
  for (const Index target : targets) {
    result.distance[target] = 0;
    result.paths[target] = 1;
    queue.push_back(target);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Index v = queue[next];
    for (const Index u : network.neighbours(v)) {
      if (result.distance[u] == k_none) {
        result.distance[u] = result.distance[v] + 1;
        queue.push_back(u);
      }
      if (result.distance[u] == result.distance[v] + 1) {
        result.paths[u] = saturating_sum(result.paths[u], result.paths[v]);
      }
    }
  }
  return result;
}

/// The first shortest paths from a source, in the order of their vertices. Every vertex that is entered lies
/// on one, so nothing is searched in vain.
class PathList {
 public:
  PathList(const Network& network, const Approach& towards, std::size_t limit)
      : m_network(network), m_towards(towards), m_limit(limit) {}

  void add_from(Index source) {
    std::vector<Index> path{source};
    std::vector<std::size_t> next{0};  // neighbour of path[i] that is looked at next
    while (!path.empty() && m_paths.size() < m_limit) {
      const Index v = path.back();
      const auto neighbours = m_network.neighbours(v);
      if (m_towards.distance[v] == 0) m_paths.push_back(path);
      while (next.back() < neighbours.size() && !nearer(neighbours[next.back()], v)) ++next.back();
      if (m_towards.distance[v] == 0 || next.back() == neighbours.size()) {
        path.pop_back();
        next.pop_back();
      } else {
        path.push_back(neighbours[next.back()++]);
        next.push_back(0);
      }
    }
  }

  [[nodiscard]] const std::vector<std::vector<Index>>& paths() const { return m_paths; }

 private:
  [[nodiscard]] bool nearer(Index u, Index v) const {
    return m_towards.distance[u] != k_none && m_towards.distance[u] + 1 == m_towards.distance[v];
  }

  const Network& m_network;
  const Approach& m_towards;
  std::size_t m_limit;
  std::vector<std::vector<Index>> m_paths;
};

/// Works with an author of each; somebody who belongs to both does not make a joint work alone.
std::vector<Index> works_of_both(const Corpus& corpus, const Party& from, const Party& to) {
  std::vector<char> of_from(corpus.authors.size(), 0);
  std::vector<char> of_to(corpus.authors.size(), 0);
  for (const Index author : from.authors) of_from[author] = 1;
  for (const Index author : to.authors) of_to[author] = 1;
  std::vector<Index> candidates;
  for (const Index author : from.authors) {
    std::ranges::copy(corpus.works_of_author[author], std::back_inserter(candidates));
  }
  std::ranges::sort(candidates);
  candidates.erase(std::ranges::unique(candidates).begin(), candidates.end());
  std::erase_if(candidates, [&](Index work) {
    std::size_t here = 0;
    std::size_t there = 0;
    std::size_t either = 0;
    for (const Index author : corpus.byline[work]) {
      if (of_from[author] != 0) ++here;
      if (of_to[author] != 0) ++there;
      if (of_from[author] != 0 || of_to[author] != 0) ++either;
    }
    return here == 0 || there == 0 || either < 2;
  });
  sort_by_year(corpus, candidates);
  return candidates;
}

Explanation::Path steps_of(const Study& study, const std::vector<Index>& vertices) {
  Explanation::Path path;
  for (std::size_t i = 0; i + 1 < vertices.size(); ++i) {
    path.push_back({vertices[i], vertices[i + 1],
                    joint_works(study.corpus, vertices[i], vertices[i + 1], study.max_authors)});
  }
  return path;
}

}  // namespace

Explanation explain(const Study& study, const Party& from, const Party& to, std::size_t max_paths) {
  Explanation result;
  result.from = from;
  result.to = to;
  std::ranges::set_intersection(from.authors, to.authors, std::back_inserter(result.shared_authors));
  result.joint_works = works_of_both(study.corpus, from, to);
  if (!result.shared_authors.empty()) {
    result.distance = 0;
    return result;
  }
  const Approach towards = approach(study.authors, to.authors);
  Index shortest = k_none;
  for (const Index author : from.authors) shortest = std::min(shortest, towards.distance[author]);
  if (shortest == k_none) return result;
  result.distance = static_cast<int>(shortest);
  PathList list(study.authors, towards, max_paths);
  for (const Index author : from.authors) {
    if (towards.distance[author] != shortest) continue;
    result.path_count = saturating_sum(result.path_count, towards.paths[author]);
    list.add_from(author);
  }
  for (const std::vector<Index>& vertices : list.paths()) result.paths.push_back(steps_of(study, vertices));
  return result;
}

}  // namespace coterie
