#include <fmt/format.h>

#include "coterie/error.hpp"
#include "coterie/manifest.hpp"
#include "coterie/util/file.hpp"
#include "src/report/datapackage.hpp"
#include "src/report/report_files.hpp"

namespace coterie {
namespace {

void check(const Report& report) {
  for (const Table& table : report.tables) check(table);
  for (const LabelledMatrix& matrix : report.matrices) {
    for (const auto& [name, table] : matrix.labels) check(table);
  }
}

PackagedFile write_table(ReportFiles& files, const std::string& path, const Table& table, CsvStyle style) {
  const ReportFile& file = files.write(path, [&](const Sink& sink) { write_csv(table, style, sink); });
  return {file, &table, {}};
}

void write_files(const Report& report, const RunManifest& manifest, ReportFiles& files) {
  std::vector<PackagedFile> packaged;
  for (const Table& table : report.tables) {
    packaged.push_back(write_table(files, table.name + ".csv", table, report.style));
  }
  for (const LabelledMatrix& matrix : report.matrices) {
    const ReportFile& file = files.write("matrix/" + matrix.name + ".mtx", [&](const Sink& sink) {
      write_matrix_market(matrix.matrix, matrix.comment, sink);
    });
    packaged.push_back({file, nullptr, matrix.comment});
    for (const auto& [name, table] : matrix.labels) {
      packaged.push_back(write_table(files, "matrix/" + name + ".csv", table, report.style));
    }
  }
  files.write("datapackage.json", [&](const Sink& sink) { sink(datapackage_json(packaged, report.style)); });
  const std::string run = run_json(manifest, files.written());
  files.write("run.json", [&](const Sink& sink) { sink(run); });
}

bool is_taken(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::symlink_status(path, ignored).type() != std::filesystem::file_type::not_found;
}

std::string free_name(const std::filesystem::path& reports, const std::string& stamp) {
  std::string name = stamp;
  for (int number = 2; is_taken(reports / name); ++number) name = fmt::format("{}-{}", stamp, number);
  return name;
}

}  // namespace

std::filesystem::path publish(const Report& report, const RunManifest& manifest,
                              const std::filesystem::path& reports, const std::string& stamp) {
  check(report);
  if (stamp.empty() || stamp.front() == '.' || stamp.find('/') != std::string::npos || stamp == "latest") {
    throw Error(ErrorKind::bug, fmt::format("a report folder cannot be named '{}'", stamp));
  }
  make_folders(reports);
  std::error_code error;
  const std::filesystem::path latest = reports / "latest";
  if (is_taken(latest) && !std::filesystem::is_symlink(latest, error)) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("'{}' exists and is not a symbolic link", latest.string()));
  }
  const std::string name = free_name(reports, stamp);
  AtomicFolder folder(reports / name);
  ReportFiles files(folder.path());
  write_files(report, manifest, files);
  folder.publish();
  try {
    replace_link(latest, name);
  } catch (...) {
    // A report that `latest` does not name would be found by nobody, and the caller is told that none was
    // made. Where the failure came after the link was replaced, it is named.
    if (std::filesystem::read_symlink(latest, error) != name) {
      std::filesystem::remove_all(reports / name, error);
    }
    throw;
  }
  return reports / name;
}

}  // namespace coterie
