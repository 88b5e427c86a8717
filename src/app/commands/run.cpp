#include <CLI/CLI.hpp>

#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/interruption.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update_run.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_flag("--fresh", options.fresh, "forget the stored cursors and ask every source from the start");
  app.add_flag("--csv-raw", options.csv_raw, "do not guard text cells against spreadsheets");
}

int run(const Options& options, Console& console) {
  const StudyFile study_file = named_study(options);
  const Interruption interruption;
  UpdateResult result;
  UpdateRun update(study_file, "run", options, console, result);
  Dataset& dataset = update.dataset();
  update.resolve();
  Interruption::check(dataset);
  update.fetch();
  update.finish();
  Interruption::check(dataset);
  const int code = report_update(result, dataset, console);
  const auto study = load_study(study_file, dataset);
  print_summary(study_file, *study, analyze(study_file, *study, dataset, options, console), console);
  return code;
}

}  // namespace

Command run_command() { return {"run", "resolve, fetch and analyze", "coterie run my-study", setup, run}; }

}  // namespace coterie
