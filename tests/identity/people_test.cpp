#include <gtest/gtest.h>

#include "coterie/who_is_who.hpp"
#include "tests/identity/examples.hpp"

namespace coterie {
namespace {

using Status = Identity::Status;

AuthorRecord candidate(std::string id, std::string name, std::vector<std::string> institutions = {}) {
  AuthorRecord record;
  record.source = "openalex";
  record.id = std::move(id);
  record.name = std::move(name);
  record.works_count = 10;
  for (std::string& institution : institutions) {
    AuthorRecord::Affiliation affiliation;
    affiliation.institution.name = std::move(institution);
    record.affiliations.push_back(std::move(affiliation));
  }
  return record;
}

/// Id and status of each identity, in order.
std::vector<std::pair<std::string, Status>> decided(const Roster& roster,
                                                    const std::vector<AuthorRecord>& candidates) {
  std::vector<std::pair<std::string, Status>> result;
  for (const Identity& identity : decide_identities(roster.people[0], roster, "openalex", candidates)) {
    EXPECT_EQ(identity.person, roster.people[0].key);
    EXPECT_EQ(identity.source, "openalex");
    EXPECT_FALSE(identity.method.empty());
    EXPECT_FALSE(identity.evidence.empty());
    EXPECT_EQ(identity.score == 1, identity.status == Status::confirmed);
    result.emplace_back(identity.author_id, identity.status);
  }
  return result;
}

using Decided = std::vector<std::pair<std::string, Status>>;

Roster roster_of(Person person) {
  Roster roster;
  roster.people.push_back(std::move(person));
  return roster;
}

TEST(DecideIdentities, RosterAndOrcidConfirm) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].openalex = {"A1"};
  roster.people[0].orcid = "0000-0002-1825-0097";
  AuthorRecord same_orcid = candidate("A2", "D. Guo");
  same_orcid.orcid = "0000-0002-1825-0097";
  // A3 has the name only, and the person is known already.
  EXPECT_EQ(decided(roster, {candidate("A3", "Guo Daya"), same_orcid, candidate("A1", "Somebody Else")}),
            (Decided{{"A1", Status::confirmed}, {"A2", Status::confirmed}, {"A3", Status::ambiguous}}));
}

TEST(DecideIdentities, AnIdOfTheRosterNeedsNoCandidate) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].openalex = {"A1"};
  EXPECT_EQ(decided(roster, {}), (Decided{{"A1", Status::confirmed}}));
}

TEST(DecideIdentities, DecisionsOutweighAll) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].openalex = {"A1"};
  IdentityDecision different;
  different.person = "guo";
  different.source = "openalex";
  different.author_id = "A1";
  different.verdict = IdentityDecision::Verdict::different;
  IdentityDecision same = different;
  same.author_id = "A2";
  same.verdict = IdentityDecision::Verdict::same;
  IdentityDecision one_work = different;
  one_work.author_id = "A3";
  one_work.work = "W1";
  IdentityDecision other_source = different;
  other_source.author_id = "A3";
  other_source.source = "dblp";
  roster.decisions = {different, same, one_work, other_source};
  EXPECT_EQ(decided(roster, {candidate("A1", "Daya Guo"), candidate("A2", "X"), candidate("A3", "Daya Guo")}),
            (Decided{{"A2", Status::confirmed}, {"A3", Status::ambiguous}, {"A1", Status::rejected}}));
}

TEST(DecideIdentities, TheOnlyNamesakeIsProbable) {
  const Roster roster = roster_of(test::person("guo", "Daya Guo"));
  AuthorRecord empty = candidate("A2", "Daya Guo");
  empty.works_count = 0;
  EXPECT_EQ(decided(roster, {candidate("A1", "Guo, Daya"), empty, candidate("A3", "Daya Guan")}),
            (Decided{{"A1", Status::probable}}));
}

TEST(DecideIdentities, SeveralNamesakesAreAmbiguous) {
  const Roster roster = roster_of(test::person("guo", "Daya Guo"));
  EXPECT_EQ(decided(roster, {candidate("A2", "Daya Guo"), candidate("A1", "Daya Guo")}),
            (Decided{{"A1", Status::ambiguous}, {"A2", Status::ambiguous}}));
}

TEST(DecideIdentities, AliasesAndAlternativeNamesCount) {
  Roster roster = roster_of(test::person("wu", "Z. F. Wu"));
  roster.people[0].aliases = {"Zhifan Wu"};
  AuthorRecord other = candidate("A1", "Zhi-fan W.");
  other.alternative_names = {"X", "Wu Zhifan"};
  EXPECT_EQ(decided(roster, {other}), (Decided{{"A1", Status::probable}}));
}

TEST(DecideIdentities, AHintTellsNamesakesApart) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].affiliation_hints = {"Sun Yat-sen University"};
  EXPECT_EQ(decided(roster, {candidate("A1", "Daya Guo", {"Peking University"}),
                             candidate("A2", "Daya Guo", {"Sun Yat-Sen University"})}),
            (Decided{{"A2", Status::probable}, {"A1", Status::ambiguous}}));
  // Two that meet it are ambiguous again.
  EXPECT_EQ(decided(roster, {candidate("A1", "Daya Guo", {"sun yat sen university"}),
                             candidate("A2", "Daya Guo", {"Sun Yat-sen University"})}),
            (Decided{{"A1", Status::ambiguous}, {"A2", Status::ambiguous}}));
}

TEST(DecideIdentities, ANamesakeElsewhereIsNotTaken) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].affiliation_hints = {"Sun Yat-sen University"};
  EXPECT_EQ(decided(roster, {candidate("A1", "Daya Guo", {"Peking University"})}),
            (Decided{{"A1", Status::ambiguous}}));
  // Where the source tells no place there is nothing against it.
  EXPECT_EQ(decided(roster, {candidate("A1", "Daya Guo")}), (Decided{{"A1", Status::probable}}));
}

TEST(DecideIdentities, AHintMayBeAWatchedInstitution) {
  Roster roster = roster_of(test::person("wu", "Yu Wu"));
  roster.people[0].affiliation_hints = {"microsoft"};
  WatchedInstitution microsoft;
  microsoft.key = "microsoft";
  microsoft.name = "Microsoft";
  microsoft.openalex = {"I1290206253"};
  roster.institutions = {microsoft};
  AuthorRecord by_lineage = candidate("A1", "Yu Wu", {"MSRA"});
  by_lineage.affiliations[0].institution.lineage = {"I4210113369", "I1290206253"};
  EXPECT_EQ(decided(roster, {by_lineage, candidate("A2", "Yu Wu", {"Wuhan University"})}),
            (Decided{{"A1", Status::probable}, {"A2", Status::ambiguous}}));
}

TEST(DecideIdentities, AnotherOrcidIsAConflict) {
  Roster roster = roster_of(test::person("guo", "Daya Guo"));
  roster.people[0].orcid = "0000-0002-1825-0097";
  AuthorRecord other = candidate("A1", "Daya Guo");
  other.orcid = "0000-0001-5109-3700";
  EXPECT_EQ(decided(roster, {other}), (Decided{{"A1", Status::ambiguous}}));
  EXPECT_EQ(decided(roster, {other, candidate("A2", "Daya Guo")}),
            (Decided{{"A2", Status::probable}, {"A1", Status::ambiguous}}));
}

}  // namespace
}  // namespace coterie
