#pragma once

#include <string>
#include <vector>

#include "coterie/manifest.hpp"
#include "src/report/report_files.hpp"

namespace coterie {

/// A file of the package with the table it holds, nullptr for a matrix, which `title` describes.
struct PackagedFile {
  ReportFile file;
  const Table* table = nullptr;
  std::string title;
};

/// Frictionless Data Package 1.0: each file with its size and SHA-256, each table with its columns. \see
/// https://specs.frictionlessdata.io/data-package, /data-resource, /table-schema, /csv-dialect
[[nodiscard]] std::string datapackage_json(const std::vector<PackagedFile>& files, CsvStyle style);

/// run.json: the run, and every file written so far. A configuration value that is no JSON is kept as a text.
[[nodiscard]] std::string run_json(const RunManifest& manifest, const std::vector<ReportFile>& files);

}  // namespace coterie
