#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/network.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// What a metric may depend on beside the network. The thread count changes the time, never a result.
struct MetricSettings {
  std::uint64_t seed = 1;
  int threads = 1;
};

/// A measure of the vertices of a network.
struct Metric {
  std::string_view id;  ///< as study.toml names it
  std::string_view title;
  /// One or more columns with one value per vertex, in vertex order; no vertices give empty columns.
  std::vector<Column> (*compute)(const Network& network, const MetricSettings& settings);
};

/// Every metric, in the order of the columns of a report.
[[nodiscard]] std::span<const Metric> metrics();

/// The metrics of those ids, in registry order. \throws Error{configuration} for an unknown id
[[nodiscard]] std::vector<const Metric*> chosen_metrics(std::span<const std::string> ids);

}  // namespace coterie
