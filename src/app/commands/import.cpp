#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "coterie/dataset.hpp"
#include "coterie/error.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "coterie/works_file.hpp"
#include "src/app/asking.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_option("FILE", options.files, "files of works, plain or gzip; the format is found by content")
      ->required()
      ->type_name("");
}

/// Reads one file into the dataset, in one transaction. \return whether every record was understood
bool import_file(const std::filesystem::path& path, Dataset& dataset, Console& console) {
  const std::string now = utc_timestamp(wall_clock());
  const std::string name = path.filename().string();
  std::uint64_t taken = 0;
  dataset.begin_import();
  const WorksFileResult result = read_works_file(path, [&](std::span<const Work> works) {
    dataset.add(works, now);
    taken += works.size();
    console.progress("import: works", taken, std::nullopt);
  });
  dataset.end_import({name, result.sha256, result.format, now, result.works, result.rejected_count});
  console.progress_done();
  for (const Rejected& rejected : result.rejected) {
    console.warn(fmt::format("{}, line {}: rejected: {}", name, rejected.line, rejected.reason));
  }
  if (result.rejected_count > result.rejected.size()) {
    console.warn(fmt::format("{}: {} more rejected", name, result.rejected_count - result.rejected.size()));
  }
  console.result(fmt::format("{}: {} works read ({}), {} rejected", name, result.works, result.format,
                             result.rejected_count));
  console.event("imported", {{"file", name},
                             {"format", result.format},
                             {"works", std::to_string(result.works)},
                             {"rejected", std::to_string(result.rejected_count)}});
  return result.rejected_count == 0;
}

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  const DatasetLock lock(study);
  Dataset dataset(study.dataset(), Dataset::Mode::read_write);
  bool whole = true;
  for (const std::filesystem::path& path : options.files) {
    try {
      whole &= import_file(path, dataset, console);
    } catch (const Error& error) {
      throw error.within(path.string());
    }
  }
  return whole ? 0 : exit_code(ErrorKind::data);
}

}  // namespace

Command import_command() {
  return {"import", "add works from files", "coterie import my-study works.jsonl.gz", setup, run};
}

}  // namespace coterie
