#include <gtest/gtest.h>

#include <utility>

#include "tests/fetchers/files_support.hpp"

namespace coterie::test {
namespace {

const std::string k_header =
    R"({"coterie":"works","version":1,"source":"made","origin":"by hand","retrieved":"2024-08-15"})"
    "\n";

/// Reads one work below a header.
Work only_work(const std::string& line) {
  const Reading reading = read_text(k_header + line);
  EXPECT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.works.size(), 1U)
      << (reading.result.rejected.empty() ? "" : reading.result.rejected[0].reason);
  return reading.works.empty() ? Work{} : reading.works[0];
}

std::string reason_of(const std::string& line) {
  const Reading reading = read_text(k_header + line);
  if (reading.error) return std::string("error: ") + reading.error->what();
  if (reading.result.rejected.size() != 1) return "not rejected";
  EXPECT_EQ(reading.result.rejected[0].line, 2U);
  return reading.result.rejected[0].reason;
}

TEST(CoterieJsonl, EverythingAWorkHoldsCanBeSaid) {
  const Work work = only_work(
      R"({"id":"2023.acl-long.1","title":"A \"title\" 中文","year":2023,"date":"2023-07-09","venue":"ACL","type":"article",)"
      R"("language":"en","journal_reference":"Proc. 1, 2-3","doi":"https://doi.org/10.1000/ABC","arxiv":"arXiv:2301.00001v2",)"
      R"("version":2,"updated":"2024-01-01","cited_by":12,"retracted":true,"author_count":90,"byline_truncated":true,)"
      R"("authors":[{"name":"D. Guo","known_as":"Daya Guo","id":"daya-guo","orcid":"https://orcid.org/0000-0002-1825-0097",)"
      R"("corresponding":true,"affiliations":["Sun Yat-sen University",{"text":"MSRA, Beijing","institution_ids":["msra","ms"]}],)"
      R"("institutions":[{"id":"msra","name":"Microsoft Research Asia","ror":"https://ror.org/0300m5276","country":"CN",)"
      R"("type":"company","lineage":["msra","ms"]},{"name":"SYSU"}]},{"name":"Nobody Else"},{"name":"With Id","id":"x"},)"
      R"({"name":null,"known_as":"K","corresponding":false}],)"
      R"("funding":[{"funder":"NSFC","funder_id":"F1","award":"12-3"},{"funder":"Other"}],"references":["a","b"]})");
  Work expected;
  expected.source = "made";
  expected.id = "2023.acl-long.1";
  expected.title = "A \"title\" 中文";
  expected.year = 2023;
  expected.date = "2023-07-09";
  expected.venue = "ACL";
  expected.type = "article";
  expected.language = "en";
  expected.journal_reference = "Proc. 1, 2-3";
  expected.doi = "10.1000/abc";
  expected.arxiv = "2301.00001";
  expected.version = 2;
  expected.updated = "2024-01-01";
  expected.cited_by = 12;
  expected.retracted = true;
  expected.author_count = 90;
  expected.byline_truncated = true;
  Authorship first;
  first.raw_name = "D. Guo";
  first.name = "Daya Guo";
  first.author_id = "daya-guo";
  first.orcid = "0000-0002-1825-0097";
  first.corresponding = true;
  first.affiliations = {{"Sun Yat-sen University", {}}, {"MSRA, Beijing", {"msra", "ms"}}};
  first.institutions = {{"msra", "Microsoft Research Asia", "0300m5276", "CN", "company", {"msra", "ms"}},
                        {"", "SYSU", "", "", "", {}}};
  Authorship second;
  second.raw_name = "Nobody Else";
  Authorship third;
  third.raw_name = "With Id";
  third.name = "With Id";
  third.author_id = "x";
  Authorship fourth;
  fourth.name = "K";
  fourth.corresponding = false;
  expected.authorships = {first, second, third, fourth};
  expected.funding = {{"F1", "NSFC", "12-3"}, {"", "Other", ""}};
  expected.references = {"a", "b"};
  EXPECT_EQ(work, expected);
}

