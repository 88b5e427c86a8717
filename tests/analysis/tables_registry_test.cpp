#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "coterie/tables.hpp"
#include "tests/analysis/drawn_corpus.hpp"
#include "tests/analysis/sample_networks.hpp"

namespace coterie {
namespace {

using test::byline;
using test::drawn_corpus;

constexpr int k_cut = 5;

/// Something of everything, with names that are no identifiers.
test::Drawing something_of_everything() {
  test::Drawing drawing{.people = {{"ann", {"Red; or not", "北京"}}, {"bob", {"blue"}}, {"zoe", {"blue"}}},
                        .institutions = {{"ms-1", {}},
                                         {"MS 1", {}},
                                         {"msra", {"ms-1"}},
                                         {"pku", {}, CorpusInstitution::Kind::printed}},
                        .works = {{"w0", 0, {}},
                                  {"w1", 2010, {{"ann", {"msra"}}, {"bob", {"pku", "MS 1"}}}, 0, {"nsf"}},
                                  {"w2", 2011, byline({"ann", "cat", "dan"}), 9, {"nsf"}}}};
  test::Random random(3);
  for (int w = 0; w < 40; ++w) {
    test::DrawnWork work{.key = "x" + std::to_string(w), .year = 2000 + static_cast<int>(random.below(9))};
    std::set<std::string> names;
    for (Index i = 0; i < 1 + random.below(4); ++i) names.insert("a" + std::to_string(random.below(15)));
    work.byline = byline({names.begin(), names.end()});
    drawing.works.push_back(work);
  }
  return drawing;
}

std::vector<Table> all_tables(const Corpus& corpus, const MetricSettings& settings) {
  const Study study(corpus, Counting::fractional, Normalisation::association_strength, k_cut);
  std::vector<const Metric*> every;
  for (const Metric& metric : metrics()) every.push_back(&metric);
  const Measured measured = measure(study, every, settings, {});
  std::vector<Table> tables;
  for (const TableEntry& entry : study_tables()) {
    tables.push_back(entry.make(study, measured, settings));
    EXPECT_EQ(tables.back().name, entry.name);
    EXPECT_NO_THROW(check(tables.back())) << entry.name;
  }
  return tables;
}

/// Equal cells, missing ones included.
bool same(const Column& a, const Column& b) {
  if (a.id != b.id || a.label != b.label || a.unit != b.unit) return false;
  const auto* reals = std::get_if<Column::Reals>(&a.values);
  if (reals == nullptr) return a.values == b.values;
  const auto bits = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  return std::ranges::equal(*reals, std::get<Column::Reals>(b.values), bits);
}

TEST(StudyTables, AreWellFormed) {
  for (const Table& table : all_tables(drawn_corpus(something_of_everything()), {})) {
    EXPECT_GT(table.rows(), 0U) << table.name;
    EXPECT_FALSE(table.title.empty()) << table.name;
    EXPECT_FALSE(table.key.empty()) << table.name;
    for (const Column& column : table.columns)
      EXPECT_FALSE(column.label.empty()) << table.name << ' ' << column.id;
  }
}

TEST(StudyTables, KeysIdentifyLines) {
  for (const Table& table : all_tables(drawn_corpus(something_of_everything()), {})) {
    const auto keys = test::lines(table, table.key);
    EXPECT_EQ(std::set(keys.begin(), keys.end()).size(), keys.size()) << table.name;
  }
}

TEST(StudyTables, EmptyCorpusGivesHeadersOnly) {
  const auto full = all_tables(drawn_corpus(something_of_everything()), {});
  const auto empty = all_tables({}, {});
  for (std::size_t i = 0; i < full.size(); ++i) {
    EXPECT_EQ(empty[i].rows(), 0U) << empty[i].name;
    for (const Column& column : full[i].columns) {
      const bool of_a_team_or_institution =
          full[i].name == "communities" &&
          (column.id.starts_with("team_") || column.id.starts_with("institution_"));
      EXPECT_NE(empty[i].column(column.id) == nullptr, !of_a_team_or_institution) << column.id;
    }
  }
}

TEST(StudyTables, PeopleWithoutAnyWorkHaveLines) {
  const auto tables = all_tables(drawn_corpus({.people = {{"ann", {"red"}}, {"bob"}}}), {});
  for (const Table& table : tables) EXPECT_EQ(table.rows(), table.name == "people" ? 2U : 0U) << table.name;
}

TEST(StudyTables, ColumnsOfTeamsAndInstitutionsHaveIdsOfTheirOwn) {
  const auto tables = all_tables(drawn_corpus(something_of_everything()), {});
  const auto communities = std::ranges::find(tables, "communities", &Table::name);
  for (const char* id : {"team_red_or_not", "team_blue", "institution_ms_1", "institution_ms_1_2"}) {
    EXPECT_NE(communities->column(id), nullptr) << id;
  }
}

/// docs/outputs.md has a section for each table that names each of its columns.
TEST(StudyTables, EveryColumnIsDocumented) {
  std::ifstream file(std::filesystem::path(COTERIE_SOURCE_DIR) / "docs" / "outputs.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const auto section = [&](const std::string& title) {
    const std::size_t begin = page.find("\n## " + title + "\n");
    return begin == std::string::npos ? "" : page.substr(begin, page.find("\n## ", begin + 1) - begin);
  };
  const std::string of_metrics = section("Metrics");
  for (const Table& table : all_tables(drawn_corpus(something_of_everything()), {})) {
    const std::string own = section(table.name + ".csv");
    ASSERT_FALSE(own.empty()) << table.name;
    for (const Column& column : table.columns) {
      std::string id = column.id;
      if (table.name == "communities" && id.starts_with("team_")) id = "team_NAME";
      if (table.name == "communities" && id.starts_with("institution_")) id = "institution_KEY";
      const bool told = own.find("`" + id + "`") != std::string::npos;
      const bool metric = own.find("| metrics |") != std::string::npos &&
                          of_metrics.find("`" + id + "`") != std::string::npos;
      EXPECT_TRUE(told || metric) << table.name << ' ' << column.id;
    }
  }
}

TEST(StudyTables, DoNotDependOnThreads) {
  const Corpus corpus = drawn_corpus(something_of_everything());
  const auto one = all_tables(corpus, {.seed = 5, .threads = 1});
  for (const int threads : {1, 2, 3}) {
    const auto again = all_tables(corpus, {.seed = 5, .threads = threads});
    for (std::size_t i = 0; i < one.size(); ++i) {
      ASSERT_EQ(one[i].columns.size(), again[i].columns.size());
      for (std::size_t c = 0; c < one[i].columns.size(); ++c) {
        EXPECT_TRUE(same(one[i].columns[c], again[i].columns[c]))
            << one[i].name << ' ' << one[i].columns[c].id;
      }
    }
  }
}

TEST(Measure, TellsEveryMetricOnceForEachNetwork) {
  const Study study(drawn_corpus(something_of_everything()), Counting::full, Normalisation::none, k_cut);
  const std::vector<std::string> chosen{"strength", "degree"};
  std::vector<std::string> told;
  const Measured measured =
      measure(study, chosen_metrics(chosen), {}, [&](std::string_view id) { told.emplace_back(id); });
  EXPECT_EQ(told, (std::vector<std::string>{"degree", "strength", "degree", "strength"}));
  ASSERT_EQ(measured.authors.size(), 2U);
  EXPECT_EQ(measured.authors[0].size(), study.corpus.authors.size());
  EXPECT_EQ(measured.institutions[1].size(), study.corpus.institutions.size());
}

}  // namespace
}  // namespace coterie
