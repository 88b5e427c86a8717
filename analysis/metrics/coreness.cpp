#include "analysis/kernels/coreness.hpp"

#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns coreness(const Network& network, const MetricSettings& /*settings*/) {
  const std::vector<Index> cores = coterie::coreness(network);
  return {
      {"coreness", "largest k of a k-core around it", "links", Column::Integers(cores.begin(), cores.end())}};
}

}  // namespace coterie::metric
