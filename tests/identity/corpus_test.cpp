#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>
#include <set>

#include "tests/identity/examples.hpp"

namespace coterie {
namespace {

/// Every field of a corpus as text.
std::string told(const Corpus& c) {
  std::string text;
  for (const CorpusWork& w : c.works) {
    text += fmt::format("work {} {} {} {} {} {} {} {} {} {} {}\n", w.key, w.ids, w.year, w.date, w.title,
                        w.venue, w.type, w.author_count, w.byline_truncated, w.sources, w.vanished);
  }
  for (const CorpusAuthor& a : c.authors) {
    text += fmt::format("author {} {} {} {} {} {}\n", a.key, a.name, a.orcid, a.person, a.ids, a.by_name);
  }
  for (const CorpusInstitution& i : c.institutions) {
    text += fmt::format("institution {} {} {} {} {} {} {}\n", i.key, i.name, static_cast<int>(i.kind),
                        i.country, i.openalex, i.ror, i.ancestors);
  }
  for (const CorpusFunder& f : c.funders) text += fmt::format("funder {} {}\n", f.key, f.name);
  for (const CorpusPerson& p : c.people) {
    text += fmt::format("person {} {} {} {} {} {}\n", p.key, p.name, p.teams, p.identity, p.ids, p.author);
  }
  text += fmt::format("teams {}\n", c.teams);
  for (const Rows<Index>* rows : {&c.byline, &c.slot_institutions, &c.work_funders, &c.works_of_author}) {
    text += fmt::format("rows {} {}\n", rows->offsets, rows->values);
  }
  return text + fmt::format("{} {}\n", c.slot_position, c.slot_affiliated);
}

/// A small world in which names, ids, DOIs and institutions collide all the time.
class World {
 public:
  explicit World(unsigned seed) : m_random(seed) {
    for (const char* name : {"Daya Guo", "Yu Wu", "Wu Yu", "Bin Cui"}) {
      Person person = test::person(fmt::format("p{}", roster.people.size()), name);
      person.teams = {"t"};
      roster.people.push_back(std::move(person));
    }
    roster.people[3].aliases = {"B. Cui"};
    roster.institutions.resize(2);
    roster.institutions[0].key = "big";
    roster.institutions[0].patterns = {"big"};
    roster.institutions[0].openalex = {"I1"};
    roster.institutions[1].key = "small";
    roster.institutions[1].patterns = {"big lab"};
    roster.institutions[1].parent = "big";
    IdentityDecision decision;
    decision.person = "p0";
    decision.source = "openalex";
    decision.work = "W3";
    roster.decisions = {decision};
    decision.work = "10.1000/2";
    decision.verdict = IdentityDecision::Verdict::different;
    roster.decisions.push_back(decision);
    identities = {test::identity("p0", "A1", Identity::Status::confirmed),
                  test::identity("p1", "A2", Identity::Status::probable),
                  test::identity("p2", "A3", Identity::Status::ambiguous)};
    for (int i = 0; i < 40; ++i) works.push_back(make_work(i));
  }

  Roster roster;
  std::vector<Identity> identities;
  std::vector<Work> works;

 private:
  std::mt19937 m_random;

  int pick(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }
  template <std::size_t N>
  std::string one_of(const char* const (&texts)[N]) {
    return texts[pick(N)];
  }

  Authorship make_authorship(const std::string& source) {
    Authorship result;
    result.raw_name = one_of({"Daya Guo", "Guo, D.", "Yu Wu", "B. Cui", "Qwen Team", "", "Li X", "X Li"});
    if (source != "arxiv" && pick(3) > 0) result.author_id = fmt::format("A{}", pick(6));
    if (pick(5) == 0) result.orcid = one_of({"0000-0002-1825-0097", "0000-0001-5109-3700"});
    for (int i = pick(3); i > 0; --i) {
      PrintedAffiliation affiliation{one_of({"Big Lab", "Big", "Elsewhere", "ELSEWHERE", ""}), {}};
      if (source != "arxiv" && pick(2) == 0) affiliation.institution_ids = {fmt::format("I{}", pick(5))};
      result.affiliations.push_back(affiliation);
    }
    if (source != "arxiv" && pick(2) == 0) {
      const int id = pick(5);
      Institution institution{fmt::format("I{}", id),
                              one_of({"Name", "Other name"}),
                              "",
                              one_of({"", "CN", "US"}),
                              "",
                              {fmt::format("I{}", id), fmt::format("I{}", pick(5))}};
      result.institutions.push_back(institution);
    }
    return result;
  }

