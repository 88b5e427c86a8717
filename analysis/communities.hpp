#pragma once

#include <vector>

#include "coterie/metric.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// A partition of the vertices of a network by link structure.
struct Communities {
  /// Vertex -> community, from 1 by decreasing size; of equal sizes the one with the smallest vertex comes
  /// first.
  std::vector<Index> membership;
  std::vector<Index> sizes;  ///< members of community c at c - 1
  /// Community c at c - 1, 0..1: the mean over the other runs of the largest Jaccard overlap between c and
  /// any community of that run. 1 means that every run found exactly this community.
  std::vector<double> stability;
  double modularity = 0.0;  ///< of the partition, with weights; NaN without links
};

/// Communities by the Leiden algorithm on modularity at resolution 1, with the weights of the network:
///
///     Q = sum_c ( W_c / W - (K_c / 2W)^2 )
///
/// W = total weight (each link once), W_c = weight inside community c, K_c = sum of the strengths of its
/// members. The best Q of `k_community_runs` runs with seeds derived from `settings.seed` is taken, of equal
/// ones the first run. A vertex without links is a community of its own.
///
/// The optimum of Q is hard to find and seldom unique: read `stability` before a community is given a
/// meaning.
///
/// \throws Error{system} if memory runs out
/// \complexity O(runs (n + m)) in practice, one thread whatever `settings.threads` says
/// \see V. A. Traag, L. Waltman, N. J. van Eck (2019), Scientific Reports 9, 5233,
/// doi 10.1038/s41598-019-41695-z;
///      M. E. J. Newman (2004), Phys. Rev. E 70, 056131, doi 10.1103/PhysRevE.70.056131
[[nodiscard]] Communities communities(const Network& network, const MetricSettings& settings);

/// Number of runs of communities().
inline constexpr int k_community_runs = 10;

}  // namespace coterie
