#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/app/asking.hpp"
#include "src/app/commands/commands.hpp"
#include "src/app/fetch_plan.hpp"
#include "src/app/study_options.hpp"

namespace coterie {
namespace {

void setup(CLI::App& app, Options& options) {
  add_study_argument(app, options);
  add_json_option(app, options);
}

void print_json(const StudyFile& study, const std::vector<SourcePlan>& plans, Console& console) {
  nlohmann::ordered_json out;
  out["title"] = study.title;
  out["people"] = study.roster.people.size();
  out["teams"] = study.roster.teams();
  out["institutions"] = study.roster.institutions.size();
  out["metrics"] = study.metrics;
  out["sources"] = nlohmann::ordered_json::array();
  for (const SourcePlan& plan : plans) {
    nlohmann::ordered_json source{{"source", plan.source},
                                  {"key", plan.has_key},
                                  {"calls", plan.calls},
                                  {"cost_usd", plan.cost},
                                  {"seconds_at_least", plan.seconds},
                                  {"allowance_usd", nullptr},
                                  {"steps", nlohmann::ordered_json::array()}};
    if (plan.allowance) source["allowance_usd"] = plan.allowance->remaining;
    for (const PlannedStep& step : plan.steps) {
      source["steps"].push_back({{"what", step.what},
                                 {"queries", step.queries},
                                 {"calls", step.calls},
                                 {"cost_usd", step.cost},
                                 {"at_least", step.at_least}});
    }
    out["sources"].push_back(std::move(source));
  }
  console.raw(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void print_text(const StudyFile& study, const std::vector<SourcePlan>& plans, Console& console) {
  const auto year = [](const std::optional<int>& value) {
    return value ? std::to_string(*value) : std::string("open");
  };
  console.result(fmt::format("study: {}", study.title.empty() ? study.folder.string() : study.title));
  console.result(fmt::format("{} people in {} teams, {} watched institutions, {} decisions, window {} to {}",
                             study.roster.people.size(), study.roster.teams().size(),
                             study.roster.institutions.size(), study.roster.decisions.size(),
                             year(study.window.from), year(study.window.to)));
  console.result(fmt::format("analysis: {} counting, normalisation {}, byline cut {}, metrics {}",
                             to_string(study.counting), to_string(study.normalisation), study.max_authors,
                             fmt::join(study.metrics, " ")));
  if (plans.empty())
    console.result("no source is asked: study.toml has no [sources.NAME]; works come from 'coterie import'");
  for (const SourcePlan& plan : plans) {
    console.result(fmt::format("{}: {} calls or more, ${:.4f} or more, {} s or more{}", plan.source,
                               plan.calls, plan.cost, plan.seconds, plan.key_note));
    if (plan.allowance) {
      console.result(fmt::format(
          "  allowance: ${:.4f} left as of {}, renewed at {}{}", plan.allowance->remaining,
          plan.allowance->told_at, plan.allowance->renewed_at,
          plan.cost > plan.allowance->remaining ? "; the run does not fit, it would stop and go on tomorrow"
                                                : ""));
    }
    for (const PlannedStep& step : plan.steps) {
      console.result(fmt::format("  {}: {} queries, {}{} calls, ${:.4f}", step.what, step.queries,
                                 step.at_least ? "at least " : "", step.calls, step.cost));
    }
  }
  console.result("nothing is wrong with the study's files");
}

int run(const Options& options, Console& console) {
  const StudyFile study = named_study(options);
  const std::vector<SourcePlan> plans = fetch_plan(study);
  if (options.json) {
    print_json(study, plans, console);
  } else {
    print_text(study, plans, console);
  }
  return 0;
}

}  // namespace

Command check_command() {
  return {"check", "check a study's files and say what fetching would cost; asks no source",
          "coterie check my-study", setup, run};
}

}  // namespace coterie
