#include <CLI/CLI.hpp>

#include "src/app/commands/commands.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/interruption.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  app.add_flag("--fresh", options.fresh, "forget the stored cursors and ask every source from the start");
}

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  const Interruption interruption;
  const DatasetLock lock(study);
  Dataset dataset(study.dataset(), Dataset::Mode::read_write);
  UpdateResult result;
  fetch(study, dataset, options, console, result);
  Interruption::check(dataset);
  return report_update(result, dataset, console);
}

}  // namespace

Command fetch_command() {
  return {"fetch", "bring the dataset up to date; goes on where it was stopped", "coterie fetch my-study",
          setup, run};
}

}  // namespace coterie
