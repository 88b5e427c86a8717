#include "coterie/study_file.hpp"

#include <gtest/gtest.h>

#include "coterie/error.hpp"
#include "tests/core/study_folder.hpp"

namespace coterie {
namespace {

TEST(StudyFile, ReadsEveryKey) {
  const test::StudyFolder folder;
  folder.write("people.csv", "key,name,teams\ndaya-guo,Daya Guo,r1;qwen\n");
  folder.write("institutions.csv", "key,name\nmsra,Microsoft Research Asia\n");
  folder.write("study.toml", R"([study]
title = "Who?"
window = { from = 2012, to = 2025 }
[sources.openalex]
key_env = "MY_KEY"
base_url = "http://127.0.0.1:8080/"
page_size = 50
[sources.arxiv]
[scope]
works_of = ["people", "coauthors", "institutions"]
max_authors = 25
[analysis]
counting = "pair"
normalisation = "association_strength"
metrics = ["betweenness"]
[influence]
team = "r1"
compare_with = ["qwen"]
institutions = ["msra"]
until = 2025-01-22

[answers]
limit_mb = 0
)");
  const StudyFile study = folder.read();
  EXPECT_EQ(study.title, "Who?");
  EXPECT_EQ(study.window, (Window{2012, 2025}));
  ASSERT_EQ(study.sources.size(), 2u);
  EXPECT_EQ(study.sources.at("openalex").key_env, "MY_KEY");
  EXPECT_EQ(study.sources.at("openalex").base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(study.sources.at("openalex").page_size, 50);
  EXPECT_EQ(study.works_of,
            (std::vector<WorksOf>{WorksOf::people, WorksOf::coauthors, WorksOf::institutions}));
  EXPECT_EQ(study.max_authors, 25);
  EXPECT_EQ(study.counting, Counting::pair);
  EXPECT_EQ(study.normalisation, Normalisation::association_strength);
  EXPECT_EQ(study.metrics, std::vector<std::string>{"betweenness"});
  ASSERT_TRUE(study.influence);
  EXPECT_EQ(study.influence->until, (Date{2025, 1, 22}));
  EXPECT_EQ(study.answers_limit_mb, 0);
}

TEST(StudyFile, DefaultsAreThoseOfTheDocumentation) {
  const test::StudyFolder folder;
  const StudyFile study = folder.read();
  EXPECT_TRUE(study.window.open());
  EXPECT_TRUE(study.sources.empty());
  EXPECT_EQ(study.works_of, std::vector<WorksOf>{WorksOf::people});
  EXPECT_EQ(study.max_authors, 100);
  EXPECT_EQ(study.answers_limit_mb, 4096);
  EXPECT_EQ(study.counting, Counting::fractional);
  EXPECT_EQ(study.metrics, (std::vector<std::string>{"degree", "betweenness", "communities"}));
  EXPECT_FALSE(study.influence);
}

TEST(StudyFile, CanBeNamedByFileOrFolder) {
  const test::StudyFolder folder;
  EXPECT_EQ(read_study(folder.path() / "study.toml", {{}, {}}).folder, folder.read().folder);
}

/// What is wrong with a study.toml, and what the error must name.
struct Mistake {
  const char* name;
  const char* toml;
  std::vector<const char*> parts;
};

class StudyFileMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(StudyFileMistakes, AreRefusedWithPlaceAndRemedy) {
  const test::StudyFolder folder;
  folder.write("study.toml", GetParam().toml);
  try {
    const StudyFile study = folder.read();
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::configuration) << error.what();
    for (const char* part : GetParam().parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
          << part << " is not in: " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, StudyFileMistakes,
    testing::Values(
        Mistake{"wrong_type", "[study]\ntitle = 7\n", {"study.toml, line 2", "study.title", "'7'", "a text"}},
        Mistake{"number_for_list", "[analysis]\nmetrics = 3\n", {"line 2", "metrics", "a list"}},
        Mistake{"wrong_item", "[analysis]\nmetrics = [\"degree\", 3]\n", {"line 2", "'3'"}},
        Mistake{"unknown_key", "[study]\ntitel = \"x\"\n", {"line 2", "'titel'", "did you mean 'title'"}},
        Mistake{"unknown_table",
                "[anlysis]\ncounting = \"full\"\n",
                {"line 1", "'anlysis'", "did you mean 'analysis'"}},
        Mistake{"duplicate_key", "[study]\ntitle = \"a\"\ntitle = \"b\"\n", {"study.toml, line 3", "title"}},
        Mistake{"malformed", "[study\n", {"study.toml, line 1"}},
        Mistake{"window_ends_before_it_begins",
                "[study]\nwindow = { from = 2025, to = 2012 }\n",
                {"line 2", "2025", "2012"}},
        Mistake{"window_of_text",
                "[study]\nwindow = { from = \"2012\" }\n",
                {"line 2", "'2012'", "whole number"}},
        Mistake{"no_year", "[study]\nwindow = { from = 20120 }\n", {"line 2", "'20120'"}},
        Mistake{"unknown_source", "[sources.scopus]\n", {"line 1", "'scopus'", "openalex, arxiv"}},
        Mistake{"near_source", "[sources.openalexx]\n", {"did you mean 'openalex'"}},
        Mistake{"key_in_file", "[sources.openalex]\nkey = \"secret-canary\"\n", {"line 2", "key_env"}},
        Mistake{"key_as_variable",
                "[sources.openalex]\nkey_env = \"secret canary\"\n",
                {"line 2", "environment variable"}},
        Mistake{"unknown_metric",
                "[analysis]\nmetrics = [\"betweeness\"]\n",
                {"line 2", "'betweeness'", "did you mean 'betweenness'"}},
        Mistake{"unknown_counting",
                "[analysis]\ncounting = \"whole\"\n",
                {"line 2", "'whole'", "full, fractional, pair"}},
        Mistake{"cut_too_small", "[scope]\nmax_authors = 1\n", {"line 2", "'1'", "2 to 1000000"}},
        Mistake{"limit_below_zero", "[answers]\nlimit_mb = -1\n", {"line 2", "answers.limit_mb", "'-1'"}},
        Mistake{"limit_beyond_bounds", "[answers]\nlimit_mb = 1048577\n", {"line 2", "'1048577'", "1048576"}},
        Mistake{"empty_scope", "[scope]\nworks_of = []\n", {"line 2", "works_of"}},
        Mistake{"coauthors_alone", "[scope]\nworks_of = [\"coauthors\"]\n", {"line 2", "\"people\""}},
        Mistake{"no_institutions",
                "[scope]\nworks_of = [\"people\", \"institutions\"]\n",
                {"line 2", "institutions.csv"}},
        Mistake{"twice_in_list",
                "[analysis]\nmetrics = [\"degree\", \"degree\"]\n",
                {"line 2", "'degree' stands twice"}},
        Mistake{"unknown_team", "[influence]\nteam = \"r1\"\n", {"line 2", "'r1'"}},
        Mistake{"date_as_text", "[influence]\nuntil = \"2025-01-22\"\n", {"line 2", "a date without quotes"}},
        Mistake{"not_utf8", "[study]\ntitle = \"caf\xe9\"\n", {"study.toml, line 2", "0xe9", "UTF-8"}}),
    [](const auto& mistake) { return std::string(mistake.param.name); });

TEST(StudyFile, AKeyInTheFileIsNotRepeatedInTheError) {
  const test::StudyFolder folder;
  for (const char* line : {"key = \"canary-1\"", "api_key = \"canary-1\"", "key_env = \"canary-1\""}) {
    folder.write("study.toml", std::string("[sources.openalex]\n") + line + "\n");
    try {
      const StudyFile study = folder.read();
      FAIL() << "accepted " << line;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("canary-1"), std::string::npos) << error.what();
    }
  }
}

TEST(StudyFile, AMissingStudyIsMissingInput) {
  const test::StudyFolder folder;
  folder.remove("study.toml");
  try {
    const StudyFile study = folder.read();
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::no_input);
    EXPECT_NE(std::string(error.what()).find("coterie init"), std::string::npos);
  }
}

}  // namespace
}  // namespace coterie
