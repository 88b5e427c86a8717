#include "coterie/explain.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "tests/analysis/drawn_corpus.hpp"
#include "tests/analysis/sample_networks.hpp"

namespace coterie {
namespace {

using test::author;
using test::byline;
using Keys = std::vector<std::string>;

constexpr int k_cut = 10;

std::string folded_key(std::string_view name) { return text::folded(name); }

Party find(const Study& study, std::string_view text) { return find_party(study, text, folded_key); }

Study study_of(const test::Drawing& drawing) {
  return {drawn_corpus(drawing), Counting::fractional, Normalisation::none, k_cut};
}

/// bob and cat stand between ann and dan, whose only joint work is above the cut; eve writes alone.
test::Drawing diamond() {
  return {.people = {{"ann", {"red"}}, {"dan", {"blue"}}, {"bob", {"red", "blue"}}, {"zoe", {"blue"}}},
          .institutions = {{"ms", {}}, {"msra", {"ms"}}, {"pku", {}}},
          .works = {{"p1", 2012, {{"ann", {"msra"}}, {"bob", {}}}},
                    {"p2", 2010, {{"ann", {"msra"}}, {"bob", {}}}},
                    {"p3", 2011, byline({"ann", "cat"})},
                    {"p4", 2011, byline({"bob", "dan"})},
                    {"p5", 2011, {{"cat", {"pku"}}, {"dan", {"ms"}}}},
                    {"p6", 2009, byline({"ann", "dan", "bob"}), 8},
                    {"p7", 2011, byline({"bob"})},
                    {"p8", 2011, byline({"eve"})}}};
}

Keys work_keys(const Study& study, const std::vector<Index>& works) {
  Keys keys;
  for (const Index work : works) keys.push_back(study.corpus.works[work].key);
  return keys;
}

Keys author_keys(const Study& study, const std::vector<Index>& authors) {
  Keys keys;
  for (const Index author : authors) keys.push_back(study.corpus.authors[author].key);
  return keys;
}

/// ann-bob[p2,p1]-dan[p4]
std::string drawn(const Study& study, const Explanation::Path& path) {
  std::string text = study.corpus.authors[path.front().from].name;
  for (const Explanation::Step& step : path) {
    text += fmt::format("-{}[{}]", study.corpus.authors[step.to].name,
                        fmt::join(work_keys(study, step.works), ","));
  }
  return text;
}

Keys drawn(const Study& study, const std::vector<Explanation::Path>& paths) {
  Keys all;
  for (const auto& path : paths) all.push_back(drawn(study, path));
  return all;
}

TEST(Explain, ShortestPathsInAuthorOrder) {
  const Study study = study_of(diamond());
  const Explanation e = explain(study, find(study, "ann"), find(study, "dan"), 10);
  EXPECT_EQ(e.distance, 2);
  EXPECT_EQ(e.path_count, 2U);
  // name:cat < person:bob
  EXPECT_EQ(drawn(study, e.paths), (Keys{"ANN-CAT[p3]-DAN[p5]", "ANN-BOB[p2,p1]-DAN[p4]"}));
  EXPECT_EQ(work_keys(study, e.joint_works), (Keys{"p6"})) << "long bylines make joint works, not paths";
  EXPECT_TRUE(e.shared_authors.empty());
}

TEST(Explain, ListsNoMorePathsThanAsked) {
  const Study study = study_of(diamond());
  const Explanation one = explain(study, find(study, "ann"), find(study, "dan"), 1);
  EXPECT_EQ(drawn(study, one.paths), (Keys{"ANN-CAT[p3]-DAN[p5]"}));
  EXPECT_EQ(one.path_count, 2U);
  const Explanation none = explain(study, find(study, "ann"), find(study, "dan"), 0);
  EXPECT_TRUE(none.paths.empty());
  EXPECT_EQ(none.distance, 2);
}

TEST(Explain, NeighboursAreOneStepApart) {
  const Study study = study_of(diamond());
  const Explanation e = explain(study, find(study, "ann"), find(study, "bob"), 10);
  EXPECT_EQ(e.distance, 1);
  EXPECT_EQ(e.path_count, 1U);
  EXPECT_EQ(drawn(study, e.paths), (Keys{"ANN-BOB[p2,p1]"}));
  EXPECT_EQ(work_keys(study, e.joint_works), (Keys{"p6", "p2", "p1"}));
}

TEST(Explain, WithoutPathOrWithoutWorks) {
  const Study study = study_of(diamond());
  for (const char* other : {"eve", "zoe"}) {
    const Explanation e = explain(study, find(study, "ann"), find(study, other), 10);
    EXPECT_EQ(e.distance, std::nullopt) << other;
    EXPECT_EQ(e.path_count, 0U);
    EXPECT_TRUE(e.paths.empty());
    EXPECT_TRUE(e.joint_works.empty());
  }
}

TEST(Explain, TeamsThatShareSomebody) {
  const Study study = study_of(diamond());
  const Explanation e = explain(study, find(study, "red"), find(study, "blue"), 10);
  EXPECT_EQ(author_keys(study, e.shared_authors), (Keys{"person:bob"}));
  EXPECT_EQ(e.distance, 0);
  EXPECT_EQ(e.path_count, 0U);
  EXPECT_TRUE(e.paths.empty());
  // p7 is by bob alone: nobody of red wrote it with somebody of blue. p3 and p5 have nobody of the one.
  EXPECT_EQ(work_keys(study, e.joint_works), (Keys{"p6", "p2", "p4", "p1"}));
}

TEST(Explain, SomebodyAndHimself) {
  const Study study = study_of(diamond());
  const Explanation e = explain(study, find(study, "bob"), find(study, "bob"), 10);
  EXPECT_EQ(e.distance, 0);
  EXPECT_TRUE(e.joint_works.empty());
}

TEST(Explain, InstitutionsTakeInThoseBelow) {
  const Study study = study_of(diamond());
  const Party ms = find(study, "ms");
  EXPECT_EQ(ms.kind, Party::Kind::institution);
  EXPECT_EQ(author_keys(study, ms.authors), (Keys{"person:ann", "person:dan"}));
  EXPECT_EQ(author_keys(study, find(study, "msra").authors), (Keys{"person:ann"}));
  // From either of the two to cat of pku, in one step.
  const Explanation e = explain(study, ms, find(study, "pku"), 10);
  EXPECT_EQ(e.distance, 1);
  EXPECT_EQ(e.path_count, 2U);
  EXPECT_EQ(drawn(study, e.paths), (Keys{"ANN-CAT[p3]", "DAN-CAT[p5]"}));
  EXPECT_EQ(work_keys(study, e.joint_works), (Keys{"p3", "p5"}));
}

TEST(Explain, CountStopsAtTheLargestNumber) {
  // Each of 70 diamonds doubles the number of shortest paths.
  test::Drawing drawing;
  const auto name = [](char kind, int i) { return fmt::format("{}{:03}", kind, i); };
  for (int i = 0; i < 70; ++i) {
    for (const char side : {'l', 'r'}) {
      drawing.works.push_back({fmt::format("{}-{}", i, side), 2000, byline({name('n', i), name(side, i)})});
      drawing.works.push_back(
          {fmt::format("{}+{}", i, side), 2000, byline({name('n', i + 1), name(side, i)})});
    }
  }
  const Study study = study_of(drawing);
  const Explanation whole = explain(study, find(study, "n000"), find(study, "n070"), 3);
  EXPECT_EQ(whole.distance, 140);
  EXPECT_EQ(whole.path_count, UINT64_MAX);
  EXPECT_EQ(whole.paths.size(), 3U);
  const Explanation part = explain(study, find(study, "n000"), find(study, "n063"), 0);
  EXPECT_EQ(part.path_count, std::uint64_t{1} << 63U);
}

/// All shortest paths between two sets, by trying every path of the right length.
std::vector<std::vector<Index>> every_path(const Network& network, const std::vector<Index>& from,
                                           const std::vector<Index>& to) {
  for (std::size_t length = 1; length < network.size(); ++length) {
    std::vector<std::vector<Index>> found;
    std::vector<Index> path;
    const std::function<void(Index)> extend = [&](Index v) {
      path.push_back(v);
      if (path.size() == length + 1) {
        if (std::ranges::count(to, v) > 0) found.push_back(path);
      } else {
        for (const Index u : network.neighbours(v)) extend(u);
      }
      path.pop_back();
    };
    for (const Index v : from) extend(v);
    if (!found.empty()) return found;
  }
  return {};
}

TEST(Explain, EqualsTrialOfEveryPath) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    test::Random random(seed);
    std::vector<std::vector<Index>> bylines;
    for (int link = 0; link < 11; ++link) {
      const Index a = random.below(9);
      const Index b = random.below(9);
      if (a != b) bylines.push_back({a, b});
    }
    const Study study(test::corpus_of(9, bylines), Counting::full, Normalisation::none, k_cut);
    const Party from{Party::Kind::team, "", "", {random.below(3), 3 + random.below(2)}};
    const Party to{Party::Kind::team, "", "", {5 + random.below(2), 7 + random.below(2)}};
    auto expected = every_path(study.authors, from.authors, to.authors);
    std::ranges::sort(expected);
    const Explanation e = explain(study, from, to, 1000);
    EXPECT_EQ(e.path_count, expected.size()) << seed;
    ASSERT_EQ(e.paths.size(), expected.size()) << seed;
    EXPECT_EQ(e.distance.has_value(), !expected.empty());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::vector<Index> found{e.paths[i].front().from};
      for (const Explanation::Step& step : e.paths[i]) found.push_back(step.to);
      EXPECT_EQ(found, expected[i]) << seed;
    }
  }
}

