#include "coterie/changes.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "coterie/util/text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::vector<std::string>>;

/// A table by its header, with `:i` or `:r` behind the ids of integers and reals; empty cells are missing.
Table table_of(const std::string& name, const std::vector<std::string>& header, const Rows& rows) {
  Table table{name, name, {}, {}};
  for (std::size_t c = 0; c < header.size(); ++c) {
    const std::string id = header[c].substr(0, header[c].find(':'));
    if (header[c].ends_with(":i")) {
      auto& cells = std::get<Column::Integers>(table.add_integer(id, id).values);
      for (const auto& row : rows) cells.push_back(row[c].empty() ? Column::k_missing : std::stoll(row[c]));
    } else if (header[c].ends_with(":r")) {
      auto& cells = std::get<Column::Reals>(table.add_real(id, id).values);
      for (const auto& row : rows) cells.push_back(row[c].empty() ? std::nan("") : std::stod(row[c]));
    } else {
      auto& cells = std::get<Column::Texts>(table.add_text(id, id).values);
      for (const auto& row : rows) cells.push_back(row[c]);
    }
  }
  return table;
}

const std::vector<std::string> k_people{"key", "name", "author", "identity", "author_ids"};
const std::vector<std::string> k_authors{"key",      "name",   "person",     "author_ids",
                                         "degree:i", "flow:r", "community:i"};
const std::vector<std::string> k_pairs{"author_a", "name_a", "author_b", "name_b", "joint_works:i", "works"};
const std::vector<std::string> k_timeline{"person", "year:i", "institutions"};
const std::vector<std::string> k_works{"key",   "doi",   "arxiv", "openalex",  "other_ids", "year:i",
                                       "title", "venue", "type",  "authors:i", "people",    "vanished"};
const std::vector<std::string> k_metrics{"degree", "flow"};

/// Rows of both reports, written by hand; the same where a test says nothing else.
class ChangesTest : public testing::Test {
 protected:
  struct Told {
    Rows people{{"lin", "Lin, M.", "person:lin", "confirmed", "openalex:A1"},
                {"wei", "Tao Wei", "person:wei", "confirmed", "openalex:A2"}};
    Rows authors{{"person:lin", "Lin, M.", "lin", "openalex:A1", "2", "0.5", "1"},
                 {"person:wei", "Tao Wei", "wei", "openalex:A2", "1", "0", "1"},
                 {"openalex:A3", "=Eve", "", "openalex:A3", "1", "0", "2"}};
    Rows pairs{{"openalex:A3", "=Eve", "person:lin", "Lin, M.", "1", "doi:b"},
               {"person:lin", "Lin, M.", "person:wei", "Tao Wei", "2", "doi:a;doi:b"}};
    Rows timeline{{"lin", "2019", "Ridge;Harbour"}, {"lin", "2020", ""}, {"wei", "2020", "Ridge"}};
    Rows works{{"doi:a", "a", "2001.1", "W1", "", "2019", "=A title", "", "article", "2", "lin;wei"},
               {"doi:b", "b", "", "W2", "mag:7", "2020", "Second", "Night", "article", "3", "lin;wei"}};
  };
  Told before;
  Told now;
  std::vector<std::pair<std::string, std::string>> configuration{{"max_authors", "100"}};
  nlohmann::json run{{"dataset_fingerprint", "f1"}, {"configuration", {{"max_authors", 100}}}};
  test::TemporaryFolder reports;
  CsvStyle style = CsvStyle::guarded;

  [[nodiscard]] static std::vector<Table> tables_of(Told told) {
    for (auto& row : told.works) row.resize(k_works.size());  // most works are there still
    return {table_of("people", k_people, told.people), table_of("authors", k_authors, told.authors),
            table_of("pairs", k_pairs, told.pairs), table_of("timeline", k_timeline, told.timeline),
            table_of("works", k_works, told.works)};
  }

