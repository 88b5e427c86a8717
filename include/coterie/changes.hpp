#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "coterie/manifest.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// A published report as its run.json tells it. What is absent or damaged there is empty here.
struct PreviousReport {
  std::filesystem::path folder;
  std::string name;   ///< of the folder
  bool told = false;  ///< whether run.json could be read
  std::string dataset_fingerprint;
  std::map<std::string, std::string> configuration;  ///< key -> value as JSON text, members sorted
  std::vector<std::string> gaps;
  std::map<std::string, std::string> sha256;  ///< file below the folder -> digest
};

/// The report that `reports/latest` points to; nullopt if that is no folder. Never throws for what lies
/// there.
[[nodiscard]] std::optional<PreviousReport> latest_report(const std::filesystem::path& reports);

/// JSON text in the form of PreviousReport::configuration; a text that is no JSON as it is.
[[nodiscard]] std::string canonical_json(const std::string& text);

/// The numbers of the communities in a table of a report, `authors` or `institutions`, by the key of the
/// member. Empty if the table has no such column, or cannot be read: `not_compared` then says why.
[[nodiscard]] std::unordered_map<std::string, std::int64_t> community_numbers(
    const PreviousReport& report, const std::string& table, std::vector<std::string>& not_compared);

/// What a new report tells that the one before did not.
struct Changes {
  Table table;                   ///< changes.csv: one line per change
  RunManifest::Comparison told;  ///< the same counted and in a few lines, for people and run.json
};

/// Compares a new report with the one before. Texts are compared as they were before the spreadsheet guard. A
/// file of the earlier report that is missing, damaged or not as it was published leaves out what would be
/// told of it, and a line says so.
///
/// \param tables of the new report: people, authors, pairs, timeline and works
/// \param configuration of the new report, as in RunManifest
/// \param metrics ids of the columns of authors.csv that are quantities
/// \param not_compared what could not be read before
/// \complexity O(lines of both reports); memory for the new report's keys and the earlier one's metrics
[[nodiscard]] Changes changes_since(const PreviousReport& before, std::span<const Table> tables,
                                    const std::vector<std::pair<std::string, std::string>>& configuration,
                                    std::span<const std::string> metrics,
                                    std::vector<std::string> not_compared = {});

/// Largest number of people told per metric.
inline constexpr std::size_t k_told_per_metric = 20;

/// Whether every table and matrix would have the bytes that the earlier report has, those of `but` aside.
/// \complexity O(bytes up to the first file that differs)
[[nodiscard]] bool same_content(const PreviousReport& before, const Report& report,
                                std::span<const std::string> but);

}  // namespace coterie
