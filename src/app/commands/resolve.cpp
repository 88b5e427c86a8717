#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "src/app/commands/commands.hpp"
#include "src/app/interruption.hpp"
#include "src/app/study_options.hpp"
#include "src/app/update_run.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) { add_study_argument(app, options); }

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  const Interruption interruption;
  Options asked = options;
  asked.fresh = true;  // whoever says 'resolve' wants the people looked up now
  UpdateResult result;
  UpdateRun update(study, "resolve", asked, console, result);
  update.resolve();
  update.finish();
  Interruption::check("the people looked up so far are kept; 'coterie resolve' looks all of them up again");
  const int code = report_update(result, update.dataset(), console);
  console.result(fmt::format("candidates: {}", (study.review() / "identities.csv").string()));
  return code;
}

}  // namespace

Command resolve_command() {
  return {"resolve", "find the people's author identities", "coterie resolve my-study", setup, run};
}

}  // namespace coterie
