#include "coterie/highlights.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/drawn_corpus.hpp"

namespace coterie {
namespace {

using test::byline;

/// Teams r (A, B, absent C) and q (D, B): A-D wrote together once, A and D both wrote with X.
test::Drawing two_teams() {
  test::Drawing drawing;
  drawing.people = {{"A", {"r"}}, {"B", {"q", "r"}}, {"C", {"r"}}, {"D", {"q"}}};
  drawing.institutions = {{"msra"}};
  drawing.works = {{"w1", 2010, byline({"A", "D"})},
                   {"w2", 2012, {{"A", {"msra"}}, {"X", {}}}},
                   {"w3", 2012, byline({"D", "X"})},
                   {"w4", 2015, byline({"B", "Y"})}};
  return drawing;
}

TEST(Highlights, SayWhatTheTablesHold) {
  const Study study(drawn_corpus(two_teams()), Counting::full, Normalisation::none, 100);
  StudyFile::Influence influence;
  influence.team = "r";
  influence.compare_with = {"q"};
  const std::vector<std::string> lines = highlights(study, influence);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "4 works of 2010 to 2015 by 5 authors, 4 pairs of co-authors");
  EXPECT_EQ(lines[1], "3 of 4 people have works here; none by C");
  EXPECT_EQ(lines[2],
            "r (2 of 3 people found) and q (2 of 2): 1 people in both, 1 pairs wrote together, 2 co-authors "
            "in common");
  EXPECT_EQ(lines[3], "r: most joint works outside the team with X (1), Y (1), D (1)");
  EXPECT_EQ(lines[4],
            "5 authorships of the people: watched institutions MSRA 1; no affiliation known for 4 (80 %)");
}

TEST(Highlights, LeaveOutWhatHasNoSubject) {
  test::Drawing drawing = two_teams();
  for (test::DrawnPerson& person : drawing.people) person.teams.clear();
  const Study study(drawn_corpus(drawing), Counting::full, Normalisation::none, 100);
  EXPECT_EQ(highlights(study, std::nullopt).size(), 3u);
}

TEST(Highlights, AnEmptyStudyHasItsTwoLines) {
  const Study study(Corpus{}, Counting::full, Normalisation::none, 100);
  EXPECT_EQ(highlights(study, std::nullopt).size(), 2u);
}

}  // namespace
}  // namespace coterie
