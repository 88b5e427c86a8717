#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coterie/table.hpp"
#include "coterie/writer.hpp"

namespace coterie {

/// What a report says of the run that made it; written as run.json.
struct RunManifest {
  std::string version;
  std::string made_at;  ///< UTC timestamp
  std::string title;
  std::vector<std::pair<std::string, std::string>>
      configuration;  ///< key and value as JSON text, sorted by key
  std::string dataset_fingerprint;
  std::uint64_t seed = 1;
  std::vector<std::string> gaps;                              ///< one sentence each
  std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< works, authors, ... in a fixed order

  /// How a report differs from the one before.
  struct Comparison {
    std::string against;                                        ///< folder of the report before
    std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< kind of change -> number, every kind
    std::vector<std::string> not_compared;                      ///< what could not be compared, and why
    std::vector<std::string> summary;                           ///< a few lines for people
  };
  std::optional<Comparison> changes;  ///< absent where a report was compared with none
};

/// A matrix of a report with the labels of its rows (and, if it is not square, of its columns).
struct LabelledMatrix {
  std::string name;  ///< file name below matrix/ without extension
  std::string comment;
  SparseEntries matrix;
  std::vector<std::pair<std::string, Table>>
      labels;  ///< file name without .csv, and a table in row (column) order
};

/// Everything a report folder holds.
struct Report {
  std::vector<Table> tables;
  std::vector<LabelledMatrix> matrices;
  CsvStyle style = CsvStyle::guarded;
};

/// Writes a report folder: the tables as CSV, matrix/, datapackage.json (Frictionless Data Package 1.0: every
/// column with type, label and unit), and run.json last, with size and SHA-256 of every other file. The
/// folder appears whole under `reports/STAMP`, then `reports/latest` points to it. Every file but run.json
/// depends on tables and matrices alone.
///
/// \param stamp name of the folder; if it is taken (two reports in one second), `-2`, `-3`, ... is appended
/// \return the folder
/// \throws Error{cannot_create}, Error{io}; then nothing is published and `latest` is as before
std::filesystem::path publish(const Report& report, const RunManifest& manifest,
                              const std::filesystem::path& reports, const std::string& stamp);

}  // namespace coterie
