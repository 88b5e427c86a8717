#include <gtest/gtest.h>

#include "tests/identity/examples.hpp"

namespace coterie {
namespace {

using test::author;
using test::byline_of;
using test::corpus_of;
using test::find;
using test::identity;
using test::Keys;
using test::person;
using test::work;
using Status = Identity::Status;
using Verdict = IdentityDecision::Verdict;

Roster guo_and_wu() {
  Roster roster;
  roster.people = {person("guo", "Daya Guo"), person("wu", "Yu Wu")};
  return roster;
}

IdentityDecision decision(std::string who, std::string source, std::string id, std::string on_work,
                          Verdict verdict) {
  IdentityDecision result;
  result.person = std::move(who);
  result.source = std::move(source);
  result.author_id = std::move(id);
  result.work = std::move(on_work);
  result.verdict = verdict;
  return result;
}

TEST(Attribution, ConfirmedAndProbableIdsAreThePerson) {
  const std::vector<Identity> identities{
      identity("guo", "A1", Status::confirmed), identity("guo", "A2", Status::probable),
      identity("wu", "A3", Status::ambiguous), identity("wu", "A4", Status::rejected)};
  const Corpus corpus = corpus_of({work("openalex", "W1", {author("D. Guo", "A1"), author("Yu Wu", "A3")}),
                                   work("openalex", "W2", {author("Guo D", "A2"), author("Yu Wu", "A4")})},
                                  guo_and_wu(), identities);
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"person:guo", "openalex:A3"}));
  EXPECT_EQ(byline_of(corpus, 1), (Keys{"person:guo", "openalex:A4"}));
  const CorpusAuthor& guo = *find(corpus.authors, "person:guo");
  EXPECT_EQ(guo.name, "Daya Guo");
  EXPECT_EQ(guo.ids, (Keys{"openalex:A1", "openalex:A2"}));
  EXPECT_EQ(guo.by_name, 0U);
  EXPECT_EQ(corpus.people[0].identity, "confirmed");
  EXPECT_EQ(corpus.people[0].ids, (Keys{"openalex:A1", "openalex:A2"}));
  EXPECT_EQ(&corpus.authors[corpus.people[0].author], &guo);
  EXPECT_EQ(guo.person, 0U);
  EXPECT_EQ(corpus.people[1].identity, "ambiguous");
  EXPECT_EQ(corpus.people[1].author, k_none);
}

TEST(Attribution, IdsOfTheRosterNeedNoLookUp) {
  Roster roster = guo_and_wu();
  roster.people[0].openalex = {"A1"};
  const Corpus corpus = corpus_of({work("openalex", "W1", {author("X Y", "A1")})}, roster);
  EXPECT_EQ(byline_of(corpus), Keys{"person:guo"});
  EXPECT_EQ(corpus.people[0].identity, "confirmed");
}

TEST(Attribution, AnIdProbableForTwoIsNobodys) {
  const Corpus corpus =
      corpus_of({work("openalex", "W1", {author("X Y", "A1")})}, guo_and_wu(),
                {identity("guo", "A1", Status::probable), identity("wu", "A1", Status::probable)});
  EXPECT_EQ(byline_of(corpus), Keys{"openalex:A1"});
  EXPECT_EQ(corpus.people[0].identity, "ambiguous");
  EXPECT_EQ(corpus.people[1].identity, "ambiguous");
}

TEST(Attribution, NamesCountOnlyWithoutId) {
  Roster roster = guo_and_wu();
  roster.people[1].aliases = {"Wu, Y."};
  const Corpus corpus = corpus_of({work("arxiv", "2501.00001", {author("GUO Daya"), author("Y. Wu")}),
                                   work("openalex", "W2", {author("Daya Guo", "A9")})},
                                  roster);
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"person:guo", "person:wu"}));
  EXPECT_EQ(byline_of(corpus, 1), Keys{"openalex:A9"});
  EXPECT_EQ(find(corpus.authors, "person:guo")->by_name, 1U);
  EXPECT_EQ(corpus.people[0].identity, "by_name");
}

TEST(Attribution, HomonymsOfTheRosterAreNotToldApartByName) {
  Roster roster = guo_and_wu();
  roster.people.push_back(person("wu-2", "Wu Yu"));
  const Corpus corpus =
      corpus_of({work("arxiv", "2501.00001", {author("Yu Wu"), author("Daya Guo")})}, roster);
  EXPECT_EQ(byline_of(corpus), (Keys{"name:wu yu", "person:guo"}));
  EXPECT_EQ(corpus.people[1].identity, "none");
}