  [[nodiscard]] fs::path folder() const { return reports / "first"; }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder() / name, std::ios::binary) << bytes;
  }
  /// Writes the earlier report. \param listed whether run.json tells the digests of its files
  void publish_before(bool listed = true) {
    fs::create_directories(folder());
    fs::create_directory_symlink("first", reports / "latest");
    for (const Table& table : tables_of(before)) {
      std::string bytes;
      write_csv(table, style, [&](std::string_view piece) { bytes += piece; });
      write(table.name + ".csv", bytes);
      if (listed) run["files"].push_back({{"path", table.name + ".csv"}, {"sha256", text::sha256(bytes)}});
    }
    write("run.json", run.dump());
  }

  [[nodiscard]] Changes compared() const {
    const auto report = latest_report(reports.path());
    if (!report) throw std::runtime_error("no report before");
    return changes_since(*report, tables_of(now), configuration, k_metrics);
  }
  /// Lines of changes.csv: cells joined by `|`, empty ones at the end left out.
  [[nodiscard]] static std::vector<std::string> lines(const Changes& changes) {
    std::string csv;
    write_csv(changes.table, CsvStyle::raw, [&](std::string_view piece) { csv += piece; });
    std::vector<std::string> result;
    for (std::string& line : text::split(csv, '\n')) {
      std::ranges::replace(line, ',', '|');
      while (line.ends_with('|')) line.pop_back();
      result.push_back(std::move(line));
    }
    result.erase(result.begin());
    return result;
  }
  [[nodiscard]] std::vector<std::string> lines() {
    if (!fs::exists(folder())) publish_before();
    return lines(compared());
  }
  using Lines = std::vector<std::string>;
  [[nodiscard]] Lines compared_summary() {
    publish_before();
    return compared().told.summary;
  }
};

TEST_F(ChangesTest, TheSameReportHasNoChanges) {
  publish_before();
  const Changes changes = compared();
  EXPECT_EQ(lines(changes), Lines{});
  EXPECT_EQ(changes.told.against, "first");
  for (const auto& [kind, count] : changes.told.counts) EXPECT_EQ(count, 0U) << kind;
  EXPECT_EQ(changes.told.summary.size(), 1U);
}

TEST_F(ChangesTest, NewAndVanishedWorks) {
  now.works[0] = {"doi:c", "c", "", "W3", "", "2021", "Third", "", "article", "1", "wei"};
  EXPECT_EQ(lines(),
            (Lines{"new_work|wei|doi:c|Third|year||2021", "vanished_work|lin;wei|doi:a|=A title|year|2019"}));
}

TEST_F(ChangesTest, AWorkThatNoSourceHasAnyMore) {
  now.works[0].emplace_back("2026-01-10");
  EXPECT_EQ(lines(), Lines{"vanished_work|lin;wei|doi:a|=A title|vanished||2026-01-10"});
}

TEST_F(ChangesTest, AWorkThatIsThereAgain) {
  before.works[0].emplace_back("2026-01-10");
  EXPECT_EQ(lines(), Lines{"changed_work|lin;wei|doi:a|=A title|vanished|2026-01-10"});
}

TEST_F(ChangesTest, EveryComparedColumnOfAWork) {
  now.works[1] = {"doi:b", "b", "9", "W2", "", "2021", "Second!", "Day", "book", "4", "lin"};
  EXPECT_EQ(lines(), (Lines{"changed_work|lin|doi:b|Second!|year|2020|2021",
                            "changed_work|lin|doi:b|Second!|title|Second|Second!",
                            "changed_work|lin|doi:b|Second!|venue|Night|Day",
                            "changed_work|lin|doi:b|Second!|type|article|book",
                            "changed_work|lin|doi:b|Second!|authors|3|4",
                            "changed_work|lin|doi:b|Second!|people|lin;wei|lin"}));
}

TEST_F(ChangesTest, AWorkWhoseKeyChangedIsNotNew) {
  before.works[0] = {"arxiv:2001.1", "", "2001.1",  "W1", "",       "2019",
                     "=A title",     "", "article", "2",  "lin;wei"};
  EXPECT_EQ(lines(), (Lines{"changed_work|lin;wei|doi:a|=A title|key|arxiv:2001.1|doi:a",
                            "changed_work|lin;wei|doi:a|=A title|doi||a"}));
}

TEST_F(ChangesTest, AWorkThatWentIntoAnother) {
  before.works.push_back({"mag:7", "", "", "W9", "", "2020", "Second, too", "", "article", "3", "lin"});
  EXPECT_EQ(lines(), (Lines{"merged_work|lin|mag:7|\"Second| too\"|key|mag:7|doi:b"}));
}

TEST_F(ChangesTest, NewCoauthorsOfPeopleInOrderOfTheRoster) {
  // lin and wei write together for the first time; wei and Eve do too; Eve and a stranger concern nobody.
  before.pairs.pop_back();
  now.authors.push_back({"openalex:A0", "Abe", "", "openalex:A0", "1", "0", "2"});
  now.pairs.insert(now.pairs.begin(), {"openalex:A3", "=Eve", "person:wei", "Tao Wei", "1", "doi:b"});
  now.pairs.push_back({"openalex:A0", "Abe", "openalex:A3", "=Eve", "1", "doi:b"});
  EXPECT_EQ(lines(), (Lines{"new_coauthor|lin|person:wei|Tao Wei|first_work||doi:a|2",
                            "new_coauthor|wei|openalex:A3|=Eve|first_work||doi:b|1",
                            "new_coauthor|wei|person:lin|\"Lin| M.\"|first_work||doi:a|2"}));
}

