#include <gtest/gtest.h>

#include <optional>

#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using namespace std::chrono_literals;
using test::FakeHttp;
using test::FakeOpenAlex;
using test::FakePacing;
using test::list_json;
using test::MemoryStore;
using test::response;
using test::work_json;
using State = HarvestOutcome::State;

/// Works of one author in pages of two.
class HarvestTest : public ::testing::Test {
 protected:
  HarvestTest() { query.values = {"A5000000001"}; }

  HarvestOutcome run() {
    HarvestTools tools{http, pacing, {}, 5};
    return harvest(*source, query, store, tools);
  }

  void serve(FakeOpenAlex world) { http.answer = std::move(world); }

  static FakeOpenAlex world_of(int works) {
    FakeOpenAlex world;
    for (int i = 1; i <= works; ++i) world.works.push_back(work_json(fmt::format("W{}", i)));
    return world;
  }

  FakeHttp http;
  FakePacing pacing;
  MemoryStore store;
  Query query{"openalex", Query::Kind::works_of_authors, {}, {}, {"ada"}};
  std::unique_ptr<Source> source = make_source("openalex", {{}, {}, {}, 2}, "canary");
};

TEST_F(HarvestTest, StoresEveryPageAndIsCompleteAsOfTheServersClock) {
  serve(world_of(5));
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 5u);
  EXPECT_EQ(outcome.expected, 5u);
  EXPECT_EQ(outcome.calls, 3u);  // 2 + 2 + 1
  EXPECT_DOUBLE_EQ(outcome.cost, 3 * 0.0001);
  EXPECT_EQ(outcome.complete_as_of, "2026-03-02T12:54:01Z");
  ASSERT_EQ(store.pages.size(), 3u);
  EXPECT_EQ(store.pages[0].next_cursor, "c2");
  EXPECT_EQ(store.pages[2].next_cursor, std::nullopt);
  EXPECT_EQ(store.works.size(), 5u);
  ASSERT_EQ(store.outcomes.size(), 1u);
  EXPECT_EQ(store.outcomes[0].state, State::complete);
}

TEST_F(HarvestTest, AnEmptyLastPageIsNotPaidFor) {
  FakeOpenAlex world = world_of(4);
  world.extra_empty_page = true;
  serve(world);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 4u);
  EXPECT_EQ(outcome.calls, 2u);
  EXPECT_TRUE(store.state.complete);
}

TEST_F(HarvestTest, AnExtraEmptyPageEndsAListThatIsShort) {
  FakeOpenAlex world = world_of(4);
  world.extra_empty_page = true;
  world.announced_more = 1;
  serve(world);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.calls, 2u * 3u);
}

TEST_F(HarvestTest, EveryRequestWaitsForItsTurnAtThePaceOfTheSource) {
  serve(world_of(3));
  (void)run();
  ASSERT_EQ(pacing.turns.size(), 2u);
  for (const auto& turn : pacing.turns) {
    EXPECT_EQ(turn.first, "api.openalex.org");
    EXPECT_EQ(turn.second, 100ms);
  }
}

TEST_F(HarvestTest, AShortfallIsListedAgainAndThenAGap) {
  FakeOpenAlex world = world_of(3);
  world.announced_more = 1;
  serve(world);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_EQ(outcome.calls, 2u * 2u);
  EXPECT_EQ(outcome.fetched, 3u);
  EXPECT_EQ(outcome.expected, 4u);
  EXPECT_NE(outcome.reason.find("4 records are announced and 3 came"), std::string::npos) << outcome.reason;
  EXPECT_TRUE(outcome.complete_as_of.empty());
}

TEST_F(HarvestTest, AShortfallThatTheSecondListingMendsIsNone) {
  const FakeOpenAlex whole = world_of(3);
  FakeOpenAlex cut = world_of(1);  // the source's soft time limit: a short page with a null cursor
  cut.announced_more = 2;
  http.answer = [&](const HttpRequest& request) {
    return http.requests.size() == 1 ? cut(request) : whole(request);
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 3u);
  EXPECT_EQ(outcome.calls, 3u);
}

