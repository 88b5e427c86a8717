#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "coterie/error.hpp"
#include "coterie/manifest.hpp"
#include "coterie/util/file.hpp"
#include "coterie/util/text.hpp"
#include "tests/report/readers.hpp"

namespace coterie {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Table people() {
  Table table{"people", "one line per person", {"key"}, {}};
  std::get<Column::Texts>(table.add_text("key", "key of people.csv").values) = {"guo-daya", "=x"};
  std::get<Column::Integers>(table.add_integer("works", "works in the window", "works").values) = {12, 0};
  std::get<Column::Reals>(table.add_real("strength", "sum of weights", "works").values) = {0.5, std::nan("")};
  return table;
}

Report report() {
  Report result;
  result.tables.push_back(people());
  LabelledMatrix matrix{"authors", "co-authorship", {2, 2, true, {{1, 0, 0.5}}}, {}};
  matrix.labels.emplace_back("authors.labels", people());
  result.matrices.push_back(std::move(matrix));
  return result;
}

RunManifest manifest() {
  RunManifest result;
  result.version = "0.1.0";
  result.made_at = "2026-11-23T03:17:00Z";
  result.title = "R1 \xFF and Qwen";  // not UTF-8
  result.configuration = {{"max_authors", "100"}, {"metrics", R"(["degree"])"}, {"odd", "not json"}};
  result.dataset_fingerprint = "abc";
  result.gaps = {"openalex: stopped"};
  result.counts = {{"works", 3}};
  return result;
}

class PublishTest : public testing::Test {
 protected:
  fs::path study;
  fs::path reports;

  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "coterie-publish-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    study = name;
    reports = study / "reports";
  }
  void TearDown() override {
    std::error_code ignored;
    fs::permissions(reports, fs::perms::owner_all, ignored);
    fs::remove_all(study);
  }

  /// Every path below the folder, with its content, or what a link points to.
  [[nodiscard]] static std::map<std::string, std::string> tree(const fs::path& folder) {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      std::string content = "(folder)";
      if (entry.is_symlink()) {
        content = "-> " + fs::read_symlink(entry.path()).string();
      } else if (entry.is_regular_file()) {
        content = read_file(entry.path());
      }
      result[fs::relative(entry.path(), folder).string()] = content;
    }
    return result;
  }
};

TEST_F(PublishTest, WritesEveryFile) {
  const fs::path folder = publish(report(), manifest(), reports, "2026-11-23T031700Z");
  EXPECT_EQ(folder, reports / "2026-11-23T031700Z");
  const auto files = tree(folder);
  std::vector<std::string> names;
  for (const auto& [name, content] : files) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"datapackage.json", "matrix", "matrix/authors.labels.csv",
                                             "matrix/authors.mtx", "people.csv", "run.json"}));
  EXPECT_EQ(files.at("people.csv"), "key,works,strength\nguo-daya,12,0.5\n'=x,0,\n");
  EXPECT_TRUE(test::read_matrix_market(files.at("matrix/authors.mtx")).sound);
  EXPECT_EQ(fs::read_symlink(reports / "latest"), "2026-11-23T031700Z");
  EXPECT_EQ(read_file(reports / "latest" / "people.csv"), files.at("people.csv"));
}

TEST_F(PublishTest, RunListsEveryOtherFile) {
  const fs::path folder = publish(report(), manifest(), reports, "s");
  const json run = json::parse(read_file(folder / "run.json"));
  EXPECT_EQ(run["version"], "0.1.0");
  EXPECT_EQ(run["title"], "R1 \uFFFD and Qwen");
  EXPECT_EQ(run["configuration"]["max_authors"], 100);
  EXPECT_EQ(run["configuration"]["metrics"], json::array({"degree"}));
  EXPECT_EQ(run["configuration"]["odd"], "not json");
  EXPECT_EQ(run["gaps"], json::array({"openalex: stopped"}));
  EXPECT_EQ(run["counts"]["works"], 3);
  EXPECT_EQ(run["seed"], 1);
  std::size_t on_disk = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    on_disk += entry.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(run["files"].size() + 1, on_disk);
  for (const json& file : run["files"]) {
    const std::string content = read_file(folder / file["path"].get<std::string>());
    EXPECT_EQ(file["bytes"], content.size());
    EXPECT_EQ(file["sha256"], text::sha256(content));
  }
}

