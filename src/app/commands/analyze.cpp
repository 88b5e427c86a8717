#include <CLI/CLI.hpp>

#include "src/app/analysis_run.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_flag("--csv-raw", options.csv_raw, "do not guard text cells against spreadsheets");
}

int run(const Options& options, Console& console) {
  const StudyFile study_file = named_study(options);
  const Dataset dataset = stored_dataset(study_file);
  const auto study = load_study(study_file, dataset);
  print_summary(study_file, *study, analyze(study_file, *study, dataset, options, console), console);
  return 0;
}

}  // namespace

Command analyze_command() {
  return {"analyze", "publish a report of what the dataset holds; asks no source", "coterie analyze my-study",
          setup, run};
}

}  // namespace coterie
