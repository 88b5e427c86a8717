#include <CLI/CLI.hpp>

#include "src/app/commands/commands.hpp"
#include "src/app/interruption.hpp"
#include "src/app/replay.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update_run.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  CLI::Option* fresh =
      app.add_flag("--fresh", options.fresh, "forget the stored cursors and ask every source from the start");
  app.add_flag("--replay", options.replay,
               "ask nobody: make the dataset again from the answers that were kept")
      ->excludes(fresh);
}

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  if (options.replay) return replay(study, options, console);
  const Interruption interruption;
  UpdateResult result;
  UpdateRun update(study, "fetch", options, console, result);
  update.fetch();
  update.finish();
  Interruption::check(update.dataset());
  return report_update(result, update.dataset(), console);
}

}  // namespace

Command fetch_command() {
  return {"fetch", "bring the dataset up to date; goes on where it was stopped", "coterie fetch my-study",
          setup, run};
}

}  // namespace coterie
