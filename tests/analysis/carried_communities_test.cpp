#include "coterie/carried_communities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "coterie/metric.hpp"
#include "tests/analysis/drawn_corpus.hpp"

namespace coterie {
namespace {

using Numbers = std::vector<std::int64_t>;

/// One letter per member, the same letter for the members of one community, in the order of the keys a, b,
/// ... Communities of the earlier report: A is 1, B is 2; `.` is no member.
CommunityNumbers earlier(std::string_view drawing) {
  CommunityNumbers numbers;
  for (std::size_t i = 0; i < drawing.size(); ++i) {
    if (drawing[i] != '.') numbers.emplace(std::string(1, static_cast<char>('a' + i)), drawing[i] - 'A' + 1);
  }
  return numbers;
}

/// The carried numbers of communities drawn likewise.
Numbers carried(std::string_view before, std::string_view now) {
  Numbers communities;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] == '.') continue;
    communities.push_back(now[i] - 'A' + 1);
    keys.emplace_back(1, static_cast<char>('a' + i));
  }
  return carried_numbers(communities, keys, earlier(before));
}

TEST(CarriedNumbers, WithoutAnEarlierReportNothingChanges) {
  EXPECT_EQ(carried("", "AABB"), (Numbers{1, 1, 2, 2}));
}

TEST(CarriedNumbers, SizesThatSwapKeepTheNumbers) {
  // A had 3 and B 2; now the 2 and a newcomer are the largest and would be 1.
  EXPECT_EQ(carried("AAABB", "BB.AAA"), (Numbers{1, 1, 2, 2, 2}));
}

TEST(CarriedNumbers, ALargerHalfKeepsTheNumber) {
  // 3 of 5: Jaccard 3/5 and 2/5.
  EXPECT_EQ(carried("AAAAA", "AAABB"), (Numbers{1, 1, 1, 2, 2}));
  EXPECT_EQ(carried("AAAAA", "BBAAA"), (Numbers{2, 2, 1, 1, 1}));
}

TEST(CarriedNumbers, HalvesAreBothNew) {
  // Jaccard 2/4 each, not more than a half.
  EXPECT_EQ(carried("AAAA", "AABB"), (Numbers{2, 2, 3, 3}));
}

TEST(CarriedNumbers, AMergedCommunityIsTheLargerOne) {
  // Jaccard 3/5 with A, 2/5 with B.
  EXPECT_EQ(carried("AAABB", "AAAAA"), (Numbers{1, 1, 1, 1, 1}));
  EXPECT_EQ(carried("BBBAA", "AAAAA"), (Numbers{2, 2, 2, 2, 2}));
  // Of equals neither: 2/4 each.
  EXPECT_EQ(carried("AABB", "AAAA"), (Numbers{3, 3, 3, 3}));
}

TEST(CarriedNumbers, SomebodyWhoMovedChangesNoOthersNumber) {
  // c goes from A to B: 2/3 and 2/3.
  EXPECT_EQ(carried("AAABB", "AABBB"), (Numbers{1, 1, 2, 2, 2}));
}

TEST(CarriedNumbers, BirthTakesANumberThatWasNotUsed) {
  EXPECT_EQ(carried("CCEE", "BBCCAAA"), (Numbers{3, 3, 5, 5, 6, 6, 6}));
}

TEST(CarriedNumbers, DeathLeavesTheNumberUnused) {
  EXPECT_EQ(carried("AAABB", "...AABB"), (Numbers{2, 2, 3, 3}));
}

TEST(CarriedNumbers, NewcomersHaveNoSay) {
  // Two of ten stood in the earlier report, together: without this rule 2/10.
  EXPECT_EQ(carried("AA", "AAAAAAAAAA"), Numbers(10, 1));
  // And those who are gone neither.
  EXPECT_EQ(carried("BBBBBBBBAA", "........BB"), (Numbers{1, 1}));
}

TEST(CarriedNumbers, OneMemberAloneKeepsItsNumber) { EXPECT_EQ(carried("ABC", "CBA"), (Numbers{1, 2, 3})); }

TEST(CarriedNumbers, OrderOfTheVerticesChangesNothing) {
  const std::string_view before = "ABABCCCADDDDEE.B";
  const std::string_view now = "BABACCDADDDDFFEE";
  const Numbers expected = carried(before, now);
  std::vector<std::size_t> order(now.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (int round = 0; round < 50; ++round) {
    std::ranges::rotate(order, order.begin() + 1 + round % 7);
    std::swap(order[0], order[static_cast<std::size_t>(round) % order.size()]);
    Numbers communities;
    std::vector<std::string> keys;
    for (const std::size_t i : order) {
      communities.push_back(now[i] - 'A' + 1);
      keys.emplace_back(1, static_cast<char>('a' + i));
    }
    const Numbers numbers = carried_numbers(communities, keys, earlier(before));
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(numbers[i], expected[order[i]]);
  }
}

TEST(CarriedNumbers, StayAPartition) {
  const std::string_view now = "BABACCDADDDDFFEE";
  const Numbers numbers = carried("ABABCCCADDDDEE.B", now);
  for (std::size_t i = 0; i < now.size(); ++i) {
    for (std::size_t j = 0; j < now.size(); ++j) EXPECT_EQ(numbers[i] == numbers[j], now[i] == now[j]);
  }
}

/// Two groups of four and three who write among themselves.
Study two_groups() {
  return Study(test::drawn_corpus({.people = {{"ann"}, {"eva"}},
                                   .works = {{"w1", 2020, test::byline({"ann", "bob", "cat", "dan"})},
                                             {"w2", 2021, test::byline({"eva", "fay", "gus"})}}}),
               Counting::full, Normalisation::none, 100);
}

TEST(CarryCommunities, EveryTableHasTheSameNumbers) {
  const Study study = two_groups();
  const std::vector<std::string> chosen{"degree", "communities"};
  Measured measured = measure(study, chosen_metrics(chosen), {}, {});
  carry_communities(measured, study, {{"person:ann", 7}, {"person:eva", 1}, {"name:gus", 1}}, {});
  const auto table_of = [&](std::string_view name) {
    const auto entry = std::ranges::find(study_tables(), name, &TableEntry::name);
    return entry->make(study, measured, {});
  };
  EXPECT_EQ(test::lines(table_of("people"), {"key", "community"}),
            (std::vector<std::string>{"ann|7", "eva|1"}));
  const auto authors = test::lines(table_of("authors"), {"community"});
  EXPECT_EQ(std::ranges::count(authors, "7"), 4);
  EXPECT_EQ(std::ranges::count(authors, "1"), 3);
  const Table communities = table_of("communities");
  EXPECT_EQ(test::lines(communities, {"community", "size", "people"}),
            (std::vector<std::string>{"7|4|ann", "1|3|eva"}));
  EXPECT_EQ(communities.column("community")->label.find("largest"), std::string::npos);
}

TEST(CarryCommunities, WithoutTheMetricNothingIsCarried) {
  const Study study = two_groups();
  const std::vector<std::string> chosen{"degree"};
  Measured measured = measure(study, chosen_metrics(chosen), {}, {});
  carry_communities(measured, study, {{"person:ann", 7}}, {});
  EXPECT_EQ(measured.authors.size(), 1U);
}

}  // namespace
}  // namespace coterie