TEST(CoterieJsonl, WhatIsNotToldFollows) {
  Work expected;
  expected.source = "made";
  expected.id = "1";

  EXPECT_EQ(only_work(R"({"id":"1","title":null,"authors":null,"year":null,"doi":"","references":[]})"),
            expected);

  const Work byline = only_work(R"({"id":"1","authors":[{"name":"A"},{"name":"B"}]})");
  EXPECT_EQ(byline.author_count, 2U);
  EXPECT_FALSE(byline.byline_truncated);
  const Work longer = only_work(R"({"id":"1","author_count":3,"authors":[{"name":"A"},{"name":"B"}]})");
  EXPECT_EQ(longer.author_count, 3U);
  EXPECT_TRUE(longer.byline_truncated);
  EXPECT_EQ(only_work(R"({"id":"1","date":"2021-03"})").year, 2021);
  EXPECT_EQ(only_work(R"({"id":"1","date":"2021-03","year":2020})").year, 2020);
}

TEST(CoterieJsonl, WhatDoesNotFitIsRejectedWithTheReason) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"id":"1","year":"twenty"})", R"("year" is "twenty", a whole number expected)"},
      {R"({"id":"1","year":2020.5})", R"("year" is 2020.5, a whole number expected)"},
      {R"({"id":"1","year":20200})", R"("year" is 20200, a whole number from 1 to 9999 expected)"},
      {R"({"id":"1","title":7})", R"("title" is 7, a text expected)"},
      {R"({"id":"1","retracted":"yes"})", R"("retracted" is "yes", true or false expected)"},
      {R"({"id":"1","authors":"A and B"})", R"("authors" is "A and B", a list expected)"},
      {R"({"id":"1","authors":["A"]})", R"("authors" 1: is "A", an object expected)"},
      {R"({"id":"1","authors":[{"name":"A"},{"nmae":"B"}]})",
       R"("authors" 2: unknown key "nmae", "name" expected)"},
      {R"({"id":"1","authors":[{"id":"x"}]})", R"("authors" 1: "name" is missing)"},
      {R"({"id":"1","authors":[{"name":"A","orcid":"0000-0002-1825-0098"}]})",
       R"("authors" 1: "orcid" is "0000-0002-1825-0098", an ORCID iD expected)"},
      {R"({"id":"1","authors":[{"name":"A","affiliations":["x",3]}]})",
       R"("authors" 1: "affiliations" 2: is 3, a text expected)"},
      {R"({"id":"1","authors":[{"name":"A","affiliations":[{"institution_ids":[]}]}]})",
       R"("authors" 1: "affiliations" 1: "text" is missing)"},
      {R"({"id":"1","authors":[{"name":"A","institutions":[{"ror":"1"}]}]})",
       R"("authors" 1: "institutions" 1: "ror" is "1", a ROR id expected)"},
      {R"({"id":"1","doi":"11.1000/x"})", R"("doi" is "11.1000/x", a DOI expected)"},
      {R"({"id":"1","arxiv":"soon"})", R"("arxiv" is "soon", an arXiv id expected)"},
      {R"({"id":"1","date":"2021-02-30"})",
       R"("date" is "2021-02-30", a date (YYYY, YYYY-MM or YYYY-MM-DD) expected)"},
      {R"({"id":"1","date":"21"})", R"("date" is "21", a date (YYYY, YYYY-MM or YYYY-MM-DD) expected)"},
      {R"({"id":"1","author_count":1,"authors":[{"name":"A"},{"name":"B"}]})",
       R"("author_count" is 1, at least 2 expected, the number of authors listed)"},
      {R"({"id":"1","references":["a",null]})", R"("references" 2 is null, a text expected)"},
      {R"({"id":"1","cited_by":-1})",
       R"("cited_by" is -1, a whole number from 0 to 9223372036854775807 expected)"},
      {R"({"id":"1","titel":"x"})", R"(unknown key "titel", "title" expected)"},
      {R"({"id":"1","title":"x","title":"y"})", R"("title" is given twice, once expected)"},
      {R"({"id":"1","year_of_origin":null})",
       "unknown key \"year_of_origin\" (known: id, title, year, date, venue, type, language, "
       "journal_reference, doi, arxiv, version, updated, cited_by, retracted, author_count, "
       "byline_truncated, authors, "
       "funding, references)"},
      {R"({"title":"x"})", R"("id" is missing)"},
      {R"({"id":null})", R"("id" is missing)"},
      {R"({"id":""})", R"("id" is "", the work's id expected)"},
      {R"(["id"])", "is a list, an object expected"},
  };
  for (const auto& [line, reason] : cases) EXPECT_EQ(reason_of(line), reason) << line;
}

