#include "analysis/communities.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns community(const Network& network, const MetricSettings& settings) {
  const std::vector<Index> membership = communities(network, settings).membership;
  return {{"community", "densely linked part, 1 is the largest", "",
           Column::Integers(membership.begin(), membership.end())}};
}

}  // namespace coterie::metric
