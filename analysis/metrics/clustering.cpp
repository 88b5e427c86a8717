#include "analysis/kernels/triangles.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns clustering(const Network& network, const MetricSettings& /*settings*/) {
  return {{"clustering", "share of the pairs of its neighbours that are linked", "share (0..1)",
           local_clustering(network, triangles(network))}};
}

}  // namespace coterie::metric
