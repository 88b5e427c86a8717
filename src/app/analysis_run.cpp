#include "src/app/analysis_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coterie/corpus_builder.hpp"
#include "coterie/error.hpp"
#include "coterie/highlights.hpp"
#include "coterie/manifest.hpp"
#include "coterie/tables.hpp"
#include "coterie/util/file.hpp"
#include "src/app/asking.hpp"
#include "src/app/configuration.hpp"
#include "src/app/coverage.hpp"
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

}  // namespace

Dataset stored_dataset(const StudyFile& study_file) {
  if (!std::filesystem::exists(study_file.dataset())) {
    throw Error(ErrorKind::no_input,
                fmt::format("there is no dataset in '{}' yet; 'coterie fetch' or 'coterie import' makes one",
                            study_file.folder.string()));
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
  const MetricSettings settings{options.seed, options.thread_count()};
  const std::vector<const Metric*> metrics = chosen_metrics(study_file.metrics);
  std::uint64_t done = 0;
  const Measured measured = measure(study, metrics, settings, [&](std::string_view metric) {
    console.progress(fmt::format("analysis: {}", metric), done++, metrics.size() * 2);
  });
  console.progress_done();
  Report report;
  report.style = options.csv_raw ? CsvStyle::raw : CsvStyle::guarded;
  for (const TableEntry& table : study_tables())
    report.tables.push_back(table.make(study, measured, settings));
  report.tables.push_back(coverage_table(study, dataset));
  report.matrices = matrices_of(study);
  const RunManifest manifest = manifest_of(study_file, study, dataset, options);
  const std::filesystem::path folder =
      publish(report, manifest, study_file.reports(), utc_file_stamp(wall_clock()));
  console.event("published", {{"report", folder.filename().string()},
                              {"works", std::to_string(study.corpus.works.size())},
                              {"authors", std::to_string(study.corpus.authors.size())}});
  return folder;
}

bool report_is_current(const StudyFile& study_file, const Dataset& dataset, const Options& options) {
  const std::filesystem::path path = study_file.reports() / "latest" / "run.json";
  if (!std::filesystem::exists(path)) return false;
  const auto run = nlohmann::json::parse(read_file(path), nullptr, false);
  if (!run.is_object() || run.value("dataset_fingerprint", "") != dataset.fingerprint()) return false;
  const auto configuration = run.find("configuration");
  if (configuration == run.end() || !configuration->is_object()) return false;
  for (const auto& [key, value] : configuration_of(study_file, options)) {
    const auto before = configuration->find(key);
    if (before == configuration->end() || *before != nlohmann::json::parse(value)) return false;
  }
  return true;
}

void print_summary(const StudyFile& study_file, const Study& study, const std::filesystem::path& report,
                   Console& console) {
  console.result(fmt::format("report: {}", report.string()));
  for (const std::string& line : highlights(study, study_file.influence)) console.result("  " + line);
}

}  // namespace coterie
