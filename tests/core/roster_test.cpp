#include "coterie/roster.hpp"

#include <gtest/gtest.h>

#include "coterie/error.hpp"
#include "tests/core/study_folder.hpp"

namespace coterie {
namespace {

TEST(Roster, ReadsATable) {
  const test::StudyFolder folder;
  folder.write("people.csv",
               "\xEF\xBB\xBFkey,name,aliases,teams,orcid,openalex,affiliation_hints,note\r\n"
               "daya-guo,Daya Guo,Guo Daya; D. Guo,deepseek-r1,https://orcid.org/0000-0002-1825-0097,"
               "https://openalex.org/A5023888391;a5000000001,msra,\"a note, with a comma\"\r\n"
               "# a comment\r\n"
               ",Zhibin  Gou,,deepseek-r1;tsinghua,,,,\r\n");
  const Roster roster = read_roster(folder.path());
  ASSERT_EQ(roster.people.size(), 2u);
  const Person& guo = roster.people[0];
  EXPECT_EQ(guo.aliases, (std::vector<std::string>{"Guo Daya", "D. Guo"}));
  EXPECT_EQ(guo.orcid, "0000-0002-1825-0097");
  EXPECT_EQ(guo.openalex, (std::vector<std::string>{"A5023888391", "A5000000001"}));
  EXPECT_EQ(guo.note, "a note, with a comma");
  EXPECT_EQ(guo.line, 2u);
  EXPECT_EQ(roster.people[1].name, "Zhibin Gou");
  EXPECT_EQ(roster.people[1].key, "zhibin-gou");
  EXPECT_EQ(roster.people[1].line, 4u);
  EXPECT_EQ(roster.teams(), (std::vector<std::string>{"deepseek-r1", "tsinghua"}));
}

TEST(Roster, ReadsAPlainListOfNames) {
  const test::StudyFolder folder;
  folder.write("people.csv", "Daya Guo\n\nGou, Zhibin\nZ. F. Wu\n");
  const Roster roster = read_roster(folder.path());
  ASSERT_EQ(roster.people.size(), 3u);
  EXPECT_EQ(roster.people[0].key, "daya-guo");
  EXPECT_EQ(roster.people[1].name, "Zhibin Gou");
  EXPECT_EQ(roster.people[2].key, "z-f-wu");
}

TEST(Roster, ReadsInstitutionsDecisionsAndRelations) {
  const test::StudyFolder folder;
  folder.write("institutions.csv",
               "key,name,parent,openalex,ror,patterns\nmicrosoft,Microsoft,,I1290206253,,Microsoft\n"
               "msra,Microsoft Research Asia,microsoft,I4210113369,https://ror.org/0300m5276,MSRA;Microsoft "
               "Research Asia\n");
  folder.write("identities.csv",
               "person,source,author_id,work,decision,by,date,why\n"
               "daya-guo,openalex,https://openalex.org/A5000000001,,same,me,2026-11-23,I asked\n"
               "daya-guo,arxiv,,2501.12948,Different,me,,\n");
  folder.write(
      "relations.csv",
      "from,to,kind,from_date,to_date,source_url\nnan-duan,daya-guo,advisor,2020,2023,https://x.org\n");
  const Roster roster = read_roster(folder.path());
  ASSERT_EQ(roster.institutions.size(), 2u);
  EXPECT_EQ(roster.institutions[1].ror, "0300m5276");
  EXPECT_EQ(roster.institutions[1].patterns, (std::vector<std::string>{"MSRA", "Microsoft Research Asia"}));
  ASSERT_EQ(roster.decisions.size(), 2u);
  EXPECT_EQ(roster.decisions[0].author_id, "A5000000001");
  EXPECT_EQ(roster.decisions[1].verdict, IdentityDecision::Verdict::different);
  EXPECT_EQ(roster.decisions[1].work, "2501.12948");
  ASSERT_EQ(roster.relations.size(), 1u);
  EXPECT_EQ(roster.relations[0].kind, "advisor");
}

/// A mistake in one of the CSV files, and what the error must name.
struct Mistake {
  const char* name;
  const char* file;
  const char* bytes;
  std::vector<const char*> parts;
};

class RosterMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(RosterMistakes, AreRefusedWithPlaceAndRemedy) {
  const test::StudyFolder folder;
  folder.write(GetParam().file, GetParam().bytes);
  try {
    const Roster roster = read_roster(folder.path());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::configuration) << error.what();
    for (const char* part : GetParam().parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
          << part << " is not in: " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, RosterMistakes,
    testing::Values(
        Mistake{"empty", "people.csv", "", {"people.csv", "nobody"}},
        Mistake{"only_a_header", "people.csv", "key,name\n", {"people.csv", "nobody"}},
        Mistake{"unknown_column",
                "people.csv",
                "name,orcidd\nA B,\n",
                {"people.csv, line 1", "'orcidd'", "did you mean 'orcid'"}},
        Mistake{"repeated_column",
                "people.csv",
                "name,name\nA B,C D\n",
                {"people.csv, line 1", "'name' stands twice"}},
        Mistake{"empty_name", "people.csv", "key,name\nx,\n", {"people.csv, line 2", "'name' is empty"}},
        Mistake{"too_many_cells", "people.csv", "key,name\nx,A B,more\n", {"people.csv, line 2", "3 cells"}},
        Mistake{"repeated_key",
                "people.csv",
                "key,name\nx,A B\ny,C D\nx,E F\n",
                {"people.csv, line 4", "'x'", "line 2"}},
        Mistake{
            "same_name_twice", "people.csv", "Yu Wu\nYu Wu\n", {"people.csv, line 2", "'yu-wu'", "line 1"}},
        Mistake{"bad_orcid",
                "people.csv",
                "name,orcid\nA B,0000-0002-1825-0098\n",
                {"people.csv, line 2", "'0000-0002-1825-0098'", "check digit"}},
        Mistake{"bad_openalex",
                "people.csv",
                "name,openalex\nA B,I123\n",
                {"people.csv, line 2", "'I123'", "OpenAlex"}},
        Mistake{"claimed_twice",
                "people.csv",
                "name,openalex\nA B,A123\nC D,A123\n",
                {"people.csv, line 3", "'A123'", "line 2"}},
        Mistake{"key_with_semicolon", "people.csv", "key,name\na;b,A B\n", {"people.csv, line 2", "'a;b'"}},
        Mistake{"not_utf8", "people.csv", "name\nJos\xe9\n", {"people.csv", "line 2", "UTF-8"}},
        Mistake{"open_quote", "people.csv", "name\n\"A B\n", {"people.csv", "line 2"}},
        Mistake{
            "table_without_name", "people.csv", "key,orcid,teams\nx,,\n", {"people.csv, line 1", "'name'"}},
        Mistake{"unknown_parent",
                "institutions.csv",
                "key,name,parent\nmsra,MSRA,microsft\nmicrosoft,Microsoft,\n",
                {"institutions.csv, line 2", "'microsft'", "did you mean 'microsoft'"}},
        Mistake{"own_ancestor",
                "institutions.csv",
                "key,name,parent\na,A,b\nb,B,a\n",
                {"institutions.csv, line 2", "above itself"}},
        Mistake{"bad_ror",
                "institutions.csv",
                "key,name,ror\na,A,123\n",
                {"institutions.csv, line 2", "'123'", "ROR"}},
        Mistake{"pattern_of_nothing",
                "institutions.csv",
                "key,name,patterns\na,A,--\n",
                {"institutions.csv, line 2", "'--'"}},
        Mistake{"unknown_person",
                "identities.csv",
                "person,source,decision\ndaya-gou,arxiv,same\n",
                {"identities.csv, line 2", "'daya-gou'", "did you mean 'daya-guo'"}},
        Mistake{"bad_verdict",
                "identities.csv",
                "person,source,decision\ndaya-guo,arxiv,maybe\n",
                {"identities.csv, line 2", "'maybe'", "'same' or 'different'"}},
        Mistake{"contradiction",
                "identities.csv",
                "person,source,decision\ndaya-guo,arxiv,same\ndaya-guo,arxiv,different\n",
                {"identities.csv, line 3", "contradicts line 2"}},
        Mistake{"about_nothing",
                "identities.csv",
                "person,decision\ndaya-guo,same\n",
                {"identities.csv, line 2", "'source'"}},
        Mistake{"bad_date",
                "relations.csv",
                "from,to,kind,from_date\na,b,advisor,soon\n",
                {"relations.csv, line 2", "'soon'"}},
        Mistake{"bad_url",
                "relations.csv",
                "from,to,kind,source_url\na,b,advisor,javascript:x\n",
                {"relations.csv, line 2", "'javascript:x'"}}),
    [](const auto& mistake) { return std::string(mistake.param.name); });

TEST(Roster, AMissingRosterIsMissingInput) {
  const test::StudyFolder folder;
  folder.remove("people.csv");
  try {
    const Roster roster = read_roster(folder.path());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::no_input);
  }
}

}  // namespace
}  // namespace coterie
