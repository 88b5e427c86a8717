#include <fmt/format.h>
#include <gtest/gtest.h>

#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using test::FakeHttp;
using test::FakePacing;
using test::MemoryStore;
using test::parameter;
using test::response;
using State = HarvestOutcome::State;

std::unique_ptr<Source> arxiv(int page_size = 0) {
  SourceSettings settings;
  settings.page_size = page_size;
  return make_source("arxiv", settings, "");
}

Query works_of(const std::string& name, Window window = {}) {
  return {"arxiv", Query::Kind::works_of_authors, {name}, window, {"ada"}};
}

std::string feed(std::uint64_t total, std::uint64_t start, const std::string& entries) {
  return fmt::format(
      "<?xml version='1.0' encoding='UTF-8'?>\n<feed "
      "xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
      "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<id>https://arxiv.org/api/x</id><title>arXiv "
      "Query</title><opensearch:totalResults>{}</opensearch:totalResults>"
      "<opensearch:startIndex>{}</opensearch:startIndex>{}</feed>\n",
      total, start, entries);
}

std::string entry(const std::string& id, const std::string& author) {
  return fmt::format(
      "<entry><id>http://arxiv.org/abs/{}v1</id><title>On "
      "{}</title><published>2024-05-06T01:02:03Z</published>"
      "<author><name>{}</name></author></entry>",
      id, id, author);
}

std::string error_entry() {
  return "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>"
         "<summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry>";
}

TEST(ArxivQuestion, AsksForANameWithinTheWindow) {
  EXPECT_EQ(
      arxiv()->request(works_of("Daya Guo", {2015, 2026}), "").url,
      "https://export.arxiv.org/api/query?search_query=au%3A%22Daya%20Guo%22%20AND%20submittedDate%3A%5B"
      "201501010000%20TO%20202612312359%5D&sortBy=submittedDate&sortOrder=ascending&start=0&max_results=200");
  EXPECT_EQ(arxiv(50)->request(works_of("J\xc3\xbcrgen (\"x\") O'Neil-Wu"), "100").url,
            "https://export.arxiv.org/api/query?search_query=au%3A%22J%C3%BCrgen%20x%20O%27Neil-Wu%22"
            "&sortBy=submittedDate&sortOrder=ascending&start=100&max_results=50");
  EXPECT_TRUE(arxiv()->request(works_of("Ada"), "").bearer.empty());
}

TEST(ArxivQuestion, AsksForIds) {
  const Query ids{"arxiv", Query::Kind::works_by_id, {"2501.12948", "hep-th/9901001"}, {}, {}};
  EXPECT_EQ(
      arxiv()->request(ids, "").url,
      "https://export.arxiv.org/api/query?id_list=2501.12948%2Chep-th%2F9901001&start=0&max_results=50");
}

TEST(ArxivQuestion, AnEmptyQuestionIsNeverSent) {
  for (const Query& bad :
       {works_of(""), works_of("\"()"), Query{"arxiv", Query::Kind::works_by_id, {}, {}, {}},
        Query{"arxiv", Query::Kind::authors_by_name, {"Ada"}, {}, {}}}) {
    EXPECT_THROW((void)arxiv()->request(bad, ""), Error) << bad.key();
  }
  EXPECT_THROW((void)arxiv()->request(works_of("Ada"), "1x"), Error);
}

TEST(ArxivPlan, AsksOncePerFormOfAName) {
  Scope scope;
  scope.window = {2020, std::nullopt};
  scope.people = {{"guo", {}, {"Daya Guo", "Guo, Daya", "D. Guo"}}, {"other", {}, {"daya guo", "  "}}};
  for (int i = 0; i < 60; ++i) scope.work_ids.push_back(fmt::format("https://arxiv.org/abs/2401.{:05}v2", i));
  scope.work_ids.push_back("W123");
  const std::vector<Query> queries = arxiv()->plan(scope);
  ASSERT_EQ(queries.size(), 4u);
  EXPECT_EQ(queries[0].values, (std::vector<std::string>{"D. Guo"}));
  EXPECT_EQ(queries[0].people, (std::vector<std::string>{"guo"}));
  EXPECT_EQ(queries[1].values, (std::vector<std::string>{"Daya Guo"}));
  EXPECT_EQ(queries[1].people, (std::vector<std::string>{"guo", "other"}));
  EXPECT_EQ(queries[1].window, scope.window);
  EXPECT_EQ(queries[2].values.size(), 50u);
  EXPECT_EQ(queries[2].values.front(), "2401.00000");
  EXPECT_EQ(queries[3].values.size(), 10u);
  EXPECT_TRUE(arxiv()->lookups(Person{}).empty());
}

