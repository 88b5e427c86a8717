#include <gtest/gtest.h>

#include "analysis/tables/tables.hpp"
#include "tests/analysis/drawn_corpus.hpp"

namespace coterie {
namespace {

using test::byline;
using test::drawn_corpus;
using test::lines;
using Lines = std::vector<std::string>;

constexpr int k_cut = 10;

TEST(WorksTable, ByYearThenKey) {
  Corpus corpus =
      drawn_corpus({.people = {{"ann"}, {"bob"}},
                    .institutions = {{"a;b"}, {"pku"}},
                    .works = {{"doi:10.1/z", 2010, {{"bob", {"pku"}}, {"cat", {"a;b", "pku"}}, {"ann", {}}}},
                              {"doi:10.1/y", 2012, byline({"cat"}), 10, {"fund", "grant"}},
                              {"arxiv:2001.00001", 2012, byline({"cat"})},
                              {"x:1", 0, {}}}});
  corpus.works[test::work(corpus, "doi:10.1/z")].ids = {"arxiv:1001.00001", "dblp:conf/z;1", "doi:10.1/a",
                                                        "doi:10.1/z", "openalex:W7"};
  corpus.works[test::work(corpus, "doi:10.1/y")].sources = {"arxiv", "openalex"};
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  const Table table = table::works(study, {}, {});
  EXPECT_EQ(lines(table, {"key", "doi", "arxiv", "openalex", "other_ids", "year", "title"}),
            (Lines{"x:1|||||"
                   "|About x:1",
                   "doi:10.1/z|10.1/z|1001.00001|W7|dblp:conf/z%3B1;doi:10.1/a|2010|About doi:10.1/z",
                   "arxiv:2001.00001||2001.00001|||2012|About arxiv:2001.00001",
                   "doi:10.1/y|10.1/y||||2012|About doi:10.1/y"}));
  EXPECT_EQ(lines(table, {"authors", "authors_in_corpus", "above_cut", "people", "institutions", "funders",
                          "sources"}),
            (Lines{"0|0|0||||drawn", "3|3|0|bob;ann|A,B;PKU||drawn", "1|1|0||||drawn",
                   "11|1|1|||FUND;GRANT|arxiv;openalex"}));
}

TEST(FundersTable, SharesOfTeamsAndOfAll) {
  const Study study(drawn_corpus({.people = {{"ann", {"red"}}, {"bob", {"red"}}, {"zoe", {"blue"}}},
                                  .works = {{"w1", 2010, byline({"ann", "bob"}), 0, {"nsf"}},
                                            {"w2", 2011, byline({"cat"}), 0, {"erc", "nsf"}},
                                            {"w3", 2012, byline({"bob"})}}}),
                    Counting::full, Normalisation::none, k_cut);
  const Table table = table::funders(study, {}, {});
  EXPECT_EQ(lines(table, {"funder", "name", "team", "works"}),
            (Lines{"erc|ERC|(all)|1", "nsf|NSF|(all)|2", "nsf|NSF|red|1"}));
  EXPECT_EQ(test::reals_of(table, "share"), (Column::Reals{1.0 / 3.0, 2.0 / 3.0, 1.0 / 2.0}));
}

/// A triangle {ann, bob, cat}, a pair {dan, eve}, and fay alone.
Corpus two_communities() {
  return drawn_corpus(
      {.people = {{"ann", {"Red Team"}}, {"dan", {"Red Team"}}, {"zoe", {"red-team"}}},
       .institutions = {{"ms", {}}, {"msra", {"ms"}}, {"pku", {}, CorpusInstitution::Kind::source}},
       .works = {{"w1", 2010, {{"ann", {"pku"}}, {"bob", {"msra"}}, {"cat", {}}}},
                 {"w2", 2011, byline({"ann", "bob"})},
                 {"w3", 2011, byline({"ann"})},
                 {"w4", 2011, byline({"dan", "eve"})},
                 {"w5", 2011, byline({"fay"})}}});
}

TEST(CommunitiesTable, SharesOfTeamsAndInstitutions) {
  const Study study(two_communities(), Counting::fractional, Normalisation::none, k_cut);
  const Table table = table::communities(study, {}, {});
  // Strength: ann and bob 1/2 + 1/2 + 1, cat 1/2 + 1/2; of equals the smaller key first.
  EXPECT_EQ(lines(table, {"community", "size", "works", "people", "top_authors"}),
            (Lines{"1|3|3|ann|BOB;ANN;CAT", "2|2|1|dan|EVE;DAN"}));
  EXPECT_EQ(test::reals_of(table, "team_red_team"), (Column::Reals{0.5, 0.5}));
  EXPECT_EQ(lines(table, {"team_red_team_2"}), (Lines{"", ""})) << "nobody of the team has works";
  EXPECT_EQ(test::reals_of(table, "institution_ms"), (Column::Reals{1.0 / 3.0, 0.0}));
  EXPECT_EQ(test::reals_of(table, "institution_msra"), (Column::Reals{1.0 / 3.0, 0.0}));
  EXPECT_EQ(table.column("institution_pku"), nullptr) << "not watched";
  EXPECT_EQ(test::reals_of(table, "stability"), (Column::Reals{1.0, 1.0})) << "there is no other partition";
}

TEST(SummaryTable, CountsOfTheCorpusAndFiguresOfBothNetworks) {
  Corpus corpus = drawn_corpus({.institutions = {{"msra"}, {"pku"}},
                                .works = {{"w1", 2010, {{"ann", {"pku"}}, {"bob", {"msra"}}, {"cat", {}}}},
                                          {"w2", 2011, byline({"dan"}), 10}}});
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  const Table table = table::summary(study, {}, {});
  const Lines found = lines(table, {"network", "figure", "value"});
  const auto has = [&](const std::string& line) { return std::ranges::count(found, line) == 1; };
  EXPECT_TRUE(has("corpus|works|2"));
  EXPECT_TRUE(has("corpus|works_above_cut|1"));
  EXPECT_TRUE(has("corpus|authorships|4"));
  EXPECT_TRUE(has("corpus|authorships_without_institution|0.5"));
  EXPECT_TRUE(has("authors|nodes|4"));
  EXPECT_TRUE(has("authors|edges|3"));
  EXPECT_TRUE(has("institutions|nodes|2"));
  EXPECT_TRUE(has("institutions|edges|1"));
}

}  // namespace
}  // namespace coterie
