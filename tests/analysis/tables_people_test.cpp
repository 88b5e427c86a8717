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

/// zoe has no work; ann's w4 is above the cut and w5 of unknown year.
Corpus roster_of_two() {
  Corpus corpus = drawn_corpus({.people = {{"zoe", {"red"}}, {"ann", {"red", "blue; green"}}},
                                .works = {{"w1", 2010, byline({"ann", "bob"})},
                                          {"w2", 2015, byline({"ann", "bob", "cat"})},
                                          {"w3", 2012, byline({"ann"})},
                                          {"w4", 2008, byline({"ann", "dan"}), 9},
                                          {"w5", 0, byline({"cat"})}}});
  CorpusAuthor& ann = corpus.authors[test::author(corpus, "person:ann")];
  ann.by_name = 2;
  ann.orcid = "0000-0002-1825-0097";
  ann.ids = {"arxiv:ann_a_1", "openalex:A1"};
  corpus.people[1].ids = {"openalex:A1"};
  return corpus;
}

Measured measured_degree(const Study& study) {
  const std::vector<std::string> chosen{"degree", "constraint"};
  return measure(study, chosen_metrics(chosen), {}, {});
}

TEST(PeopleTable, RosterOrderWithAndWithoutWorks) {
  const Study study(roster_of_two(), Counting::fractional, Normalisation::none, k_cut);
  const Table table = table::people(study, measured_degree(study), {});
  EXPECT_EQ(lines(table, {"key", "name", "teams", "author", "identity", "author_ids"}),
            (Lines{"zoe|ZOE|red||none|", "ann|ANN|red;blue, green|person:ann|confirmed|openalex:A1"}));
  EXPECT_EQ(lines(table, {"works", "works_by_name", "works_above_cut", "first_year", "last_year", "coauthors",
                          "degree"}),
            (Lines{"0|0|0|||0|", "4|2|1|2008|2015|2|2"}));
  EXPECT_EQ(lines(table, {"constraint"})[0], "");
}

TEST(AuthorsTable, ByFallingWorksThenKey) {
  const Study study(roster_of_two(), Counting::fractional, Normalisation::none, k_cut);
  const Table table = table::authors(study, measured_degree(study), {});
  EXPECT_EQ(lines(table, {"key", "name", "person", "orcid", "author_ids"}),
            (Lines{"person:ann|ANN|ann|0000-0002-1825-0097|arxiv:ann_a_1;openalex:A1", "name:bob|BOB|||",
                   "name:cat|CAT|||", "name:dan|DAN|||"}));
  // dan's one work is above the cut, cat's w5 has no year.
  EXPECT_EQ(lines(table, {"works", "works_by_name", "works_above_cut", "first_year", "last_year", "degree"}),
            (Lines{"4|2|1|2008|2015|2", "2|0|0|2010|2015|2", "2|0|0|2015|2015|2", "1|0|1|2008|2008|0"}));
}

TEST(TimelineTable, NewAndLastingCoauthors) {
  const Corpus corpus =
      drawn_corpus({.people = {{"zoe"}, {"ann"}},
                    .institutions = {{"msra"}, {"pku"}},
                    .works = {{"w1", 2010, byline({"ann", "bob"})},
                              {"w2", 2011, {{"bob", {}}, {"ann", {"msra"}}, {"cat", {"pku"}}}},
                              {"w3", 2011, {{"ann", {"pku", "msra"}}}},
                              {"w4", 2012, {{"ann", {}}, {"eve", {}}}, 9},
                              {"w5", 2013, byline({"ann", "cat", "dan"})},
                              {"w6", 2013, byline({"bob", "ann", "dan"})},
                              {"w7", 0, byline({"ann", "fay"})},
                              {"w8", 2014, byline({"bob", "cat"})}}});
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  EXPECT_EQ(lines(table::timeline(study, {}, {}), {"person", "name", "year", "works", "institutions",
                                                   "new_coauthors", "lasting_coauthors", "coauthors"}),
            (Lines{
                "ann|ANN|2010|1||1|0|1",          // bob
                "ann|ANN|2011|2|MSRA;PKU|1|1|2",  // cat; bob
                "ann|ANN|2012|1||0|0|0",          // a long byline makes no co-author
                "ann|ANN|2013|2||1|2|3",          // dan; bob, cat
            }));
}

TEST(TimelineTable, SecondWorkOfTheFirstYearIsNotLasting) {
  const Study study(drawn_corpus({.people = {{"ann"}},
                                  .works = {{"w1", 2010, byline({"ann", "bob"})},
                                            {"w2", 2010, byline({"ann", "bob"})},
                                            {"w3", 2020, byline({"ann", "bob"})}}}),
                    Counting::full, Normalisation::none, k_cut);
  EXPECT_EQ(lines(table::timeline(study, {}, {}), {"year", "new_coauthors", "lasting_coauthors"}),
            (Lines{"2010|1|0", "2020|0|1"}));
}

}  // namespace
}  // namespace coterie
