#include <gtest/gtest.h>

#include "tests/identity/examples.hpp"

namespace coterie {
namespace {

using test::author;
using test::byline_of;
using test::corpus_of;
using test::Keys;
using test::work;

TEST(Works, SharedIdentifiersMakeOneWork) {
  Work first = work("openalex", "W1", {author("A B", "A1")});
  first.doi = "10.1000/x";
  Work second = work("arxiv", "2501.12948", {author("A B")});
  second.arxiv = "2501.12948";
  Work bridge = work("s2", "abc", {author("A B", "7")});
  bridge.doi = "10.1000/x";
  bridge.arxiv = "2501.12948";
  EXPECT_EQ(corpus_of({first, second}).works.size(), 2U);
  const Corpus corpus = corpus_of({second, bridge, first});
  ASSERT_EQ(corpus.works.size(), 1U);
  EXPECT_EQ(corpus.works[0].key, "doi:10.1000/x");
  EXPECT_EQ(corpus.works[0].ids, (Keys{"arxiv:2501.12948", "doi:10.1000/x", "openalex:W1", "s2:abc"}));
  EXPECT_EQ(corpus.works[0].sources, (Keys{"arxiv", "openalex", "s2"}));
}

TEST(Works, TheDoiOfArxivNamesThePreprint) {
  Work told = work("openalex", "W1", {author("A B", "A1")});
  told.doi = "10.48550/arxiv.2501.12948";
  const Corpus corpus = corpus_of({told, work("arxiv", "2501.12948", {author("A B")})});
  ASSERT_EQ(corpus.works.size(), 1U);
  EXPECT_EQ(corpus.works[0].key, "doi:10.48550/arxiv.2501.12948");
}

TEST(Works, KeysPreferDoiThenArxiv) {
  EXPECT_EQ(corpus_of({work("arxiv", "2501.12948", {})}).works[0].key, "arxiv:2501.12948");
  EXPECT_EQ(corpus_of({work("openalex", "W7", {})}).works[0].key, "openalex:W7");
  Work a = work("openalex", "W1", {});
  Work b = work("openalex", "W2", {});
  a.arxiv = b.arxiv = "2501.12948";
  a.doi = "10.9000/z";
  b.doi = "10.1000/a";
  EXPECT_EQ(corpus_of({a, b}).works[0].key, "doi:10.1000/a");
}

TEST(Works, TheFirstSourceTellsAndOthersFill) {
  Work preprint = work("arxiv", "2305.11738", {author("A B")}, 2023);
  preprint.arxiv = "2305.11738";
  preprint.title = "CRITIC (preprint)";
  preprint.date = "2023-05-19";
  preprint.venue = "arXiv";
  Work published = work("openalex", "W9", {author("A. B.", "A1")}, 2024);
  published.arxiv = "2305.11738";
  published.title = "CRITIC";
  Work imported = work("acl", "x", {author("A B")}, 2024);
  imported.arxiv = "2305.11738";
  imported.type = "proceedings-article";
  imported.date = "2024-05-07";
  const Corpus corpus = corpus_of({preprint, imported, published});
  ASSERT_EQ(corpus.works.size(), 1U);
  EXPECT_EQ(corpus.works[0].title, "CRITIC");
  EXPECT_EQ(corpus.works[0].year, 2024);
  EXPECT_EQ(corpus.works[0].venue, "arXiv");
  EXPECT_EQ(corpus.works[0].type, "proceedings-article");
  EXPECT_EQ(corpus.works[0].date, "2024-05-07");  // that of arXiv is of another year
}

TEST(Works, ACutBylineIsReplacedByAWholeOne) {
  Work cut = work("openalex", "W1", {author("A One", "A1"), author("B Two", "A2")});
  cut.doi = "10.1000/x";
  cut.byline_truncated = true;
  cut.author_count = 3;
  Work whole = work("arxiv", "2501.12948", {author("One, A"), author("Two, B"), author("Three, C")});
  whole.doi = "10.1000/x";
  const Corpus corpus = corpus_of({cut, whole});
  // The ids that the cut byline tells are kept.
  EXPECT_EQ(byline_of(corpus), (Keys{"openalex:A1", "openalex:A2", "name:c three"}));
  EXPECT_EQ(corpus.works[0].author_count, 3U);
  EXPECT_FALSE(corpus.works[0].byline_truncated);

  whole.authorships.resize(1);
  whole.author_count = 1;
  const Corpus shorter = corpus_of({cut, whole});
  EXPECT_EQ(byline_of(shorter), (Keys{"openalex:A1", "openalex:A2"}));
  EXPECT_EQ(shorter.works[0].author_count, 3U);
  EXPECT_TRUE(shorter.works[0].byline_truncated);
}

TEST(Works, AWorkIsThereAsLongAsOneSourceHasIt) {
  Work gone = work("openalex", "W1", {author("A One", "A1")});
  gone.doi = "10.1000/x";
  gone.title = "As it was";
  gone.vanished = "2026-01-10";
  EXPECT_EQ(corpus_of({gone}).works.at(0).vanished, "2026-01-10");

  Work there = work("arxiv", "2501.12948", {author("One, A")});
  there.doi = "10.1000/x";
  there.title = "As it is";
  const Corpus corpus = corpus_of({gone, there});
  ASSERT_EQ(corpus.works.size(), 1U);
  EXPECT_EQ(corpus.works[0].vanished, "");
  EXPECT_EQ(corpus.works[0].title, "As it is");

  there.vanished = "2026-02-11";
  EXPECT_EQ(corpus_of({gone, there}).works.at(0).vanished, "2026-02-11");
}

TEST(Works, AnAbsentBylineIsReplaced) {
  Work empty = work("openalex", "W1", {});
  empty.doi = "10.1000/x";
  Work told = work("acl", "p", {author("A One")});
  told.doi = "10.1000/x";
  EXPECT_EQ(byline_of(corpus_of({empty, told})), (Keys{"name:a one"}));
}

TEST(Works, AffiliationsComeFromTheOtherRecord) {
  Work bare = work("openalex", "W1", {author("A One", "A1"), author("B Two", "A2"), author("B Two", "A3")});
  bare.doi = "10.1000/x";
  Work told =
      work("acl", "p", {author("One A", "", {"Peking University"}), author("B Two", "", {"Beihang"})});
  told.doi = "10.1000/x";
  const Corpus corpus = corpus_of({bare, told});
  EXPECT_EQ(test::institutions_of(corpus, 0), (Keys{"printed:peking university"}));
  // Which of the two of one name is meant nobody can tell.
  EXPECT_EQ(test::institutions_of(corpus, 1), Keys{});
  EXPECT_EQ(corpus.slot_affiliated, (std::vector<std::uint8_t>{1, 0, 0}));
}

TEST(Works, FundersAreUnited) {
  Work first = work("openalex", "W1", {});
  first.doi = "10.1000/x";
  first.funding = {{"F2", "NSFC", "1"}, {"F1", "NSF", ""}, {"F2", "NSFC (China)", "2"}};
  Work second = work("acl", "p", {});
  second.doi = "10.1000/x";
  second.funding = {{"", "863 Program", ""}, {"", "", "42"}};
  Work third = work("openalex", "W2", {});
  third.funding = {{"F2", "NSFC", ""}};
  const Corpus corpus = corpus_of({first, second, third});
  ASSERT_EQ(corpus.funders.size(), 3U);
  EXPECT_EQ(corpus.funders[0].key, "name:863 program");
  EXPECT_EQ(corpus.funders[0].name, "863 Program");
  EXPECT_EQ(corpus.funders[2].key, "openalex:F2");
  EXPECT_EQ(corpus.funders[2].name, "NSFC");  // two times, against one
  EXPECT_EQ(std::vector<Index>(corpus.work_funders[0].begin(), corpus.work_funders[0].end()),
            (std::vector<Index>{0, 1, 2}));
  EXPECT_EQ(std::vector<Index>(corpus.work_funders[1].begin(), corpus.work_funders[1].end()),
            std::vector<Index>{2});
}

TEST(Works, TheWindowKeepsItsEnds) {
  std::vector<Work> works;
  for (int year = 2011; year <= 2015; ++year)
    works.push_back(work("openalex", "W" + std::to_string(year), {}, year));
  works.push_back(work("openalex", "W0", {}));
  works.back().year = std::nullopt;
  EXPECT_EQ(corpus_of(works, {}, {}, {2012, 2014}).works.size(), 3U);
  EXPECT_EQ(corpus_of(works, {}, {}, {2012, std::nullopt}).works.size(), 4U);
  const Corpus open = corpus_of(works);
  EXPECT_EQ(open.works.size(), 6U);
  EXPECT_EQ(test::find(open.works, "openalex:W0")->year, 0);
}

TEST(Works, AnEmptyCorpusIsSound) {
  Roster roster;
  roster.people = {test::person("guo", "Daya Guo")};
  roster.people[0].teams = {"r1"};
  const Corpus corpus = corpus_of({}, roster);
  EXPECT_EQ(corpus.byline.size(), 0U);
  EXPECT_EQ(corpus.works_of_author.size(), 0U);
  ASSERT_EQ(corpus.people.size(), 1U);
  EXPECT_EQ(corpus.people[0].author, k_none);
  EXPECT_EQ(corpus.people[0].identity, "none");
  EXPECT_EQ(corpus.teams, Keys{"r1"});
}

}  // namespace
}  // namespace coterie
