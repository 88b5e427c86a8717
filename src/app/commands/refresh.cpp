#include <fmt/format.h>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>

#include "coterie/util/text.hpp"
#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/interruption.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update_run.hpp"

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
/// moment. It does not count towards --max-time: a run must not lose its time to where its share fell.
std::chrono::seconds jitter_of(const Options& options, const StudyFile& study) {
  if (options.jitter == 0) return std::chrono::seconds(0);
  std::ifstream file("/etc/machine-id");
  std::string machine;
  std::getline(file, machine);
  const std::string digest =
      text::sha256(machine + '\n' + std::filesystem::weakly_canonical(study.folder).string());
  const auto share = std::stoull(digest.substr(0, 8), nullptr, 16);
  return std::chrono::seconds(static_cast<long>(share % static_cast<unsigned long long>(options.jitter + 1)));
}

/// What a refresh came to, for its one line in the log.
struct Account {
  std::string report = "none";
  UpdateResult result;
  std::size_t gaps = 0;
};

int refresh(const StudyFile& study_file, const Options& options, Console& console, Account& account) {
  // cron mails whatever is printed: what will be asked is for people who look on.
  Options asking = options;
  asking.quiet = options.quiet || !(options.verbose || isatty(STDERR_FILENO) == 1);
  const UpdateResult& result = account.result;
  UpdateRun update(study_file, "refresh", asking, console, account.result);
  Dataset& dataset = update.dataset();
  update.resolve();
  Interruption::check(dataset);
  update.fetch();
  update.finish();
  account.gaps = dataset.gaps().size();
  Interruption::check(dataset);
  // cron mails whatever is printed: what is missing is worth a mail, a quiet success is not.
  int code = result.exit;
  if (code != 0 || options.verbose) code = report_update(result, dataset, console);
  account.report = refresh_report(study_file, dataset, options, console);
  return code;
}

int run(const Options& options, Console& console) {
  const Interruption interruption;
  Account account;
  int code = 0;
  Options timed = options;
  try {
    const StudyFile study_file = named_study(options);
    Interruption::sleep(jitter_of(options, study_file));
    Interruption::check("nothing was asked yet, and nothing changed");
    timed.started = std::chrono::steady_clock::now();
    code = refresh(study_file, timed, console, account);
  } catch (...) {
    code = tell_failure(console);
    // Something graver than a run that ended early is told by its own code.
    if (code == exit_code(ErrorKind::temporary) && account.result.exit != 0) code = account.result.exit;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - timed.started);
  console.event("refreshed", {{"report", account.report},
                              {"calls", std::to_string(account.result.calls)},
                              {"records", std::to_string(account.result.fetched)},
                              {"cost_usd", fmt::format("{:.4f}", account.result.cost)},
                              {"gaps", std::to_string(account.gaps)},
                              {"exit", std::to_string(code)},
                              {"seconds", fmt::format("{:.1f}", seconds.count())}});
  return code;
}

}  // namespace

Command refresh_command() {
  return {"refresh", "run for cron: quiet, one at a time, a report only if something changed",
          "coterie refresh --jitter 600 -q my-study", setup, run};
}

}  // namespace coterie
