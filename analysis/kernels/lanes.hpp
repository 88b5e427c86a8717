#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "analysis/kernels/parallel.hpp"

namespace coterie {

/// Number of accumulators of sum_over_batches(). It is a constant of the result: another number rounds
/// otherwise.
inline constexpr std::size_t k_lanes = 16;

/// Sums one value per vertex over batches of sources, in an order that does not depend on the number of
/// threads: batch b is added to lane b % k_lanes, each lane is filled by one thread from its first batch to
/// its last, and the lanes are added in order.
///
/// \tparam Worker `worker(batch, sums)` adds a batch to `sums`; each thread has its own, made from `from`
template <typename Worker, typename Source>
[[nodiscard]] std::vector<double> sum_over_batches(std::size_t vertices, std::size_t batches, int threads,
                                                   const Source& from) {
  const std::size_t lanes = std::min(k_lanes, batches);
  const auto worker_count = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), 1,
                                                    std::max<std::size_t>(lanes, 1));
  std::vector<Worker> workers;
  workers.reserve(worker_count);
  while (workers.size() < worker_count) workers.emplace_back(from);
  std::vector<std::vector<double>> sums(lanes, std::vector<double>(vertices, 0.0));
  in_parallel(worker_count, lanes, [&](std::size_t worker, std::size_t lane) {
    for (std::size_t batch = lane; batch < batches; batch += k_lanes) workers[worker](batch, sums[lane]);
  });
  std::vector<double> total(vertices, 0.0);
  for (const auto& lane : sums) {
    for (std::size_t v = 0; v < vertices; ++v) total[v] += lane[v];
  }
  return total;
}

}  // namespace coterie
