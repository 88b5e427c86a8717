#include "analysis/kernels/links.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns strength(const Network& network, const MetricSettings& /*settings*/) {
  return {{"strength", "sum of the weights of the links", "weight", link_sums(network, Links::weighted)}};
}

}  // namespace coterie::metric
