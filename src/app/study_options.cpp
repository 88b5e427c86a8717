#include "src/app/study_options.hpp"

#include <CLI/CLI.hpp>

#include "coterie/metric.hpp"
#include "coterie/source.hpp"

namespace coterie {

void add_study_argument(CLI::App& app, Options& options) {
  app.add_option("STUDY", options.study, "the study's folder, or its study.toml")->required()->type_name("");
}

void add_json_option(CLI::App& app, Options& options) {
  app.add_flag("--json", options.json, "print the result as JSON");
}

StudyFile named_study(const Options& options) {
  KnownNames known;
  for (const SourceEntry& source : sources()) known.sources.emplace_back(source.traits.name);
  for (const Metric& metric : metrics()) known.metrics.emplace_back(metric.id);
  return read_study(options.study, known);
}

}  // namespace coterie
