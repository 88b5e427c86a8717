#include <gtest/gtest.h>

#include <numeric>

#include "analysis/tables/tables.hpp"
#include "tests/analysis/drawn_corpus.hpp"
#include "tests/analysis/sample_networks.hpp"

namespace coterie {
namespace {

using test::Drawing;
using test::drawn_corpus;
using test::lines;
using Kind = CorpusInstitution::Kind;
using Lines = std::vector<std::string>;

constexpr int k_cut = 10;

/// msra belongs to ms; ann prints msra on two works, on one of them beside ms itself.
Drawing laboratories() {
  return {.institutions = {{"ms", {}}, {"msra", {"ms"}}, {"pku", {}, Kind::source}},
          .works = {{"w1", 2010, {{"ann", {"msra"}}, {"bob", {"msra", "pku"}}}},
                    {"w2", 2011, {{"ann", {"ms", "msra"}}}},
                    {"w3", 2012, {{"cat", {}}}, 3},
                    {"w4", 2013, {}}}};
}

Table institutions_of(const Corpus& corpus) {
  const Study study(corpus, Counting::fractional, Normalisation::none, k_cut);
  const MetricSettings settings;
  const std::vector<std::string> chosen{"degree"};
  return table::institutions(study, measure(study, chosen_metrics(chosen), settings, {}), settings);
}

TEST(InstitutionsTable, CreditAsPrinted) {
  const Table table = institutions_of(drawn_corpus(laboratories()));
  EXPECT_EQ(lines(table, {"key", "name", "kind", "parents", "works", "authors", "credit_full"}),
            (Lines{"ms|MS|watched||1|1|1", "msra|MSRA|watched|ms|2|2|2", "pku|PKU|source||1|1|1",
                   "(unknown)|(unknown)|unknown||1|1|1"}));
  const auto& credit = test::reals_of(table, "credit_fractional");
  EXPECT_DOUBLE_EQ(credit[0], 1.0 / 2.0);                          // w2: one of two
  EXPECT_DOUBLE_EQ(credit[1], 1.0 / 2.0 + 1.0 / 4.0 + 1.0 / 2.0);  // w1: ann, half of bob; w2: one of two
  EXPECT_DOUBLE_EQ(credit[2], 1.0 / 4.0);                          // w1: half of bob
  EXPECT_DOUBLE_EQ(credit[3], 1.0 / 4.0 + 3.0 / 4.0);              // w3: cat and the three unlisted
}

TEST(InstitutionsTable, CreditAddsUpToTheWorksWithAuthors) {
  const Table table = institutions_of(drawn_corpus(laboratories()));
  const auto& credit = test::reals_of(table, "credit_fractional");
  EXPECT_DOUBLE_EQ(std::accumulate(credit.begin(), credit.end(), 0.0), 3.0);  // w4 has none
}

TEST(InstitutionsTable, LineageCountsOnceWhatStandsBelow) {
  const Table table = institutions_of(drawn_corpus(laboratories()));
  EXPECT_EQ(lines(table, {"key", "works_lineage", "authors_lineage"}),
            (Lines{"ms|2|2", "msra|2|2", "pku|1|1", "(unknown)|1|1"}));
  const auto& credit = test::reals_of(table, "credit_fractional_lineage");
  // Two thirds of w1's three shares are below ms, and all of w2.
  EXPECT_DOUBLE_EQ(credit[0], 1.0 / 2.0 + 1.0 / 4.0 + 1.0);
  EXPECT_DOUBLE_EQ(credit[1], 1.0 / 2.0 + 1.0 / 4.0 + 1.0 / 2.0);
  EXPECT_DOUBLE_EQ(credit[2], 1.0 / 4.0);
  EXPECT_DOUBLE_EQ(credit[3], 1.0);
}

TEST(InstitutionsTable, MetricsAreThoseOfTheInstitutionNetwork) {
  // w1 ties msra and pku, w2 ms and msra; nothing ties to unknown.
  EXPECT_EQ(lines(institutions_of(drawn_corpus(laboratories())), {"key", "degree"}),
            (Lines{"ms|1", "msra|2", "pku|1", "(unknown)|"}));
}

TEST(InstitutionsTable, LongBylinesCount) {
  Drawing drawing = laboratories();
  drawing.works.push_back({"w5", 2014, {{"dan", {"pku"}}}, 99});
  const Table table = institutions_of(drawn_corpus(drawing));
  EXPECT_EQ(test::integers_of(table, "works"), (Column::Integers{1, 2, 2, 2}));
  EXPECT_DOUBLE_EQ(test::reals_of(table, "credit_fractional")[2], 1.0 / 4.0 + 1.0 / 100.0);
  EXPECT_DOUBLE_EQ(test::reals_of(table, "credit_fractional")[3], 1.0 + 99.0 / 100.0);
}

TEST(InstitutionsTable, InstitutionsOnlyAboveOthersHaveLinesToo) {
  const Table table = institutions_of(drawn_corpus(
      {.institutions = {{"ms", {}}, {"msra", {"ms"}}}, .works = {{"w1", 2010, {{"ann", {"msra"}}}}}}));
  EXPECT_EQ(lines(table, {"key", "works", "credit_fractional", "works_lineage", "credit_fractional_lineage"}),
            (Lines{"ms|0|0|1|1", "msra|1|1|1|1", "(unknown)|0|0|0|0"}));
}

/// Any bylines, any institutions, three levels of them: the credit of each work is 1, and every figure equals
/// the sum by its formula.
TEST(InstitutionsTable, EqualsTheFormulasOnRandomCorpora) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    test::Random random(seed);
    Drawing drawing{.institutions = {{"a", {}}, {"b", {"a"}}, {"c", {"a", "b"}}, {"d", {}}}};
    const std::vector<std::string> keys{"a", "b", "c", "d"};
    for (int w = 0; w < 30; ++w) {
      test::DrawnWork work{.key = "w" + std::to_string(100 + w), .unlisted = random.below(3)};
      for (Index name = 0; name < 6; ++name) {
        if (random.below(2) == 0) continue;
        test::DrawnAuthorship slot{.name = std::string(1, static_cast<char>('p' + name))};
        for (const std::string& key : keys) {
          if (random.below(3) == 0) slot.at.push_back(key);
        }
        work.byline.push_back(slot);
      }
      drawing.works.push_back(work);
    }
    const Table table = institutions_of(drawn_corpus(drawing));
    std::vector<double> printed(5, 0.0);
    std::vector<double> lineage(5, 0.0);
    double with_authors = 0.0;
    for (const test::DrawnWork& work : drawing.works) {
      const double n = static_cast<double>(work.byline.size()) + work.unlisted;
      if (n > 0.0) with_authors += 1.0;
      printed[4] += n > 0.0 ? work.unlisted / n : 0.0;
      for (const test::DrawnAuthorship& slot : work.byline) {
        if (slot.at.empty()) printed[4] += 1.0 / n;
        for (std::size_t i = 0; i < keys.size(); ++i) {
          const auto& at = slot.at;
          double below = 0.0;
          for (const std::string& key : at) {
            const auto& above = drawing.institutions[static_cast<std::size_t>(key[0] - 'a')].above;
            if (key == keys[i] || std::find(above.begin(), above.end(), keys[i]) != above.end()) below += 1.0;
            if (key == keys[i]) printed[i] += 1.0 / static_cast<double>(at.size()) / n;
          }
          if (below > 0.0) lineage[i] += below / static_cast<double>(at.size()) / n;
        }
      }
    }
    lineage[4] = printed[4];
    const auto& credit = test::reals_of(table, "credit_fractional");
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_NEAR(credit[i], printed[i], 1e-12) << seed << ' ' << i;
      EXPECT_NEAR(test::reals_of(table, "credit_fractional_lineage")[i], lineage[i], 1e-12)
          << seed << ' ' << i;
    }
    EXPECT_NEAR(std::accumulate(credit.begin(), credit.end(), 0.0), with_authors, 1e-12);
  }
}

}  // namespace
}  // namespace coterie