TEST(CoterieJsonl, ShownValuesAreShortAndPrintable) {
  const std::string reason =
      reason_of("{\"id\":\"1\",\"year\":\"\\u001b[31m" + std::string(300, 'x') + "\"}");
  EXPECT_LT(reason.size(), 150U);
  EXPECT_FALSE(contains(reason, "\x1b"));
  EXPECT_TRUE(contains(reason, "..."));
}

TEST(CoterieJsonl, RejectedLinesKeepTheId) {
  const Reading reading = read_text(k_header + R"({"id":"w7","year":"x"})");
  ASSERT_EQ(reading.result.rejected.size(), 1U);
  EXPECT_EQ(reading.result.rejected[0].id, "w7");
}

TEST(CoterieJsonl, ConcatenatedFilesKeepTheirSources) {
  const Reading reading =
      read_text(k_header + "{\"id\":\"1\"}\n" +
                "{\"coterie\":\"works\",\"version\":1,\"source\":\"other\"}\n" + "{\"id\":\"1\"}\n");
  ASSERT_EQ(reading.works.size(), 2U);
  EXPECT_EQ(reading.works[0].source, "made");
  EXPECT_EQ(reading.works[1].source, "other");
}

TEST(CoterieJsonl, AFaultyHeaderEndsTheReading) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"coterie":"works","version":2,"source":"made"})", R"("version" is 2, 1 expected)"},
      {R"({"coterie":"works","version":"1","source":"made"})", R"("version" is "1", 1 expected)"},
      {R"({"coterie":"works","version":null,"source":"made"})", R"("version" is missing)"},
      {R"({"coterie":"works","source":"made"})", R"("version" is missing)"},
      {R"({"coterie":"people","version":1,"source":"made"})", R"("coterie" is "people", "works" expected)"},
      {R"({"coterie":"works","version":1})", R"("source" is missing)"},
      {R"({"coterie":"works","version":1,"source":"My Source"})", R"("source" is "My Source")"},
      {R"({"coterie":"works","version":1,"source":""})", R"("source" is "")"},
      {R"({"coterie":"works","version":1,"source":"made","orign":"x"})",
       R"(unknown key "orign", "origin" expected)"},
      {R"({"coterie":"works","version":1,"source":"made","retrieved":"yesterday"})",
       R"("retrieved" is "yesterday")"},
      {R"({"id":"1","authors":[]})", "the header is missing"},
  };
  for (const auto& [line, reason] : cases) {
    const Reading first = read_text(line);
    ASSERT_TRUE(first.error.has_value()) << line;
    EXPECT_EQ(first.error->kind(), ErrorKind::data);
    EXPECT_TRUE(contains(first.error->what(), "line 1: ")) << first.error->what();
    EXPECT_TRUE(contains(first.error->what(), reason)) << first.error->what();
    EXPECT_TRUE(contains(first.error->what(), R"({"coterie":"works","version":1,"source":)"))
        << first.error->what();
  }
  const Reading later =
      read_text(k_header + "{\"id\":\"1\"}\n{\"coterie\":\"works\",\"version\":9}\n{\"id\":\"2\"}\n");
  ASSERT_TRUE(later.error.has_value());
  EXPECT_TRUE(contains(later.error->what(), "line 3: ")) << later.error->what();
  EXPECT_EQ(later.works.size(), 1U);
}

}  // namespace
}  // namespace coterie::test
