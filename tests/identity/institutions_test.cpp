#include <gtest/gtest.h>

#include "tests/identity/examples.hpp"

namespace coterie {
namespace {

using test::author;
using test::author_at;
using test::corpus_of;
using test::find;
using test::institutions_of;
using test::Keys;
using test::work;
using Kind = CorpusInstitution::Kind;

const Institution k_microsoft{"I1290206253",  "Microsoft (United States)", "00d0nc645", "US", "",
                              {"I1290206253"}};
const Institution k_msra{
    "I4210113369", "Microsoft Research Asia (China)", "0300m5276", "CN", "", {"I4210113369", "I1290206253"}};
const Institution k_india{
    "I4210124949", "Microsoft Research (India)", "", "IN", "", {"I4210124949", "I1290206253"}};
const Institution k_pku{"I20231570", "Peking University", "02v51f717", "CN", "", {"I20231570"}};

WatchedInstitution watched(std::string key, std::vector<std::string> patterns, std::string parent = "",
                           std::vector<std::string> openalex = {}) {
  WatchedInstitution result;
  result.key = std::move(key);
  result.name = "The " + result.key;
  result.patterns = std::move(patterns);
  result.parent = std::move(parent);
  result.openalex = std::move(openalex);
  return result;
}

Roster microsoft_and_msra() {
  Roster roster;
  roster.institutions = {watched("microsoft", {"Microsoft"}, "", {"I1290206253"}),
                         watched("msra", {"Microsoft Research Asia", "MSRA"}, "microsoft", {"I4210113369"})};
  return roster;
}

Corpus one_author(Authorship entry, const Roster& roster = {}) {
  return corpus_of({work("openalex", "W1", {std::move(entry)})}, roster);
}

Keys ancestors_of(const Corpus& corpus, const std::string& key) {
  Keys keys;
  for (const Index above : find(corpus.institutions, key)->ancestors)
    keys.push_back(corpus.institutions[above].key);
  return keys;
}

TEST(Institutions, TextsThatNobodyUnderstoodStandForThemselves) {
  const Corpus corpus = corpus_of({work("acl", "a", {author("A B", "", {"Peking University, Beijing"})}),
                                   work("acl", "b", {author("A B", "", {"PEKING UNIVERSITY (Beijing)"})}),
                                   work("acl", "c", {author("A B", "", {"Peking University, Beijing"})})});
  ASSERT_EQ(corpus.institutions.size(), 1U);
  EXPECT_EQ(corpus.institutions[0].key, "printed:peking university beijing");
  EXPECT_EQ(corpus.institutions[0].name, "Peking University, Beijing");
  EXPECT_EQ(corpus.institutions[0].kind, Kind::printed);
}

TEST(Institutions, NothingPrintedIsNoAffiliation) {
  for (const char* text : {"", "  ", "—", "*"}) {
    const Corpus corpus = one_author(author("A B", "", {text}));
    EXPECT_EQ(institutions_of(corpus), Keys{}) << text;
    EXPECT_EQ(corpus.slot_affiliated[0], 0) << text;
    EXPECT_TRUE(corpus.institutions.empty()) << text;
  }
}

TEST(Institutions, SeveralAffiliationsAreAllKept) {
  const Corpus corpus =
      one_author(author("A B", "", {"Beihang University", "Zhejiang University", "Beihang University"}));
  EXPECT_EQ(institutions_of(corpus), (Keys{"printed:beihang university", "printed:zhejiang university"}));
  EXPECT_EQ(corpus.slot_affiliated[0], 1);
}

TEST(Institutions, OfTheSourceByTheirId) {
  const Corpus corpus = one_author(author_at("A B", "School of EECS, Peking University", {k_pku}));
  ASSERT_EQ(institutions_of(corpus), Keys{"openalex:I20231570"});
  const CorpusInstitution& pku = corpus.institutions[0];
  EXPECT_EQ(pku.name, "Peking University");
  EXPECT_EQ(pku.kind, Kind::source);
  EXPECT_EQ(pku.country, "CN");
  EXPECT_EQ(pku.openalex, "I20231570");
  EXPECT_EQ(pku.ror, "02v51f717");
}

TEST(Institutions, WithoutIdOrRorTheNameIsPrinted) {
  Authorship entry = author("A B");
  entry.institutions = {{"", "Peking University", "", "", "", {}}, {"", "Tsinghua", "03cve4549", "", "", {}}};
  EXPECT_EQ(institutions_of(one_author(entry)), (Keys{"printed:peking university", "ror:03cve4549"}));
}

TEST(Institutions, WatchedByIdAndByRor) {
  Roster roster;
  roster.institutions = {watched("pku", {}, "", {"I20231570"}), watched("asia", {})};
  roster.institutions[1].ror = "0300m5276";
  const Corpus corpus = one_author(author_at("A B", "PKU & Microsoft", {k_pku, k_msra}), roster);
  EXPECT_EQ(institutions_of(corpus), (Keys{"asia", "pku"}));
  const CorpusInstitution& asia = *find(corpus.institutions, "asia");
  EXPECT_EQ(asia.kind, Kind::watched);
  EXPECT_EQ(asia.name, "The asia");
  EXPECT_EQ(asia.openalex, "I4210113369");
  EXPECT_EQ(asia.country, "CN");
}

TEST(Institutions, LineageMakesAncestors) {
  // Microsoft is not printed itself, and is in the corpus all the same; the source told its name elsewhere or
  // not.
  const Corpus corpus = one_author(author_at("A B", "MSR Asia", {k_msra}));
  EXPECT_EQ(institutions_of(corpus), Keys{"openalex:I4210113369"});
  EXPECT_EQ(ancestors_of(corpus, "openalex:I4210113369"), Keys{"openalex:I1290206253"});
  EXPECT_EQ(find(corpus.institutions, "openalex:I1290206253")->name, "I1290206253");
}

TEST(Institutions, AWatchedInstitutionAboveATold) {
  Roster roster;
  roster.institutions = {watched("microsoft", {}, "", {"I1290206253"})};
  const Corpus corpus = one_author(author_at("A B", "Bangalore", {k_india}), roster);
  EXPECT_EQ(institutions_of(corpus), Keys{"openalex:I4210124949"});
  EXPECT_EQ(find(corpus.institutions, "openalex:I4210124949")->kind, Kind::source);
  EXPECT_EQ(ancestors_of(corpus, "openalex:I4210124949"), Keys{"microsoft"});
}

TEST(Institutions, ParentsOfInstitutionsCsvAreFollowedUpwards) {
  Roster roster;
  roster.institutions = {watched("lab", {"lab"}, "institute"), watched("institute", {}, "university"),
                         watched("university", {}, "", {"I20231570"})};
  const Corpus corpus = one_author(author("A B", "", {"Lab"}), roster);
  EXPECT_EQ(institutions_of(corpus), Keys{"lab"});
  EXPECT_EQ(ancestors_of(corpus, "lab"), (Keys{"institute", "university"}));
  EXPECT_EQ(ancestors_of(corpus, "institute"), Keys{"university"});
}

TEST(Institutions, APatternMeansTheLowest) {
  const Roster roster = microsoft_and_msra();
  EXPECT_EQ(institutions_of(one_author(author("A", "", {"Microsoft Research Asia, Beijing"}), roster)),
            Keys{"msra"});
  EXPECT_EQ(institutions_of(one_author(author("A", "", {"MICROSOFT, Redmond"}), roster)), Keys{"microsoft"});
  EXPECT_EQ(institutions_of(one_author(author("A", "", {"Micro-soft"}), roster)), Keys{"printed:micro soft"});
  // Two printed affiliations are two.
  EXPECT_EQ(institutions_of(one_author(author("A", "", {"MSRA", "Microsoft"}), roster)),
            (Keys{"microsoft", "msra"}));
}

TEST(Institutions, APatternMeansAllThatAreNotAboveEachOther) {
  Roster roster = microsoft_and_msra();
  roster.institutions.push_back(watched("pku", {"peking university"}));
  EXPECT_EQ(
      institutions_of(one_author(author("A", "", {"Peking University and Microsoft Research Asia"}), roster)),
      (Keys{"msra", "pku"}));
}

TEST(Institutions, APatternIsMoreExactThanWhatTheSourceRead) {
  // The source read Microsoft where the text says Microsoft Research Asia.
  const Authorship entry = author_at("A", "Microsoft Research Asia, Beijing", {k_microsoft});
  EXPECT_EQ(institutions_of(one_author(entry, microsoft_and_msra())), Keys{"msra"});
  // The same where Microsoft is no watched institution, but the lineage of MSRA is known.
  Roster roster;
  roster.institutions = {watched("msra", {"Microsoft Research Asia"}, "", {"I4210113369"})};
  const Corpus corpus = corpus_of(
      {work("openalex", "W1", {entry}), work("openalex", "W2", {author_at("B", "MSR", {k_msra})})}, roster);
  EXPECT_EQ(institutions_of(corpus, 0), Keys{"msra"});
  EXPECT_EQ(ancestors_of(corpus, "msra"), Keys{"openalex:I1290206253"});
}

TEST(Institutions, WhatTheSourceReadIsMoreExactThanAPattern) {
  const Authorship entry = author_at("A", "Microsoft Research, Bangalore", {k_india});
  EXPECT_EQ(institutions_of(one_author(entry, microsoft_and_msra())), Keys{"openalex:I4210124949"});
}

TEST(Institutions, WithoutIdsANameIsEnough) {
  Roster roster;
  roster.institutions = {watched("deepseek", {"DeepSeek"})};
  const Institution told{"I99", "DeepSeek (China)", "", "CN", "", {"I99"}};
  EXPECT_EQ(institutions_of(one_author(author_at("A", "DeepSeek-AI, Hangzhou", {told}), roster)),
            Keys{"deepseek"});
  EXPECT_EQ(find(one_author(author_at("A", "Hangzhou", {told}), roster).institutions, "deepseek")->openalex,
            "I99");
  // With an id of its own it is known by that.
  roster.institutions[0].openalex = {"I98"};
  EXPECT_EQ(institutions_of(one_author(author_at("A", "Hangzhou", {told}), roster)), Keys{"openalex:I99"});
}

TEST(Institutions, TextsAndInstitutionsThatAreNotTiedBelongTogether) {
  // The older shape: institutions here, texts there.
  Authorship entry = author("A B", "", {"School of EECS, Peking University"});
  entry.institutions = {k_pku};
  EXPECT_EQ(institutions_of(one_author(entry)), Keys{"openalex:I20231570"});
  entry.affiliations.push_back({"MSRA", {}});
  EXPECT_EQ(institutions_of(one_author(entry, microsoft_and_msra())), (Keys{"msra", "openalex:I20231570"}));
}

TEST(Institutions, TiedTextsDoNotHideOthers) {
  Authorship entry = author_at("A B", "Peking University", {k_pku});
  entry.affiliations.push_back({"Moonshot", {}});
  EXPECT_EQ(institutions_of(one_author(entry)), (Keys{"openalex:I20231570", "printed:moonshot"}));
}

TEST(Institutions, WatchedOnesAreThereWithoutWorks) {
  const Corpus corpus = corpus_of({}, microsoft_and_msra());
  ASSERT_EQ(corpus.institutions.size(), 2U);
  EXPECT_EQ(ancestors_of(corpus, "msra"), Keys{"microsoft"});
}

TEST(Institutions, ALineageInACircleLosesNothing) {
  Institution a{"I1", "A", "", "", "", {"I1", "I2"}};
  Institution b{"I2", "B", "", "", "", {"I2", "I1"}};
  const Corpus corpus = one_author(author_at("X", "A and B", {a, b}));
  EXPECT_EQ(institutions_of(corpus), (Keys{"openalex:I1", "openalex:I2"}));
  EXPECT_EQ(ancestors_of(corpus, "openalex:I1"), Keys{"openalex:I2"});
}

}  // namespace
}  // namespace coterie
