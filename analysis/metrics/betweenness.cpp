#include "analysis/kernels/betweenness.hpp"

#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns betweenness(const Network& network, const MetricSettings& settings) {
  return {{"betweenness", "shortest paths through it, by hops", "pairs",
           coterie::betweenness(network, settings.threads)},
          {"betweenness_weighted", "shortest paths through it, a link as long as 1/weight", "pairs",
           weighted_betweenness(network, settings.threads)}};
}

}  // namespace coterie::metric