TEST_F(HarvestTest, RepeatedRecordsCountOnce) {
  FakeOpenAlex world = world_of(3);
  world.works[2] = world.works[0];  // drift between pages: W1 twice, W3 missed
  serve(world);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.fetched, 2u);
}

TEST_F(HarvestTest, ACursorThatRepeatsEndsTheQuery) {
  http.answer = [](const HttpRequest&) { return response(200, list_json(1000, {work_json("W1")}, "c1")); };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(outcome.calls, 2u);
  EXPECT_TRUE(store.state.cursor.empty()) << "the next run would go on in the loop";
}

TEST_F(HarvestTest, CursorsThatGoRoundEndTheQuery) {
  http.answer = [&](const HttpRequest& request) {
    const std::string next = test::parameter(request.url, "cursor") == "A" ? "B" : "A";
    return response(200, list_json(1000, {work_json("W1")}, next));
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(outcome.calls, 3u);  // first, A, B, whose next page A was read
}

TEST_F(HarvestTest, CursorsWithoutEndMeetACeiling) {
  http.answer = [&](const HttpRequest&) {
    return response(200, list_json(6, {work_json("W1")}, fmt::format("c{}", http.requests.size())));
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(outcome.calls, 6u / 2u * 2u + 10u);
}

TEST_F(HarvestTest, GoesOnFromTheStoredCursor) {
  serve(world_of(6));
  store.state.cursor = "c2";
  store.state.fetched = 2;
  store.ids_of_run = {"W1", "W2"};
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 6u);
  EXPECT_EQ(outcome.calls, 2u);
  EXPECT_EQ(store.restarts, 0);
  EXPECT_EQ(test::parameter(http.requests[0].url, "cursor"), "c2");
}

TEST_F(HarvestTest, AStoredCursorThatIsRejectedIsDroppedOnce) {
  const FakeOpenAlex world = world_of(3);
  http.answer = [&](const HttpRequest& request) {
    return test::parameter(request.url, "cursor") == "old"
               ? response(400, R"({"error":"Pagination error.","message":"Cursor value is not valid"})")
               : world(request);
  };
  store.state.cursor = "old";
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.calls, 3u);
  EXPECT_EQ(store.restarts, 1);
}

TEST_F(HarvestTest, ACompleteQueryIsListedFromItsStart) {
  serve(world_of(2));
  store.state.complete = true;
  store.state.fetched = 2;
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(store.restarts, 1);
}

TEST_F(HarvestTest, AnEmptyAnswerWhereThereWereRecordsIsNoProof) {
  serve(world_of(0));
  store.state.complete = true;
  store.state.known = 7;
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_EQ(outcome.calls, 2u);
  EXPECT_NE(outcome.reason.find("an earlier run had 7"), std::string::npos) << outcome.reason;
  // Nor is it one in the next run, nor in the one after that.
  EXPECT_EQ(run().state, State::partial);
  EXPECT_EQ(run().state, State::partial);
}

TEST_F(HarvestTest, AnAuthorWithoutWorksIsComplete) {
  serve(world_of(0));
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.calls, 1u);
}

TEST_F(HarvestTest, UnreadableRecordsAreAGapThatNamesTheFirst) {
  FakeOpenAlex world = world_of(3);
  world.works[1] = R"({"id":"https://openalex.org/W2","authorships":"none"})";
  serve(world);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_EQ(outcome.fetched, 2u);
  EXPECT_EQ(outcome.calls, 2u) << "listing again cannot mend it";
  EXPECT_NE(outcome.reason.find("'W2'"), std::string::npos) << outcome.reason;
}

class ShortenedBylineTest : public HarvestTest {
 protected:
  ShortenedBylineTest() {
    world = world_of(3);
    world.works[1] = work_json("W2", 100, true);
    http.answer = [this](const HttpRequest& request) {
      if (request.url.find("/works/W2?") == std::string::npos) return world(request);
      ++singles;
      return single();
    };
  }