TEST_F(ChangesTest, AnAuthorWhoseKeyChangedIsNoNewCoauthor) {
  before.authors[2][0] = "openalex:A33";
  before.authors[2][3] = "openalex:A33;openalex:A3";
  before.pairs[0][0] = "openalex:A33";
  EXPECT_EQ(lines(), Lines{});
}

TEST_F(ChangesTest, CoauthorsOfANewPersonAreNotTold) {
  before.people.pop_back();
  before.authors.erase(before.authors.begin() + 1);
  before.pairs.pop_back();
  EXPECT_EQ(lines(),
            (Lines{"new_person|wei||Tao Wei", "new_coauthor|lin|person:wei|Tao Wei|first_work||doi:a|2"}));
}

TEST_F(ChangesTest, PeopleWhoAreGoneAndIdentities) {
  before.people.push_back({"abe", "Abe", "", "none", ""});
  now.people[1][3] = "probable";
  now.people[1][4] = "openalex:A2;openalex:A22";
  EXPECT_EQ(lines(), (Lines{"vanished_person|abe||Abe", "identity|wei||Tao Wei|identity|confirmed|probable",
                            "identity|wei||Tao Wei|author_ids|openalex:A2|openalex:A2;openalex:A22"}));
}

TEST_F(ChangesTest, AffiliationsOfTheNewestYearThatHasAny) {
  now.timeline = {{"lin", "2019", "Harbour;Ridge"},  // in another order: no change
                  {"lin", "2020", ""},
                  {"wei", "2020", "Ridge"},
                  {"wei", "2022", "Lakeside;Ridge"}};
  EXPECT_EQ(lines(), (Lines{"affiliation|wei||Tao Wei|institutions|Ridge|Lakeside;Ridge"}));
}

TEST_F(ChangesTest, AffiliationsThatAreGoneOrNewInTheSameYear) {
  before.timeline[1][2] = "";
  now.timeline = {{"lin", "2019", "Harbour"}};
  EXPECT_EQ(lines(), (Lines{"affiliation|lin||\"Lin| M.\"|institutions|Ridge;Harbour|Harbour",
                            "affiliation|wei||Tao Wei|institutions|Ridge"}));
}

TEST_F(ChangesTest, MetricsWithRelativeChangeAndRanks) {
  // flow: wei from 0 (shared last of 3, rank 2) to 4 (rank 1), lin from 0.5 (rank 1) to 0.25 (rank 2).
  now.authors[0][5] = "0.25";
  now.authors[1][5] = "4";
  EXPECT_EQ(lines(), (Lines{"metric|wei||Tao Wei|flow|0|4|4||2|1",
                            "metric|lin||\"Lin| M.\"|flow|0.5|0.25|-0.25|-0.5|1|2"}));
}

