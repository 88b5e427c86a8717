#include "analysis/kernels/structural_holes.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns constraint(const Network& network, const MetricSettings& /*settings*/) {
  return {
      {"constraint", "Burt's constraint, links as 1", "", coterie::constraint(network, Links::unweighted)},
      {"constraint_weighted", "Burt's constraint, by weight", "",
       coterie::constraint(network, Links::weighted)},
      {"effective_size", "contacts less their mean ties to each other", "links", effective_size(network)}};
}

}  // namespace coterie::metric