  FakeOpenAlex world;
  std::function<HttpResponse()> single;
  int singles = 0;
};

TEST_F(ShortenedBylineTest, AWholeWorkTakesThePlaceOfAShortenedOneInItsPage) {
  single = [] { return response(200, work_json("W2", 180)); };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.calls, 3u);
  EXPECT_DOUBLE_EQ(outcome.cost, 2 * 0.0001);
  EXPECT_EQ(store.works["W2"].authorships.size(), 180u);
  EXPECT_FALSE(store.works["W2"].byline_truncated);
  EXPECT_EQ(store.pages.size(), 2u) << "page and cursor stay one transaction";
}

TEST_F(ShortenedBylineTest, AWorkThatCannotBeHadWholeIsKeptShortAndNamed) {
  single = [] { return response(404, "<!doctype html><title>404</title>"); };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_NE(outcome.reason.find("W2"), std::string::npos) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 3u);
  EXPECT_TRUE(store.works["W2"].byline_truncated);
  EXPECT_EQ(singles, 1);
}

TEST_F(ShortenedBylineTest, AnotherWorkIsNotTakenForIt) {
  single = [] { return response(200, work_json("W77", 180)); };
  EXPECT_EQ(run().state, State::partial);
  EXPECT_EQ(store.works["W2"].authorships.size(), 100u);
  EXPECT_FALSE(store.works.contains("W77"));
}

TEST_F(HarvestTest, ReportsAfterEveryPage) {
  serve(world_of(3));
  std::vector<std::uint64_t> told;
  HarvestTools tools{http, pacing, [&](const HarvestNews& news) {
                       told.push_back(news.fetched);
                       EXPECT_EQ(news.expected, 3u);
                       EXPECT_EQ(news.calls, told.size());
                     }};
  (void)harvest(*source, query, store, tools);
  EXPECT_EQ(told, (std::vector<std::uint64_t>{2, 3}));
}

TEST_F(HarvestTest, LookUpGathersAllPages) {
  http.answer = [](const HttpRequest& request) {
    const bool first = test::parameter(request.url, "cursor") == "%2A";
    return response(200, list_json(2,
                                   {fmt::format(R"({{"id":"https://openalex.org/A{}","display_name":"Ada"}})",
                                                first ? 5000000001 : 5000000002)},
                                   first ? "next" : ""));
  };
  const Query names{"openalex", Query::Kind::authors_by_name, {"Ada"}, {}, {"ada"}};
  const auto [authors, outcome] = look_up(*source, names, HarvestTools{http, pacing, {}, 5});
  EXPECT_EQ(outcome.state, HarvestOutcome::State::complete);
  EXPECT_EQ(outcome.calls, 2u);
  ASSERT_EQ(authors.size(), 2u);
  EXPECT_EQ(authors[0].id, "A5000000001");
  EXPECT_EQ(authors[1].id, "A5000000002");
}

TEST_F(HarvestTest, LookUpOfAVanishedAuthorIsEmptyAndOtherTroubleIsTold) {
  const Query by_id{"openalex", Query::Kind::authors_by_id, {"A5000000001"}, {}, {"ada"}};
  http.answer = [](const HttpRequest&) { return response(404, "<html></html>"); };
  const LookUp gone = look_up(*source, by_id, HarvestTools{http, pacing, {}, 5});
  EXPECT_TRUE(gone.authors.empty());
  EXPECT_EQ(gone.outcome.state, HarvestOutcome::State::complete);
  http.answer = [](const HttpRequest&) { return response(401, R"({"error":"Invalid or missing API key"})"); };
  const LookUp refused = look_up(*source, by_id, HarvestTools{http, pacing, {}, 5});
  EXPECT_EQ(refused.outcome.state, HarvestOutcome::State::failed);
  EXPECT_EQ(refused.outcome.kind, ErrorKind::key_rejected);
  EXPECT_TRUE(refused.outcome.stop_source);
}

}  // namespace
}  // namespace coterie