TEST_F(ChangesTest, NoiseOfSumsIsNoChange) {
  now.authors[0][5] = "0.50000000001";
  EXPECT_EQ(lines(), Lines{});
  now.authors[0][5] = "0.500001";
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(ChangesTest, MissingMetricsAreNotCompared) {
  before.authors[0][5] = "";
  now.authors[1][5] = "";
  EXPECT_EQ(lines(), Lines{});
}

TEST_F(ChangesTest, TheTwentyWhoMovedMostAreTold) {
  Told* both[] = {&before, &now};
  for (Told* told : both) {
    for (int i = 10; i < 40; ++i) {
      const std::string key = "p" + std::to_string(i);
      told->people.push_back({key, key, "person:" + key, "confirmed", ""});
      told->authors.push_back(
          {"person:" + key, key, key, "", "1", told == &now ? std::to_string(i) : "0", "1"});
    }
  }
  const Lines told = lines();
  ASSERT_EQ(told.size(), k_told_per_metric);
  for (std::size_t i = 0; i < told.size(); ++i)
    EXPECT_TRUE(told[i].starts_with("metric|p" + std::to_string(39 - i) + "|")) << told[i];
}

TEST_F(ChangesTest, CommunitiesOfPeople) {
  now.authors[1][6] = "2";
  now.authors[2][6] = "1";
  EXPECT_EQ(lines(), (Lines{"community|wei||Tao Wei|community|1|2"}));
}

TEST_F(ChangesTest, Configuration) {
  configuration = {{"counting", "\"full\""}, {"max_authors", "50"}};
  EXPECT_EQ(lines(),
            (Lines{"configuration||||counting||\"\"\"full\"\"\"", "configuration||||max_authors|100|50"}));
}

TEST_F(ChangesTest, TheGuardIsUndoneOnlyWhereItWasWritten) {
  before.works[0][6] = "'=A title";  // told with its own apostrophe
  EXPECT_EQ(lines(), (Lines{"changed_work|lin;wei|doi:a|=A title|title|'=A title|=A title"}));
}

TEST_F(ChangesTest, RawReportsHaveNoGuard) {
  style = CsvStyle::raw;
  run["configuration"]["csv_raw"] = true;
  configuration.insert(configuration.begin(), {"csv_raw", "true"});
  before.works[0][6] = "'=A title";
  EXPECT_EQ(lines(), (Lines{"changed_work|lin;wei|doi:a|=A title|title|'=A title|=A title"}));
}

TEST_F(ChangesTest, WhatWasPublishedOtherwiseIsNotCompared) {
  publish_before();
  now.works.push_back({"doi:c", "c", "", "", "", "2021", "Third", "", "", "1", ""});
  now.people[1][3] = "probable";
  std::string bytes;
  write_csv(tables_of(before)[4], style, [&](std::string_view piece) { bytes += piece; });
  write("works.csv", bytes.substr(0, bytes.find("doi:b")));  // cut at the end of a line
  const Changes changes = compared();
  const Lines told = lines(changes);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[0].starts_with("not_compared|||")) << told[0];
  EXPECT_NE(told[0].find("SHA-256"), std::string::npos);
  EXPECT_TRUE(told[0].ends_with("|works.csv")) << told[0];
  EXPECT_EQ(told[1], "identity|wei||Tao Wei|identity|confirmed|probable");
  ASSERT_EQ(changes.told.not_compared.size(), 1U);
  EXPECT_EQ(changes.told.summary.back(), "not compared: " + changes.told.not_compared[0]);
}

TEST_F(ChangesTest, BrokenFilesLeaveOutTheirPartAndNoOther) {
  publish_before(false);
  const std::string long_line(std::size_t{17} << 20U, 'x');
  const std::vector<std::string> broken{
      "", "\"", "key\n\xFF\n", "other,columns\n1,2\n", "key,name\na\n", long_line, std::string(100, '\0')};
  for (const char* name : {"people", "authors", "pairs", "timeline", "works"}) {
    const std::string file = std::string(name) + ".csv";
    const fs::path kept = reports / "kept";
    fs::rename(folder() / file, kept);
    const auto told_of = [&] {
      const Changes changes = compared();
      EXPECT_EQ(changes.told.not_compared.size(), 1U) << file;
      for (const std::string& reason : changes.told.not_compared)
        EXPECT_TRUE(reason.starts_with(file + ": ")) << reason;
      for (const std::string& line : lines(changes)) EXPECT_TRUE(line.starts_with("not_compared|")) << line;
    };
    told_of();  // missing
    for (const std::string& bytes : broken) {
      write(file, bytes);
      told_of();
    }
    fs::remove(folder() / file);
    fs::create_directory(folder() / file);
    told_of();
    fs::remove(folder() / file);
    ASSERT_EQ(mkfifo((folder() / file).c_str(), 0600), 0);
    told_of();  // nobody writes there
    fs::rename(kept, folder() / file);
  }
}

TEST_F(ChangesTest, AColumnThatAnOlderVersionLacked) {
  publish_before(false);
  write("authors.csv", "key,name,person,author_ids,degree\nperson:lin,Lin,lin,,1\nperson:wei,Wei,wei,,1\n");
  EXPECT_EQ(lines(compared()), (Lines{"metric|lin||\"Lin| M.\"|degree|1|2|1|1|1|1"}));
}

TEST_F(ChangesTest, LabelsOfCommunities) {
  publish_before(false);
  std::vector<std::string> not_compared;
  const auto numbers = [&](std::string_view bytes) {
    write("authors.csv", bytes);
    return community_numbers(*latest_report(reports.path()), "authors", not_compared);
  };
  using Numbers = std::unordered_map<std::string, std::int64_t>;
  EXPECT_EQ(numbers("key,community\na,3\n'=b,4\n"), (Numbers{{"a", 3}, {"=b", 4}}));
  // What is no number of a community is none: the next number must not overflow either.
  EXPECT_EQ(numbers("key,community\na,0\nb,-1\nc,9223372036854775807\nd,\ne,1x\nf,1.5\ng,7\ng,8\n"),
            (Numbers{{"g", 7}}));
  EXPECT_EQ(numbers("key\na\n"), Numbers{});
  EXPECT_TRUE(not_compared.empty());
  EXPECT_EQ(numbers("key,community\na,1\nb\n"), Numbers{});
  EXPECT_EQ(not_compared.size(), 1U);
}

