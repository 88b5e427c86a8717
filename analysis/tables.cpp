#include "coterie/tables.hpp"

#include <array>
#include <iterator>

#include "analysis/tables/tables.hpp"

namespace coterie {
namespace {

constexpr std::array k_tables{
    TableEntry{"people", table::people},
    TableEntry{"authors", table::authors},
    TableEntry{"pairs", table::pairs},
    TableEntry{"pairs_long_bylines", table::pairs_long_bylines},
    TableEntry{"institutions", table::institutions},
    TableEntry{"communities", table::communities},
    TableEntry{"timeline", table::timeline},
    TableEntry{"funders", table::funders},
    TableEntry{"works", table::works},
    TableEntry{"summary", table::summary},
};

}  // namespace

Measured measure(const Study& study, std::span<const Metric* const> metrics, const MetricSettings& settings,
                 const std::function<void(std::string_view)>& progress) {
  const auto columns = [&](const Network& network) {
    std::vector<Column> result;
    for (const Metric* metric : metrics) {
      if (progress) progress(metric->id);
      std::ranges::move(metric->compute(network, settings), std::back_inserter(result));
    }
    return result;
  };
  Measured measured;
  measured.authors = columns(study.authors);
  measured.institutions = columns(study.institutions);
  return measured;
}

std::span<const TableEntry> study_tables() { return k_tables; }

}  // namespace coterie
