#pragma once

#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// Betweenness by hop distance, exact:
///
///     b(v) = sum over unordered pairs {s, t} without v of  (shortest paths s-t through v) / (all of them)
///
/// Not normalised; pairs without a path count nothing. The sum over all v is the sum of (distance - 1) over
/// the connected pairs.
///
/// The sources are dealt to a fixed number of accumulators, so the result is the same to the last bit for any
/// number of threads. Paths are counted in double precision: exact below 2^53 paths between a pair, and good
/// to 16 digits above.
///
/// Searches run eight at a time over one reading of the links, and leave out what no path can pass (see
/// analysis/kernels/path_graph.hpp).
///
/// \param threads at least 1
/// \complexity O(n m) time, O(n threads + m) memory
/// \see U. Brandes (2001), J. Mathematical Sociology 25(2), 163-177, doi 10.1080/0022250X.2001.9990249
[[nodiscard]] std::vector<double> betweenness(const Network& network, int threads);

/// Betweenness with the distance 1/weight: a strong link is a short one.
///
/// Distances are sums of floating-point numbers, so two of them count as equal when they differ by less than
/// 1e-10 of their size: without that, ties among shortest paths would be broken by rounding. Otherwise like
/// betweenness().
///
/// \complexity O(n m log n) time, O(n threads + m) memory
/// \see U. Brandes (2008), Social Networks 30(2), 136-145, doi 10.1016/j.socnet.2007.11.001
[[nodiscard]] std::vector<double> weighted_betweenness(const Network& network, int threads);

}  // namespace coterie