/// What the error says; fails if there is none or of another kind.
std::string refusal(const Study& study, std::string_view text) {
  try {
    (void)find(study, text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  ADD_FAILURE() << "found " << text;
  return {};
}

TEST(FindParty, ByKeyOrName) {
  Corpus corpus = drawn_corpus(diamond());
  corpus.people[1].name = "Dan Brown";
  corpus.institutions[test::institution(corpus, "pku")].name = "Peking University";
  corpus.authors[author(corpus, "name:cat")].name = "Cat Stevens";
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  EXPECT_EQ(find(study, "dan").kind, Party::Kind::person);
  EXPECT_EQ(find(study, "DAN BROWN").key, "dan");
  EXPECT_EQ(find(study, "red").kind, Party::Kind::team);
  EXPECT_EQ(find(study, "Red").key, "red");
  EXPECT_EQ(author_keys(study, find(study, "blue").authors), (Keys{"person:bob", "person:dan"}));
  EXPECT_EQ(find(study, "peking university").key, "pku");
  const Party cat = find(study, "cat stevens");
  EXPECT_EQ(cat.kind, Party::Kind::author);
  EXPECT_EQ(author_keys(study, cat.authors), (Keys{"name:cat"}));
  EXPECT_EQ(find(study, "name:cat").key, "name:cat");
  EXPECT_EQ(find(study, "person:dan").kind, Party::Kind::person);
  EXPECT_TRUE(find(study, "zoe").authors.empty());
}

TEST(FindParty, PeopleComeFirst) {
  Corpus corpus = drawn_corpus(diamond());
  corpus.authors[author(corpus, "name:cat")].name = "Ann";
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  EXPECT_EQ(find(study, "Ann").key, "ann");
}

TEST(FindParty, WatchedInstitutionsComeBeforeOthersOfTheName) {
  test::Drawing drawing = diamond();
  drawing.institutions.push_back({"a-printed", {}, CorpusInstitution::Kind::printed});
  Corpus corpus = drawn_corpus(drawing);
  corpus.institutions[test::institution(corpus, "a-printed")].name = "PKU";
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  EXPECT_EQ(find(study, "Pku").key, "pku");
}

TEST(FindParty, SeveralOfOneName) {
  Corpus corpus = drawn_corpus(diamond());
  for (const char* key : {"name:cat", "name:eve"}) corpus.authors[author(corpus, key)].name = "Wei Wang";
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  const std::string message = refusal(study, "wei wang");
  EXPECT_NE(message.find("'wei wang' is the name of 2 authors"), std::string::npos) << message;
  EXPECT_NE(message.find("'name:cat', 'name:eve'"), std::string::npos) << message;
}

TEST(FindParty, NothingOfThatNameTellsTheNearest) {
  Corpus corpus = drawn_corpus(diamond());
  corpus.people[1].key = "dan1";
  corpus.people[1].name = "Dan Okafor";
  const Study study(corpus, Counting::full, Normalisation::none, k_cut);
  EXPECT_NE(refusal(study, "Okafro").find("'dan1' (Dan Okafor)"), std::string::npos);
  EXPECT_NE(refusal(study, "Okafor").find("'dan1' (Dan Okafor)"), std::string::npos);
  EXPECT_NE(refusal(study, "Quetzalcoatl").find("'Quetzalcoatl'"), std::string::npos);
  EXPECT_NE(refusal(study, "").find("called ''"), std::string::npos);
}

TEST(FindParty, EmptyCorpus) {
  const Study study(Corpus{}, Counting::full, Normalisation::none, k_cut);
  EXPECT_NE(refusal(study, "ann").find("'ann'"), std::string::npos);
}

}  // namespace
}  // namespace coterie