TEST(Attribution, DifferentRefusesTheNameInOneSource) {
  Roster roster = guo_and_wu();
  const std::vector<Work> works{work("acl", "a", {author("Daya Guo"), author("Yu Wu")}),
                                work("arxiv", "2501.00001", {author("Daya Guo"), author("Yu Wu")})};
  for (const char* id : {"", "Daya Guo", "guo, daya"}) {
    roster.decisions = {decision("guo", "arxiv", id, "", Verdict::different)};
    const Corpus corpus = corpus_of(works, roster);
    EXPECT_EQ(byline_of(corpus, 0), (Keys{"person:guo", "person:wu"})) << id;
    EXPECT_EQ(byline_of(corpus, 1), (Keys{"name:daya guo", "person:wu"})) << id;
  }
}

TEST(Attribution, SameGivesANameInOneSource) {
  Roster roster = guo_and_wu();
  roster.people.push_back(person("wu-2", "Wu Yu"));
  roster.decisions = {decision("wu-2", "arxiv", "", "", Verdict::same),
                      decision("guo", "arxiv", "D. Guo", "", Verdict::same)};
  const Corpus corpus = corpus_of({work("acl", "a", {author("Yu Wu"), author("D. Guo")}),
                                   work("arxiv", "2501.00001", {author("Yu Wu"), author("D. Guo")})},
                                  roster);
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"name:wu yu", "name:d guo"}));
  EXPECT_EQ(byline_of(corpus, 1), (Keys{"person:wu-2", "person:guo"}));
}

TEST(Attribution, DecisionsOutweighStoredIdentities) {
  Roster roster = guo_and_wu();
  roster.people[0].openalex = {"A1"};
  roster.decisions = {decision("guo", "openalex", "A1", "", Verdict::different),
                      decision("guo", "openalex", "A2", "", Verdict::same)};
  const Corpus corpus =
      corpus_of({work("openalex", "W1", {author("Daya Guo", "A1"), author("Daya Guo", "A2")})}, roster,
                {identity("guo", "A1", Status::confirmed)});
  EXPECT_EQ(byline_of(corpus), (Keys{"openalex:A1", "person:guo"}));
  EXPECT_EQ(corpus.people[0].ids, Keys{"openalex:A2"});
}

TEST(Attribution, SameForOneWork) {
  const std::vector<Work> works{work("openalex", "W1", {author("D. Guo", "A7"), author("Daya Guo", "A8")}),
                                work("openalex", "W2", {author("D. Guo", "A7"), author("Daya Guo", "A8")})};
  Roster roster = guo_and_wu();
  // By the author id, and without one by the person's name.
  roster.decisions = {decision("guo", "openalex", "A7", "W1", Verdict::same)};
  Corpus corpus = corpus_of(works, roster);
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"person:guo", "openalex:A8"}));
  EXPECT_EQ(byline_of(corpus, 1), (Keys{"openalex:A7", "openalex:A8"}));
  EXPECT_EQ(find(corpus.authors, "person:guo")->ids, Keys{});  // on the other work A7 is somebody else
  roster.decisions = {decision("guo", "", "", "https://openalex.org/W1", Verdict::same)};
  corpus = corpus_of(works, roster);
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"openalex:A7", "person:guo"}));
}

TEST(Attribution, WorksMayBeNamedInAnyWay) {
  Work told = work("acl", "P1", {author("Yu Wu", "x")});
  told.doi = "10.1000/abc";
  told.arxiv = "2501.12948";
  for (const char* name : {"doi:10.1000/ABC", "10.1000/abc", "https://doi.org/10.1000/abc", "2501.12948",
                           "arXiv:2501.12948v2", "acl:P1", "P1"}) {
    Roster roster = guo_and_wu();
    roster.decisions = {decision("wu", "acl", "", name, Verdict::same)};
    EXPECT_EQ(byline_of(corpus_of({told}, roster)), Keys{"person:wu"}) << name;
  }
}

