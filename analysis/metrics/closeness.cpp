#include "analysis/kernels/distances.hpp"
#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns closeness(const Network& network, const MetricSettings& settings) {
  const Distances all = distances(network, settings.threads);
  const auto others = static_cast<double>(network.size()) - 1.0;
  Column::Reals values;
  values.reserve(network.size());
  for (Index v = 0; v < network.size(); ++v) {
    const auto reached = static_cast<double>(all.reached[v]);
    values.push_back(reached == 0.0 ? 0.0 : reached / others * (reached / static_cast<double>(all.sums[v])));
  }
  return {{"closeness", "closeness by hops, corrected for reach", "share (0..1)", std::move(values)}};
}

}  // namespace coterie::metric