TEST_F(ChangesTest, TheSummaryIsAFewLines) {
  before.works.clear();
  before.pairs.pop_back();
  now.timeline.push_back({"wei", "2022", "Lakeside"});
  now.authors[1][5] = "4";
  now.authors[1][6] = "2";
  publish_before();
  EXPECT_EQ(
      compared().told.summary,
      (Lines{"2 new works (2 of Lin, M., 2 of Tao Wei), 2 new co-authors, 1 changed affiliation",
             "flow moved most for Tao Wei (0 -> 4, rank 2 -> 1)", "community of Tao Wei is now 2 (was 1)"}));
}

TEST_F(ChangesTest, TheSummaryTellsNumbersApart) {
  now.authors[0][5] = "0.50001";
  EXPECT_EQ(compared_summary(), (Lines{"flow moved most for Lin, M. (0.5 -> 0.50001, rank 1 -> 1)"}));
}

TEST_F(ChangesTest, SameContentIsByDigests) {
  publish_before();
  Report report{tables_of(now), {}, style};
  const auto same = [&](const std::vector<std::string>& but) {
    return same_content(*latest_report(reports.path()), report, but);
  };
  EXPECT_TRUE(same({}));
  std::get<Column::Integers>(report.tables[1].columns[4].values)[0] = 9;
  EXPECT_FALSE(same({}));
  EXPECT_TRUE(same({"authors.csv"}));
  report.tables[1] = tables_of(now)[1];
  report.matrices.push_back({"authors", "", {1, 1, true, {}}, {}});
  EXPECT_FALSE(same({}));
}

class LatestReportTest : public ChangesTest {};

TEST_F(LatestReportTest, TellsItsRun) {
  run["gaps"] = {"openalex: works: stopped", 5};
  publish_before();
  const auto report = latest_report(reports.path());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->name, "first");
  EXPECT_TRUE(report->told);
  EXPECT_EQ(report->dataset_fingerprint, "f1");
  EXPECT_EQ(report->configuration.at("max_authors"), "100");
  EXPECT_EQ(report->gaps, (std::vector<std::string>{"openalex: works: stopped"}));
  EXPECT_EQ(report->sha256.size(), 5U);
}

TEST_F(LatestReportTest, NothingThereIsNone) {
  EXPECT_FALSE(latest_report(reports.path()));
  EXPECT_FALSE(latest_report(reports / "absent"));
  fs::create_symlink("nowhere", reports / "latest");
  EXPECT_FALSE(latest_report(reports.path()));
  fs::remove(reports / "latest");
  fs::create_symlink("latest", reports / "latest");  // a loop
  EXPECT_FALSE(latest_report(reports.path()));
  fs::remove(reports / "latest");
  std::ofstream(reports / "latest") << "a file";
  EXPECT_FALSE(latest_report(reports.path()));
}

TEST_F(LatestReportTest, ADamagedRunTellsNothing) {
  publish_before();
  const std::string deep(1000000, '[');
  for (const std::string& bytes : {std::string("{"), std::string("[]"), std::string("5"), std::string(), deep,
                                   std::string("\xFF\0", 2)}) {
    write("run.json", bytes);
    const auto report = latest_report(reports.path());
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->told);
    EXPECT_TRUE(report->configuration.empty());
    EXPECT_EQ(lines(compared()).size(), 1U);  // the line that says so
  }
  for (const char* bytes :
       {R"({"dataset_fingerprint":5,"configuration":[],"gaps":{},"files":7})",
        R"({"configuration":{"a":"\ud800"},"files":[1,{"path":2,"sha256":"x"},{"path":"y"}]})"}) {
    write("run.json", bytes);
    const auto report = latest_report(reports.path());
    ASSERT_TRUE(report);
    EXPECT_EQ(report->dataset_fingerprint, "");
  }
  fs::remove(folder() / "run.json");
  ASSERT_EQ(mkfifo((folder() / "run.json").c_str(), 0600), 0);
  EXPECT_FALSE(latest_report(reports.path())->told);
}

}  // namespace
}  // namespace coterie
