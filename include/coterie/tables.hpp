#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/metric.hpp"
#include "coterie/study.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// Metrics of both networks of a study, computed once and shared by the tables.
struct Measured {
  std::vector<Column> authors;       ///< one value per corpus author
  std::vector<Column> institutions;  ///< one value per corpus institution
};

/// Computes the chosen metrics on both networks.
/// \param progress called before each metric with its id; may be empty
[[nodiscard]] Measured measure(const Study& study, std::span<const Metric* const> metrics,
                               const MetricSettings& settings,
                               const std::function<void(std::string_view)>& progress);

/// A table of a report that is made from a study alone.
struct TableEntry {
  std::string_view name;  ///< people
  Table (*make)(const Study& study, const Measured& measured, const MetricSettings& settings);
};

/// Every such table, in the order of the report.
[[nodiscard]] std::span<const TableEntry> study_tables();

}  // namespace coterie
