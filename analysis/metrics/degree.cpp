#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns degree(const Network& network, const MetricSettings& /*settings*/) {
  Column::Integers values;
  values.reserve(network.size());
  for (Index v = 0; v < network.size(); ++v) values.push_back(static_cast<std::int64_t>(network.degree(v)));
  return {{"degree", "number of co-authors", "links", std::move(values)}};
}

}  // namespace coterie::metric
