#include "analysis/kernels/distances.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns harmonic(const Network& network, const MetricSettings& settings) {
  Column::Reals values = distances(network, settings.threads).harmonic_sums;
  if (network.size() > 1) {
    for (double& value : values) value /= static_cast<double>(network.size() - 1);
  }
  return {{"harmonic", "mean of 1/hops to all others", "share (0..1)", std::move(values)}};
}

}  // namespace coterie::metric