TEST(ArxivFeed, ReadsEveryField) {
  const std::string body = feed(
      1, 0,
      "<entry><id>http://arxiv.org/abs/2501.00001v3</id><title>On\n  cats &amp; dogs</title>"
      "<updated>2025-02-03T04:05:06Z</updated><link href=\"x\"/><published>2025-01-02T03:04:05Z</published>"
      "<arxiv:journal_ref>J. Pets 1 (2025)\n 2</arxiv:journal_ref><arxiv:doi>10.1000/ABC</arxiv:doi>"
      "<author><name>Ada  Lovelace</name><arxiv:affiliation>Lab</arxiv:affiliation>"
      "<arxiv:affiliation>Uni</arxiv:affiliation></author><author><name>The Cat "
      "Collaboration</name></author></entry>");
  const WorkPage page = arxiv()->read_works(works_of("Lovelace, Ada"), "", response(200, body));
  Work expected;
  expected.source = "arxiv";
  expected.id = "2501.00001";
  expected.arxiv = "2501.00001";
  expected.doi = "10.1000/abc";
  expected.title = "On cats & dogs";
  expected.year = 2025;
  expected.date = "2025-01-02";
  expected.type = "preprint";
  expected.venue = "arXiv";
  expected.journal_reference = "J. Pets 1 (2025) 2";
  expected.version = 3;
  expected.updated = "2025-02-03T04:05:06Z";
  expected.author_count = 2;
  expected.authorships.resize(2);
  expected.authorships[0].raw_name = "Ada Lovelace";
  expected.authorships[0].affiliations = {{"Lab", {}}, {"Uni", {}}};
  expected.authorships[1].raw_name = "The Cat Collaboration";
  ASSERT_EQ(page.works.size(), 1u);
  EXPECT_EQ(page.works[0], expected);
  EXPECT_EQ(page.expected, 1u);
  EXPECT_EQ(page.received, 1u);
  EXPECT_EQ(page.next_cursor, std::nullopt);
}

TEST(ArxivFeed, KnowsElementsByNamespaceWhateverTheirPrefix) {
  const std::string body =
      "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\">"
      "<o:totalResults>1</o:totalResults><totalResults>7</totalResults><a:entry>"
      "<a:id>http://arxiv.org/abs/2501.00001v1</a:id><id>http://arxiv.org/abs/2501.00009v1</id>"
      "<a:author><a:name>Ada</a:name></a:author></a:entry></a:feed>";
  const WorkPage page = arxiv()->read_works(works_of("Ada"), "", response(200, body));
  EXPECT_EQ(page.expected, 1u);
  ASSERT_EQ(page.works.size(), 1u);
  EXPECT_EQ(page.works[0].id, "2501.00001");
}

TEST(ArxivFeed, KeepsExactNamesOnly) {
  const std::string body = feed(4, 0,
                                entry("2501.00001", "Daya Guo") + entry("2501.00002", "Dayan Guo") +
                                    entry("2501.00003", "GUO Daya") + entry("2501.00004", "D. Guo"));
  const WorkPage page = arxiv()->read_works(works_of("Daya Guo"), "", response(200, body));
  ASSERT_EQ(page.works.size(), 2u);
  EXPECT_EQ(page.works[0].id, "2501.00001");
  EXPECT_EQ(page.works[1].id, "2501.00003");
  EXPECT_EQ(page.received, 4u);
  EXPECT_TRUE(page.rejected.empty());
}

TEST(ArxivFeed, RejectsEntriesWithoutIdentifierOrName) {
  const std::string body = feed(2, 0, entry("nonsense", "Ada") + entry("2501.00001", " "));
  const WorkPage page = arxiv()->read_works(works_of("Ada"), "", response(200, body));
  EXPECT_EQ(page.rejected.size(), 2u);
  EXPECT_EQ(page.received, 2u);
}

TEST(ArxivFeed, TheNextPageStartsBehindTheEntriesReceived) {
  const WorkPage page = arxiv()->read_works(
      works_of("Ada"), "40", response(200, feed(50, 40, entry("1", "Ada") + entry("2", "Ada"))));
  EXPECT_EQ(page.next_cursor, "42");
}

