#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "coterie/util/text.hpp"
#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_option("--jitter", options.jitter,
                 "sleep a share of so many seconds first, the same on each run of a machine")
      ->check(CLI::Range(0, 86400))
      ->type_name("SECONDS");
  app.add_flag("--csv-raw", options.csv_raw, "do not guard text cells against spreadsheets");
}

/// A share of the jitter that is fixed for a machine and study, so that many machines do not ask at one
/// moment.
std::chrono::seconds jitter_of(const Options& options) {
  if (options.jitter == 0) return std::chrono::seconds(0);
  std::ifstream file("/etc/machine-id");
  std::string machine;
  std::getline(file, machine);
  const std::string digest = text::sha256(machine + '\n' + options.study.string());
  const auto share = std::stoull(digest.substr(0, 8), nullptr, 16);
  return std::chrono::seconds(static_cast<long>(share % static_cast<unsigned long long>(options.jitter + 1)));
}

int run(const Options& options, Console& console) {
  const StudyFile study_file = named_study(options);
  std::this_thread::sleep_for(jitter_of(options));
  const DatasetLock lock(study_file);
  Dataset dataset(study_file.dataset(), Dataset::Mode::read_write);
  UpdateResult result;
  resolve(study_file, dataset, options, console, result);
  fetch(study_file, dataset, options, console, result);
  // cron mails whatever is printed: what is missing is worth a mail, a quiet success is not.
  int code = result.exit;
  if (code != 0 || options.verbose) code = report_update(result, dataset, console);
  const std::string report = refresh_report(study_file, dataset, options, console);
  console.event("refreshed", {{"report", report},
                              {"calls", std::to_string(result.calls)},
                              {"records", std::to_string(result.fetched)},
                              {"exit", std::to_string(code)}});
  return code;
}

}  // namespace

Command refresh_command() {
  return {"refresh", "run for cron: quiet, one at a time, a report only if something changed",
          "coterie refresh --jitter 600 -q my-study", setup, run};
}

}  // namespace coterie
