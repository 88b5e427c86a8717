#pragma once

#include <cstdint>
#include <vector>

#include "coterie/network.hpp"

namespace coterie {

/// What the hop distances between all pairs of vertices add up to.
struct Distances {
  std::vector<std::uint64_t> sums;    ///< vertex -> sum of its distances to the vertices it reaches
  std::vector<Index> reached;         ///< vertex -> how many others it reaches
  std::vector<double> harmonic_sums;  ///< vertex -> sum of 1/distance to the vertices it reaches
  /// Ordered pairs u != v of the largest component at distance d, at place d; place 0 is 0. Of several
  /// largest components the one with the smallest vertex counts.
  std::vector<std::uint64_t> histogram;
};

/// All-pairs hop distances, 256 sources at a time: bit s of a vertex says that source s has reached it, so
/// one pass over the links serves all sources of a batch.
///
/// Everything is counted in integers (reciprocals in units of 2^-54), so neither the number of threads nor
/// the order of the sources can change a bit of the result.
///
/// \param threads at least 1
/// \complexity O(n m / 256) word operations in practice, O(threads n + m) memory; n m in the worst case, a
/// long path \see M. Then et al. (2014), PVLDB 8(4), 449-460, doi 10.14778/2735496.2735507
[[nodiscard]] Distances distances(const Network& network, int threads);

}  // namespace coterie
