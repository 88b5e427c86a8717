#include "src/app/analysis_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "coterie/carried_communities.hpp"
#include "coterie/changes.hpp"
#include "coterie/corpus_builder.hpp"
#include "coterie/error.hpp"
#include "coterie/highlights.hpp"
#include "coterie/manifest.hpp"
#include "coterie/tables.hpp"
#include "coterie/util/file.hpp"
#include "src/app/asking.hpp"
#include "src/app/configuration.hpp"
#include "src/app/coverage.hpp"
#include "src/app/dataset_lock.hpp"
#include "src/app/interruption.hpp"
#include "version.hpp"

namespace coterie {
namespace {

SparseEntries entries_of(const Matrix& matrix, bool symmetric) {
  SparseEntries result;
  result.rows = static_cast<std::size_t>(matrix.rows());
  result.columns = static_cast<std::size_t>(matrix.cols());
  result.symmetric = symmetric;
  for (Eigen::Index row = 0; row < matrix.outerSize(); ++row) {
    for (Matrix::InnerIterator entry(matrix, row); entry; ++entry) {
      if (symmetric && entry.col() > entry.row()) continue;
      result.entries.push_back(
          {static_cast<std::uint32_t>(entry.row()), static_cast<std::uint32_t>(entry.col()), entry.value()});
    }
  }
  return result;
}

/// Labels of a matrix's rows: its number from 1, the key, and the name.
template <typename Item>
Table labels(std::string title, const std::vector<Item>& items, std::string Item::*name) {
  Table table{"labels", std::move(title), {"number"}, {}};
  auto& numbers = std::get<Column::Integers>(table.add_integer("number", "row of the matrix, from 1").values);
  auto& keys = std::get<Column::Texts>(table.add_text("key", "key, as in the other tables").values);
  auto& names = std::get<Column::Texts>(table.add_text("label", "name or title").values);
  for (const Item& item : items) {
    numbers.push_back(static_cast<std::int64_t>(numbers.size()) + 1);
    keys.push_back(item.key);
    names.push_back(item.*name);
  }
  return table;
}

std::vector<LabelledMatrix> matrices_of(const Study& study) {
  const Corpus& corpus = study.corpus;
  const std::string counting =
      fmt::format("{} counting, works of up to {} authors", to_string(study.counting), study.max_authors);
  std::vector<LabelledMatrix> matrices;
  matrices.push_back(
      {"authors",
       "co-authorship of authors, " + counting,
       entries_of(study.author_matrix, true),
       {{"authors.labels", labels("rows of authors.mtx", corpus.authors, &CorpusAuthor::name)}}});
  matrices.push_back({"institutions",
                      "co-authorship of institutions, " + counting,
                      entries_of(study.institution_matrix, true),
                      {{"institutions.labels",
                        labels("rows of institutions.mtx", corpus.institutions, &CorpusInstitution::name)}}});
  matrices.push_back(
      {"incidence",
       fmt::format("works x authors, works of up to {} authors; columns are the rows of authors.mtx",
                   study.max_authors),
       entries_of(incidence_matrix(corpus, study.max_authors), false),
       {{"incidence.labels", labels("rows of incidence.mtx", corpus.works, &CorpusWork::title)}}});
  return matrices;
}

RunManifest manifest_of(const StudyFile& study_file, const Study& study, const Dataset& dataset,
                        const Options& options) {
  RunManifest manifest;
  manifest.version = k_version;
  manifest.made_at = utc_timestamp(wall_clock());
  manifest.title = study_file.title;
  manifest.configuration = configuration_of(study_file, options);
  manifest.dataset_fingerprint = dataset.fingerprint();
  manifest.seed = options.seed;
  for (const Gap& gap : dataset.gaps())
    manifest.gaps.push_back(fmt::format("{}: {}: {}", gap.source, gap.query, gap.reason));
  manifest.counts = {{"works", study.corpus.works.size()},
                     {"authors", study.corpus.authors.size()},
                     {"author_pairs", study.authors.edges()},
                     {"institutions", study.corpus.institutions.size()},
                     {"people", study.corpus.people.size()}};
  return manifest;
}

/// Ends an analysis that a signal or --max-time wants ended; the newest report then stays the newest.
void check_going_on(const Options& options) {
  constexpr std::string_view k_account = "no report was published; 'coterie analyze' makes one";
  Interruption::check(k_account);
  options.check_time_left(k_account);
}

/// The chosen metrics on both networks, with a bar.
Measured measured_of(const StudyFile& study_file, const Study& study, const Options& options,
                     Console& console) {
  const std::vector<const Metric*> metrics = chosen_metrics(study_file.metrics);
  std::uint64_t done = 0;
  Measured measured =
      measure(study, metrics, {options.seed, options.thread_count()}, [&](std::string_view metric) {
        check_going_on(options);
        Progress news;
        news.what = "analysis";
        news.detail = metric;
        news.done = done++;
        news.total = metrics.size() * 2;
        console.progress(news);
      });
  console.progress_done();
  return measured;
}

Report report_of(const Study& study, const Measured& measured, const Dataset& dataset,
                 const Options& options) {
  const MetricSettings settings{options.seed, options.thread_count()};
  Report report;
  report.style = options.csv_raw ? CsvStyle::raw : CsvStyle::guarded;
  for (const TableEntry& table : study_tables()) {
    check_going_on(options);
    report.tables.push_back(table.make(study, measured, settings));
  }
  report.tables.push_back(coverage_table(study, dataset));
  report.matrices = matrices_of(study);
  return report;
}

std::filesystem::path published(const Report& report, const StudyFile& study_file, const Study& study,
                                const RunManifest& manifest, const Options& options, Console& console) {
  check_going_on(options);
  std::filesystem::path folder =
      publish(report, manifest, study_file.reports(), utc_file_stamp(wall_clock()));
  console.event("published", {{"report", folder.filename().string()},
                              {"works", std::to_string(study.corpus.works.size())},
                              {"authors", std::to_string(study.corpus.authors.size())}});
  return folder;
}

/// Whether a report was made under this configuration, and every gap it tells is one still: a gap that closed
/// without new records leaves a report that says too little of itself. A new gap is no reason for a new
/// report, since the earlier one is complete as of the moment it tells.
bool answers_same_question(const PreviousReport& report, const StudyFile& study_file, const Dataset& dataset,
                           const Options& options) {
  for (const auto& [key, value] : configuration_of(study_file, options)) {
    const auto told = report.configuration.find(key);
    if (told == report.configuration.end() || told->second != canonical_json(value)) return false;
  }
  const std::vector<Gap> gaps = dataset.gaps();
  return std::ranges::all_of(report.gaps, [&](const std::string& told) {
    // The reason may have changed, for the same gap.
    return std::ranges::any_of(gaps, [&](const Gap& gap) {
      return told.starts_with(fmt::format("{}: {}: ", gap.source, gap.query));
    });
  });
}

/// Ids of the metrics that have a size; the others are numbers of parts.
std::vector<std::string> quantities_of(const Measured& measured) {
  std::vector<std::string> ids;
  for (const Column& column : measured.authors) {
    if (column.id != "community" && column.id != "component") ids.push_back(column.id);
  }
  return ids;
}

/// Says what changed: in the log always, on standard output where somebody looks or asked.
void tell_changes(const RunManifest::Comparison& changes, const Options& options, Console& console) {
  Console::Fields fields{{"against", changes.against}};
  for (const auto& [kind, count] : changes.counts) fields.emplace_back(kind, std::to_string(count));
  console.event("changes", fields);
  for (const std::string& reason : changes.not_compared) {
    console.warn(fmt::format("changes against report '{}': not compared: {}", changes.against, reason));
  }
  if (options.quiet || !(options.verbose || isatty(STDOUT_FILENO) == 1)) return;
  console.result(fmt::format("changes since report {}:", changes.against));
  for (const std::string& line : changes.summary) console.result("  " + line);
}

}  // namespace

Dataset stored_dataset(const StudyFile& study_file) {
  if (!std::filesystem::exists(study_file.dataset())) {
    throw Error(ErrorKind::no_input,
                fmt::format("there is no dataset in '{}' yet; 'coterie fetch' or 'coterie import' makes one",
                            study_file.folder.string()));
  }
  if (Dataset::is_outdated(study_file.dataset())) {
    // Nobody who has just upgraded should have to ask a source before a report can be made.
    const DatasetLock lock(study_file);
    const Dataset upgraded(study_file.dataset(), Dataset::Mode::read_write);
  }
  return Dataset(study_file.dataset(), Dataset::Mode::read_only);
}

std::unique_ptr<const Study> load_study(const StudyFile& study_file, const Dataset& dataset) {
  CorpusBuilder builder(study_file.roster, dataset.identities(), study_file.window);
  dataset.for_each_work([&](const Work& work) { builder.add(work); });
  return std::make_unique<const Study>(builder.build(), study_file.counting, study_file.normalisation,
                                       study_file.max_authors);
}

std::filesystem::path analyze(const StudyFile& study_file, const Study& study, const Dataset& dataset,
                              const Options& options, Console& console) {
  const Measured measured = measured_of(study_file, study, options, console);
  return published(report_of(study, measured, dataset, options), study_file, study,
                   manifest_of(study_file, study, dataset, options), options, console);
}

std::string refresh_report(const StudyFile& study_file, const Dataset& dataset, const Options& options,
                           Console& console) {
  constexpr const char* k_unchanged = "unchanged";
  const std::optional<PreviousReport> before = latest_report(study_file.reports());
  const bool same_question = before && answers_same_question(*before, study_file, dataset, options);
  if (same_question && before->dataset_fingerprint == dataset.fingerprint()) return k_unchanged;
  const auto study = load_study(study_file, dataset);
  Measured measured = measured_of(study_file, *study, options, console);
  RunManifest manifest = manifest_of(study_file, *study, dataset, options);
  if (!before) {
    const Report report = report_of(*study, measured, dataset, options);
    return published(report, study_file, *study, manifest, options, console).filename().string();
  }
  std::vector<std::string> not_compared;
  const auto authors = community_numbers(*before, "authors", not_compared);
  carry_communities(measured, *study, authors, community_numbers(*before, "institutions", not_compared));
  Report report = report_of(*study, measured, dataset, options);
  // Sources touch their records without changing what a report tells, and each refresh changes the moment as
  // of which it is complete.
  const std::vector<std::string> but{"coverage.csv"};
  if (same_question && same_content(*before, report, but)) return k_unchanged;
  Changes changes = changes_since(*before, report.tables, manifest.configuration, quantities_of(measured),
                                  std::move(not_compared));
  report.tables.push_back(std::move(changes.table));
  manifest.changes = std::move(changes.told);
  std::string name = published(report, study_file, *study, manifest, options, console).filename().string();
  tell_changes(*manifest.changes, options, console);
  return name;
}

void print_summary(const StudyFile& study_file, const Study& study, const std::filesystem::path& report,
                   Console& console) {
  console.result(fmt::format("report: {}", report.string()));
  for (const std::string& line : highlights(study, study_file.influence)) console.result("  " + line);
}

}  // namespace coterie
