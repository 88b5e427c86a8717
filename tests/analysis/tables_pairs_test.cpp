#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/tables/tables.hpp"
#include "tests/analysis/drawn_corpus.hpp"
#include "tests/analysis/sample_networks.hpp"

namespace coterie {
namespace {

using test::byline;
using test::drawn_corpus;
using test::lines;
using Lines = std::vector<std::string>;

constexpr int k_cut = 10;

Study study_of(const Corpus& corpus, Counting counting = Counting::fractional, int max_authors = k_cut) {
  return {corpus, counting, Normalisation::none, max_authors};
}

test::Drawing few_works() {
  return {.people = {{"ann"}},
          .works = {{"w1", 2010, byline({"ann", "bob", "cat"})},
                    {"w2", 2009, byline({"bob", "ann"})},
                    {"w3", 2012, byline({"dan", "bob"}), 2},
                    {"w4", 2013, byline({"eve"})},
                    {"w5", 2011, byline({"ann", "dan", "eve"}), 8},
                    {"w6", 2010, byline({"dan", "ann"}), 9}}};
}

TEST(PairsTable, WeightsUnderEachCounting) {
  const Study study = study_of(drawn_corpus(few_works()));
  const Table table = table::pairs(study, {}, {});
  EXPECT_EQ(
      lines(table,
            {"author_a", "name_a", "author_b", "name_b", "joint_works", "first_year", "last_year", "works"}),
      (Lines{"name:bob|BOB|person:ann|ANN|2|2009|2010|w2;w1", "name:bob|BOB|name:cat|CAT|1|2010|2010|w1",
             "name:bob|BOB|name:dan|DAN|1|2012|2012|w3", "name:cat|CAT|person:ann|ANN|1|2010|2010|w1"}));
  const auto& full = test::reals_of(table, "weight_full");
  const auto& fractional = test::reals_of(table, "weight_fractional");
  const auto& pair = test::reals_of(table, "weight_pair");
  EXPECT_EQ(full, (Column::Reals{2.0, 1.0, 1.0, 1.0}));
  EXPECT_EQ(fractional, (Column::Reals{1.0 / 2.0 + 1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 2.0}));
  EXPECT_EQ(pair, (Column::Reals{2.0 / 6.0 + 1.0, 2.0 / 6.0, 2.0 / 12.0, 2.0 / 6.0}));
}

TEST(PairsTable, WeightsHaveTheBitsOfTheMatrix) {
  test::Random random(7);
  std::vector<std::vector<Index>> bylines(300);
  for (auto& row : bylines) {
    for (Index author = 0; author < 25; ++author) {
      if (random.below(4) == 0) row.push_back(author);
    }
  }
  Corpus corpus = test::corpus_of(25, bylines);
  for (std::size_t i = 0; i < corpus.authors.size(); ++i) corpus.authors[i].key = fmt::format("{:02}", i);
  for (CorpusWork& work : corpus.works) work.year = 1990 + static_cast<int>(random.below(20));
  for (const auto& [counting, column] : {std::pair(Counting::full, "weight_full"),
                                         {Counting::fractional, "weight_fractional"},
                                         {Counting::pair, "weight_pair"}}) {
    const Study study = study_of(corpus, counting, 7);
    const Table table = table::pairs(study, {}, {});
    ASSERT_EQ(table.rows(), study.authors.edges());
    const auto& a = std::get<Column::Texts>(table.column("author_a")->values);
    const auto& b = std::get<Column::Texts>(table.column("author_b")->values);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      ASSERT_LT(a[row], b[row]);
      ASSERT_EQ(test::reals_of(table, column)[row],
                study.author_matrix.coeff(std::stoi(a[row]), std::stoi(b[row])));
    }
  }
}

TEST(PairsTable, FewerJointWorksComeLater) {
  const Study study = study_of(drawn_corpus(few_works()));
  const Table table = table::pairs(study, {}, {});
  const auto& joint = test::integers_of(table, "joint_works");
  EXPECT_TRUE(std::is_sorted(joint.rbegin(), joint.rend()));
}

TEST(PairsTable, KeysWithSemicolonsStayApart) {
  const Study study = study_of(drawn_corpus({.works = {{"doi:10.1/a;2-o", 2000, byline({"ann", "bob"})},
                                                       {"doi:10.1/b", 0, byline({"ann", "bob"})}}}));
  // The work of unknown year comes first and tells no year.
  EXPECT_EQ(lines(table::pairs(study, {}, {}), {"joint_works", "first_year", "last_year", "works"}),
            (Lines{"2|2000|2000|doi:10.1/b;doi:10.1/a%3B2-o"}));
}

TEST(PairsTable, UnknownYearsAreMissing) {
  const Study study = study_of(drawn_corpus({.works = {{"w1", 0, byline({"ann", "bob"})}}}));
  EXPECT_EQ(lines(table::pairs(study, {}, {}), {"joint_works", "first_year", "last_year"}), (Lines{"1||"}));
}

TEST(LongBylinesTable, HoldsPairsOfPeopleOnly) {
  const Study study = study_of(drawn_corpus(few_works()));
  const Table table = table::pairs_long_bylines(study, {}, {});
  EXPECT_EQ(lines(table, {"author_a", "author_b", "joint_works", "first_year", "last_year", "works"}),
            (Lines{"name:dan|person:ann|2|2010|2011|w6;w5", "name:eve|person:ann|1|2011|2011|w5"}));
  EXPECT_EQ(table.column("weight_full"), nullptr);
}

TEST(LongBylinesTable, TwoPeopleMakeOnePair) {
  test::Drawing drawing = few_works();
  drawing.people.push_back({"dan"});
  const Study study = study_of(drawn_corpus(drawing));
  // name:eve < person:ann < person:dan
  EXPECT_EQ(lines(table::pairs_long_bylines(study, {}, {}), {"author_a", "author_b", "joint_works"}),
            (Lines{"person:ann|person:dan|2", "name:eve|person:ann|1", "name:eve|person:dan|1"}));
}

TEST(LongBylinesTable, PersonMayComeFirst) {
  Corpus corpus = test::corpus_of(3, {{0, 1, 2}});
  corpus.people.push_back({"ann", "ANN", {}, "confirmed", {}, 0});
  corpus.authors[0].person = 0;
  for (std::size_t i = 0; i < 3; ++i) corpus.authors[i].key = fmt::format("{}", i);
  const Study study = study_of(corpus, Counting::full, 2);
  EXPECT_EQ(lines(table::pairs_long_bylines(study, {}, {}), {"author_a", "author_b"}), (Lines{"0|1", "0|2"}));
}

TEST(LongBylinesTable, CutItselfIsWithin) {
  const Study study = study_of(drawn_corpus(few_works()), Counting::full, 11);
  EXPECT_EQ(table::pairs_long_bylines(study, {}, {}).rows(), 0U);
  EXPECT_EQ(lines(table::pairs(study, {}, {}), {"author_a", "author_b", "works"}),
            (Lines{"name:bob|person:ann|w2;w1", "name:dan|person:ann|w6;w5", "name:bob|name:cat|w1",
                   "name:bob|name:dan|w3", "name:cat|person:ann|w1", "name:dan|name:eve|w5",
                   "name:eve|person:ann|w5"}));
}

}  // namespace
}  // namespace coterie