ErrorKind kind_of(const Query& query, const std::string& cursor, const std::string& body) {
  try {
    (void)arxiv()->read_works(query, cursor, response(200, body));
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::usage;
}

TEST(ArxivFeed, EmptyPagesOfAListThatGoesOnArePassingTrouble) {
  EXPECT_EQ(kind_of(works_of("Ada"), "", feed(50, 0, "")), ErrorKind::temporary);
  EXPECT_EQ(kind_of(works_of("Ada"), "40", feed(50, 40, "")), ErrorKind::temporary);
  EXPECT_EQ(kind_of(works_of("Ada"), "40", feed(0, 40, "")), ErrorKind::temporary);
  EXPECT_EQ(kind_of(works_of("Ada"), "", ""), ErrorKind::temporary);
  EXPECT_EQ(kind_of(works_of("Ada"), "", feed(0, 0, "")), ErrorKind::usage) << "nothing found is an answer";
}

TEST(ArxivFeed, ListsThatArxivDoesNotHandOutAreRefused) {
  EXPECT_EQ(kind_of(works_of("Ada"), "", feed(30000, 0, entry("2501.00001", "Ada"))), ErrorKind::usage);
  EXPECT_EQ(kind_of(works_of("Ada"), "", feed(30001, 0, entry("2501.00001", "Ada"))), ErrorKind::unavailable);
}

TEST(ArxivFeed, AnotherPageThanAskedIsNotTaken) {
  EXPECT_EQ(kind_of(works_of("Ada"), "10", feed(50, 0, entry("2501.00001", "Ada"))), ErrorKind::data);
}

std::optional<Refusal::Kind> refusal(int status, const std::string& body) {
  const auto refused = arxiv()->refusal(response(status, body));
  return refused ? std::optional(refused->kind) : std::nullopt;
}

TEST(ArxivRefusal, IsToldByStatusAndBody) {
  using Kind = Refusal::Kind;
  EXPECT_EQ(refusal(200, feed(0, 0, "")), std::nullopt);
  EXPECT_EQ(refusal(200, "<html></html>"), std::nullopt) << "the parser's to refuse";
  EXPECT_EQ(refusal(200, feed(1, 0, error_entry())), Kind::question);
  EXPECT_EQ(refusal(200, "Rate exceeded."), Kind::slow_down);
  EXPECT_EQ(refusal(400, feed(1, 0, error_entry())), Kind::question);
  EXPECT_EQ(refusal(403, ""), Kind::slow_down);
  EXPECT_EQ(refusal(404, ""), Kind::question);
  EXPECT_EQ(refusal(429, "Rate exceeded."), Kind::slow_down);
  EXPECT_EQ(refusal(500, ""), Kind::retry);
  EXPECT_EQ(refusal(503, ""), Kind::slow_down);
  EXPECT_EQ(refusal(204, ""), Kind::unreadable);
  EXPECT_NE(
      arxiv()->refusal(response(400, feed(1, 0, error_entry())))->message.find("incorrect id format for abc"),
      std::string::npos);
}

class ArxivHarvest : public ::testing::Test {
 protected:
  HarvestOutcome run(const Query& query, int page_size = 2) {
    const auto source = arxiv(page_size);
    return harvest(*source, query, store, HarvestTools{http, pacing, {}, 3});
  }

  /// Five works, every second one by somebody of a similar name.
  static HttpResponse world(const HttpRequest& request) {
    const std::size_t start = std::stoul(parameter(request.url, "start"));
    std::string entries;
    for (std::size_t i = start; i < std::min<std::size_t>(5, start + 2); ++i) {
      entries += entry(fmt::format("2501.{:05}", i), i % 2 == 0 ? "Ada Lovelace" : "Adam Lovelace");
    }
    return response(200, feed(5, start, entries));
  }

  FakeHttp http;
  FakePacing pacing;
  MemoryStore store;
};

TEST_F(ArxivHarvest, WorksOfOthersCountAsReceived) {
  http.answer = world;
  const HarvestOutcome outcome = run(works_of("Ada Lovelace"));
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 3u);
  EXPECT_EQ(outcome.calls, 3u);
  for (const auto& turn : pacing.turns) EXPECT_EQ(turn.second, std::chrono::seconds(3));
}

TEST_F(ArxivHarvest, AnEmptyPageIsAskedAgain) {
  http.answer = [&](const HttpRequest& request) {
    return http.requests.size() == 2 ? response(200, feed(5, 2, "")) : world(request);
  };
  const HarvestOutcome outcome = run(works_of("Ada Lovelace"));
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.calls, 4u);
}

TEST_F(ArxivHarvest, AnEmptyPageForEverIsATemporaryGap) {
  http.answer = [&](const HttpRequest& request) {
    return parameter(request.url, "start") == "2" ? response(200, feed(0, 2, "")) : world(request);
  };
  const HarvestOutcome outcome = run(works_of("Ada Lovelace"));
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_EQ(outcome.calls, 1u + 3u);
  EXPECT_EQ(store.state.cursor, "2");
}

TEST_F(ArxivHarvest, TooLongAListIsAGapThatSaysSo) {
  http.answer = [](const HttpRequest&) {
    return response(200, feed(40000, 0, entry("2501.00001", "Wei Wang")));
  };
  const HarvestOutcome outcome = run(works_of("Wei Wang"));
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.kind, ErrorKind::unavailable);
  EXPECT_NE(outcome.reason.find("40000"), std::string::npos) << outcome.reason;
  EXPECT_EQ(outcome.calls, 1u);
}

TEST_F(ArxivHarvest, AnIdThatArxivDoesNotKnowIsAGap) {
  http.answer = [](const HttpRequest&) { return response(200, feed(1, 0, entry("2501.00001", "Ada"))); };
  const HarvestOutcome outcome =
      run({"arxiv", Query::Kind::works_by_id, {"2501.00001", "2501.00002"}, {}, {}});
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_EQ(outcome.fetched, 1u);
  EXPECT_EQ(outcome.expected, 2u);
}

}  // namespace
}  // namespace coterie