TEST_F(PublishTest, DataPackageDescribesEveryColumn) {
  const fs::path folder = publish(report(), manifest(), reports, "s");
  const json package = json::parse(read_file(folder / "datapackage.json"));
  ASSERT_EQ(package["resources"].size(), 3U);
  const json& people_csv = package["resources"][0];
  EXPECT_EQ(people_csv["path"], "people.csv");
  EXPECT_EQ(people_csv["title"], "one line per person");
  EXPECT_EQ(people_csv["bytes"], fs::file_size(folder / "people.csv"));
  EXPECT_EQ(people_csv["hash"], "sha256:" + text::sha256(read_file(folder / "people.csv")));
  EXPECT_EQ(people_csv["schema"]["primaryKey"], json::array({"key"}));
  EXPECT_EQ(people_csv["schema"]["missingValues"], json::array({""}));
  std::vector<std::string> types;
  for (const json& field : people_csv["schema"]["fields"]) types.push_back(field["type"]);
  EXPECT_EQ(types, (std::vector<std::string>{"string", "integer", "number"}));
  EXPECT_EQ(people_csv["schema"]["fields"][1]["name"], "works");
  EXPECT_EQ(people_csv["schema"]["fields"][1]["title"], "works in the window");
  EXPECT_EQ(people_csv["schema"]["fields"][1]["unit"], "works");
  EXPECT_FALSE(people_csv["schema"]["fields"][0].contains("unit"));
  std::vector<std::string> names;
  for (const json& resource : package["resources"]) names.push_back(resource["name"]);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST_F(PublishTest, EveryFileButRunDependsOnTablesAlone) {
  RunManifest other = manifest();
  other.made_at = "2027-01-01T00:00:00Z";
  other.title = "another";
  other.version = "9";
  auto first = tree(publish(report(), manifest(), reports, "a"));
  auto second = tree(publish(report(), other, reports, "b"));
  EXPECT_NE(first["run.json"], second["run.json"]);
  first.erase("run.json");
  second.erase("run.json");
  EXPECT_EQ(first, second);
}

TEST_F(PublishTest, TwoInOneSecondHaveTwoNames) {
  publish(report(), manifest(), reports, "s");
  EXPECT_EQ(publish(report(), manifest(), reports, "s"), reports / "s-2");
  EXPECT_EQ(publish(report(), manifest(), reports, "s"), reports / "s-3");
  EXPECT_EQ(fs::read_symlink(reports / "latest"), "s-3");
}

TEST_F(PublishTest, ABrokenTableLeavesEverythingAsItWas) {
  publish(report(), manifest(), reports, "s");
  const auto before = tree(reports);
  Report broken = report();
  broken.tables.push_back(people());
  broken.tables.back().name = "uneven";
  broken.tables.back().add_integer("more", "more");
  EXPECT_THROW(publish(broken, manifest(), reports, "t"), Error);
  EXPECT_EQ(tree(reports), before);
}

TEST_F(PublishTest, AFailureHalfWayLeavesEverythingAsItWas) {
  publish(report(), manifest(), reports, "s");
  const auto before = tree(reports);
  // Each is found only when files have been written already.
  Report twice = report();
  twice.tables.push_back(people());
  Report outside = report();
  outside.matrices[0].name = "../../escaped";
  Report no_number = report();
  no_number.matrices[0].matrix.entries[0].value = std::nan("");
  for (const Report& broken : {twice, outside, no_number}) {
    EXPECT_THROW(publish(broken, manifest(), reports, "t"), Error);
    EXPECT_EQ(tree(reports), before);
  }
}

TEST_F(PublishTest, ALatestThatIsNoLinkIsSpared) {
  fs::create_directories(reports / "latest");
  const auto before = tree(reports);
  EXPECT_THROW(publish(report(), manifest(), reports, "t"), Error);
  EXPECT_EQ(tree(reports), before);
}

TEST_F(PublishTest, AFolderThatCannotBeIsToldSo) {
  AtomicFile file(study / "file");
  file.commit();
  try {
    publish(report(), manifest(), study / "file" / "reports", "t");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cannot_create);
  }
}

TEST_F(PublishTest, AFolderThatTakesNothingIsToldSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "the super-user may write everywhere";
  fs::create_directories(reports);
  fs::permissions(reports, fs::perms::owner_read | fs::perms::owner_exec);
  try {
    publish(report(), manifest(), reports, "t");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cannot_create);
  }
}

TEST_F(PublishTest, NamesThatLeaveTheFolderAreRefused) {
  for (const char* stamp : {"", "latest", "../x", ".", ".hidden", "a/b"}) {
    EXPECT_THROW(publish(report(), manifest(), reports, stamp), Error) << stamp;
  }
  EXPECT_FALSE(fs::exists(reports));
}

}  // namespace
}  // namespace coterie