  Work make_work(int number) {
    Work result;
    result.source = one_of({"openalex", "arxiv", "acl"});
    result.id = result.source == "openalex" ? fmt::format("W{}", number)
                : result.source == "arxiv"  ? fmt::format("2501.{:05}", number)
                                            : fmt::format("x{}", number);
    if (pick(2) == 0) result.doi = fmt::format("10.1000/{}", pick(12));
    if (pick(4) == 0) result.arxiv = fmt::format("2501.{:05}", pick(40));
    if (pick(10) > 0) result.year = 2015 + pick(10);
    result.title = one_of({"", "Title", "Other title"});
    result.date = one_of({"", "2020-01-01"});
    result.venue = one_of({"", "ACL"});
    for (int i = pick(6); i > 0; --i) result.authorships.push_back(make_authorship(result.source));
    result.author_count = static_cast<std::uint32_t>(result.authorships.size());
    if (pick(4) == 0) {
      result.byline_truncated = true;
      result.author_count += 3;
    }
    for (int i = pick(3); i > 0; --i) {
      result.funding.push_back({one_of({"", "F1", "F2"}), one_of({"", "NSFC", "Nsfc"}), ""});
    }
    return result;
  }
};

class CorpusTest : public testing::TestWithParam<unsigned> {};

TEST_P(CorpusTest, TheOrderOfWorksDoesNotMatter) {
  World world(GetParam());
  for (const Window& window : {Window{}, Window{2017, 2022}}) {
    const std::string expected = told(test::corpus_of(world.works, world.roster, world.identities, window));
    std::mt19937 random(GetParam());
    for (int i = 0; i < 10; ++i) {
      std::shuffle(world.works.begin(), world.works.end(), random);
      std::shuffle(world.identities.begin(), world.identities.end(), random);
      ASSERT_EQ(told(test::corpus_of(world.works, world.roster, world.identities, window)), expected);
    }
  }
}

TEST_P(CorpusTest, AWorkToldTwiceIsToldOnce) {
  World world(GetParam());
  const Corpus once = test::corpus_of(world.works, world.roster, world.identities);
  std::vector<Work> twice = world.works;
  twice.insert(twice.end(), world.works.begin(), world.works.end());
  const Corpus again = test::corpus_of(twice, world.roster, world.identities);
  EXPECT_EQ(again.works.size(), once.works.size());
  EXPECT_EQ(again.byline.values, once.byline.values);
  EXPECT_EQ(again.slot_institutions.values, once.slot_institutions.values);
}

TEST_P(CorpusTest, EverythingFitsTogether) {
  const World world(GetParam());
  const Corpus c = test::corpus_of(world.works, world.roster, world.identities);
  const auto sorted_and_unique = [](const auto& items) {
    return std::adjacent_find(items.begin(), items.end(),
                              [](const auto& a, const auto& b) { return a.key >= b.key; }) == items.end();
  };
  EXPECT_TRUE(sorted_and_unique(c.works));
  EXPECT_TRUE(sorted_and_unique(c.authors));
  EXPECT_TRUE(sorted_and_unique(c.institutions));
  EXPECT_TRUE(sorted_and_unique(c.funders));
  const std::size_t slots = c.byline.values.size();
  EXPECT_EQ(c.byline.size(), c.works.size());
  EXPECT_EQ(c.work_funders.size(), c.works.size());
  EXPECT_EQ(c.slot_institutions.size(), slots);
  EXPECT_EQ(c.slot_position.size(), slots);
  EXPECT_EQ(c.slot_affiliated.size(), slots);
  EXPECT_EQ(c.works_of_author.size(), c.authors.size());
  EXPECT_EQ(c.works_of_author.values.size(), slots);
  for (Index work = 0; work < c.works.size(); ++work) {
    const std::set<Index> authors(c.byline[work].begin(), c.byline[work].end());
    EXPECT_EQ(authors.size(), c.byline[work].size());
    EXPECT_GE(c.works[work].author_count, authors.size());
    EXPECT_TRUE(
        std::is_sorted(c.slot_position.begin() + static_cast<std::ptrdiff_t>(c.byline.offsets[work]),
                       c.slot_position.begin() + static_cast<std::ptrdiff_t>(c.byline.offsets[work + 1])));
    for (const Index author : authors) {
      const auto works = c.works_of_author[author];
      EXPECT_EQ(std::count(works.begin(), works.end(), work), 1);
    }
  }
  for (std::size_t slot = 0; slot < slots; ++slot) {
    EXPECT_EQ(c.slot_affiliated[slot] == 1, !c.slot_institutions[slot].empty());
    EXPECT_TRUE(std::is_sorted(c.slot_institutions[slot].begin(), c.slot_institutions[slot].end()));
  }
  for (Index i = 0; i < c.institutions.size(); ++i) {
    const auto& above = c.institutions[i].ancestors;
    EXPECT_EQ(std::count(above.begin(), above.end(), i), 0);
    EXPECT_TRUE(std::is_sorted(above.begin(), above.end()));
  }
  for (Index i = 0; i < c.people.size(); ++i) {
    EXPECT_EQ(c.people[i].key, world.roster.people[i].key);
    if (c.people[i].author != k_none) {
      EXPECT_EQ(c.authors[c.people[i].author].person, i);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, CorpusTest, testing::Range(1U, 21U));

}  // namespace
}  // namespace coterie
