#include "analysis/kernels/components.hpp"

#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns components(const Network& network, const MetricSettings& /*settings*/) {
  const Components parts = coterie::components(network);
  Column::Integers numbers;
  Column::Integers sizes;
  for (const Index part : parts.of_vertex) {
    numbers.push_back(std::int64_t{part} + 1);
    sizes.push_back(parts.sizes[part]);
  }
  return {{"component", "connected part, 1 is the largest", "", std::move(numbers)},
          {"component_size", "size of its connected part", "nodes", std::move(sizes)}};
}

}  // namespace coterie::metric