TEST(Attribution, DifferentForOneWork) {
  const std::vector<Work> works{work("openalex", "W1", {author("Daya Guo", "A1"), author("Guo Daya")}),
                                work("openalex", "W2", {author("Daya Guo", "A1")})};
  Roster roster = guo_and_wu();
  roster.people[0].openalex = {"A1"};
  roster.decisions = {decision("guo", "openalex", "A1", "W1", Verdict::different)};
  Corpus corpus = corpus_of(works, roster);
  // The entry with the id is somebody else; the other entry, by its name, is not forbidden.
  EXPECT_EQ(byline_of(corpus, 0), (Keys{"openalex:A1", "person:guo"}));
  EXPECT_EQ(byline_of(corpus, 1), Keys{"person:guo"});
  roster.decisions = {decision("guo", "", "", "W1", Verdict::different)};
  corpus = corpus_of(works, roster);
  EXPECT_EQ(byline_of(corpus, 0), Keys{"openalex:A1"});  // one name twice, one of them with an id
}

TEST(Attribution, BylineOfR1) {
  // "DeepSeek-AI" stands first, two names stand twice, and one entry has no name.
  Work r1 =
      work("arxiv", "2501.12948",
           {author("DeepSeek-AI"), author("Daya Guo"), author("Shengfeng Ye"), author("Yanhong Xu"),
            author("Shengfeng Ye", "", {"DeepSeek"}), author("Yanhong Xu"), author(""), author("et al.")});
  const Corpus corpus = corpus_of({r1}, guo_and_wu());
  EXPECT_EQ(byline_of(corpus), (Keys{"person:guo", "name:shengfeng ye", "name:xu yanhong"}));
  EXPECT_EQ(corpus.slot_position, (std::vector<std::uint16_t>{2, 3, 4}));
  // 8 entries without 2 collectives and 2 repetitions; the unnamed one is a person.
  EXPECT_EQ(corpus.works[0].author_count, 8U - 2U - 2U);
  EXPECT_EQ(test::institutions_of(corpus, 1), Keys{"printed:deepseek"});
  EXPECT_EQ(find(corpus.authors, "name:xu yanhong")->by_name, 1U);
}

TEST(Attribution, ARepeatedNameWithOneIdIsOneAuthor) {
  const Corpus corpus =
      corpus_of({work("openalex", "W1", {author("Yanhong Xu"), author("Yanhong Xu", "A5")})});
  EXPECT_EQ(byline_of(corpus), Keys{"openalex:A5"});
  EXPECT_EQ(corpus.works[0].author_count, 1U);
  EXPECT_EQ(corpus.slot_position[0], 1U);
}

TEST(Attribution, PeopleOfTheRosterAreNoCollectives) {
  Roster roster;
  roster.people = {person("group", "Anna Group")};
  EXPECT_EQ(byline_of(corpus_of({work("arxiv", "2501.00001", {author("Anna Group"), author("Bob Group")})},
                                roster)),
            Keys{"person:group"});
}

TEST(Attribution, AnIdOfAnotherRecordOfTheWorkTells) {
  Work told = work("openalex", "W1", {author("Daya Guo", "A1")});
  told.doi = "10.1000/x";
  Work other = work("dblp", "p/1", {author("Guo Daya", "172/1085")});
  other.doi = "10.1000/x";
  Roster roster = guo_and_wu();
  roster.people[0].dblp = {"172/1085"};
  const Corpus corpus = corpus_of({told, other}, roster);
  EXPECT_EQ(byline_of(corpus), Keys{"person:guo"});
  EXPECT_EQ(corpus.authors[0].ids, Keys{"dblp:172/1085"});
}

TEST(Attribution, AuthorsHaveTheirMostFrequentName) {
  const auto one = [](const char* id, const char* name) {
    return work("openalex", id, {author(name, "A1")});
  };
  EXPECT_EQ(corpus_of({one("W1", "X. Li"), one("W2", "Xin Li"), one("W3", "Xin Li")}).authors[0].name,
            "Xin Li");
  EXPECT_EQ(corpus_of({one("W1", "Xin Li"), one("W2", "X. Li")}).authors[0].name,
            "X. Li");  // the smaller text
}

TEST(Attribution, OrcidOfTheRosterFirst) {
  Work told = work("openalex", "W1", {author("Daya Guo", "A1"), author("B", "A2")});
  told.authorships[0].orcid = told.authorships[1].orcid = "0000-0001-5109-3700";
  Roster roster = guo_and_wu();
  roster.people[0].openalex = {"A1"};
  roster.people[0].orcid = "0000-0002-1825-0097";
  const Corpus corpus = corpus_of({told}, roster);
  EXPECT_EQ(find(corpus.authors, "person:guo")->orcid, "0000-0002-1825-0097");
  EXPECT_EQ(find(corpus.authors, "openalex:A2")->orcid, "0000-0001-5109-3700");
}

}  // namespace
}  // namespace coterie
