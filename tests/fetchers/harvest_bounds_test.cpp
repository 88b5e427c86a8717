#include <gtest/gtest.h>

#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using namespace std::chrono_literals;
using test::FakeHttp;
using test::FakeOpenAlex;
using test::FakePacing;
using test::MemoryStore;
using test::response;
using test::work_json;
using State = HarvestOutcome::State;

/// Several questions of one run.
class HarvestBoundsTest : public ::testing::Test {
 protected:
  HarvestOutcome run(const std::string& author = "A5000000001") {
    Query query{"openalex", Query::Kind::works_of_authors, {author}, {}, {}};
    MemoryStore store;
    return harvest(*source, query, store, tools);
  }

  static FakeOpenAlex world_of(int works) {
    FakeOpenAlex world;
    for (int i = 1; i <= works; ++i) world.works.push_back(work_json(fmt::format("W{}", i)));
    return world;
  }

  FakeHttp http;
  FakePacing pacing;
  SourceRun learnt;
  bool stopped = false;
  HarvestTools tools{http, pacing, {}, 2, [this] { return stopped; }, &learnt};
  std::unique_ptr<Source> source = make_source("openalex", {{}, {}, {}, 2}, "");
};

TEST_F(HarvestBoundsTest, ASourceThatIsDownIsGivenUp) {
  http.answer = [](const HttpRequest&) -> HttpResponse { throw Error(ErrorKind::temporary, "no route"); };
  for (int question = 1; question <= 50; ++question) {
    const HarvestOutcome outcome = run();
    EXPECT_EQ(outcome.state, State::partial);
    EXPECT_EQ(outcome.kind, ErrorKind::temporary);
    EXPECT_EQ(outcome.stop_source, question >= k_most_given_up);
  }
  EXPECT_EQ(http.requests.size(), static_cast<std::size_t>(k_most_given_up * tools.attempts));
}

TEST_F(HarvestBoundsTest, AnAnswerInBetweenKeepsTheSource) {
  int requests = 0;
  const FakeOpenAlex world = world_of(1);
  http.answer = [&](const HttpRequest& request) {
    // Every third question is answered.
    return ++requests % 5 == 0 ? world(request) : response(500, "");
  };
  for (int question = 0; question < 9; ++question) EXPECT_FALSE(run().stop_source) << question;
}

TEST_F(HarvestBoundsTest, RefusedAnswersGiveASourceUpToo) {
  http.answer = [](const HttpRequest&) -> HttpResponse {
    throw Error(ErrorKind::unavailable, "the certificate does not hold");
  };
  for (int question = 0; question < 9; ++question) (void)run();
  EXPECT_EQ(http.requests.size(), static_cast<std::size_t>(k_most_given_up));
}

TEST_F(HarvestBoundsTest, BackoffIsSpreadByChance) {
  http.answer = [](const HttpRequest&) { return response(502, ""); };
  tools.attempts = 9;
  pacing.next_chance = 0.5;
  (void)run();
  // A quarter longer than 1, 2, 4, ... seconds, and the cap of 60 s a quarter longer.
  EXPECT_EQ(pacing.pauses, (std::vector<std::chrono::milliseconds>{1250ms, 2500ms, 5000ms, 10000ms, 20000ms,
                                                                   40000ms, 75000ms, 75000ms}));
}

TEST_F(HarvestBoundsTest, AWaitThatTheRunCannotAffordHoldsForTheNext) {
  http.answer = [](const HttpRequest&) { return response(503, "", {{"retry-after", "60"}}); };
  pacing.deadline = 30s;
  EXPECT_TRUE(run().stop_source);
  ASSERT_EQ(pacing.holds.size(), 1u);
  EXPECT_EQ(pacing.holds[0].first, "api.openalex.org");
  EXPECT_EQ(pacing.holds[0].second, 60s);
}

TEST_F(HarvestBoundsTest, AStoppedRunEndsAfterThePageUnderWay) {
  const FakeOpenAlex world = world_of(9);
  http.answer = [&](const HttpRequest& request) {
    stopped = http.requests.size() == 2;
    return world(request);
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(outcome.fetched, 4u) << "the page that came is kept";
  EXPECT_EQ(http.requests.size(), 2u);
  EXPECT_EQ(run().calls, 0u);
}

TEST_F(HarvestBoundsTest, PagesThatAreTooLargeAreAskedForInSmallerOnes) {
  const FakeOpenAlex world = world_of(3);
  source = make_source("openalex", {{}, {}, {}, 100}, "");
  http.answer = [&](const HttpRequest& request) {
    if (std::stoi(test::parameter(request.url, "per_page")) > 25) throw TooLarge("longer than is read");
    return world(request);
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.fetched, 3u);
  EXPECT_EQ(outcome.calls, 2u + 2u) << "100, 50, then two pages";
  EXPECT_TRUE(pacing.pauses.empty());
}

TEST_F(HarvestBoundsTest, ThereIsAnEndToSmallerPages) {
  source = make_source("openalex", {{}, {}, {}, 100}, "");
  http.answer = [](const HttpRequest&) -> HttpResponse { throw TooLarge("longer than is read"); };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(http.requests.size(), 4u + 2u) << "100, 50, 25, 12, and 6 as often as anything";
}

class AllowanceTest : public HarvestBoundsTest {
 protected:
  /// Answers a list of nine works and counts the allowance down from so many credits.
  void serve(int credits) {
    const FakeOpenAlex world = world_of(9);
    http.answer = [credits, world](const HttpRequest& request) mutable {
      HttpResponse page = world(request);
      page.headers["x-ratelimit-remaining-usd"] = fmt::format("{}", --credits * 0.0001);
      page.headers["x-ratelimit-prepaid-remaining-usd"] = "0";
      page.headers["x-ratelimit-cost-usd"] = "0.0001";
      page.headers["x-ratelimit-reset"] = "3600";
      return page;
    };
  }
};

TEST_F(AllowanceTest, ACallThatIsNotCoveredIsNotSent) {
  serve(3);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(outcome.fetched, 6u);
  EXPECT_EQ(http.requests.size(), 3u) << "a fourth would be refused";
  EXPECT_NE(outcome.reason.find("2026-03-02T13:54:01Z"), std::string::npos) << outcome.reason;
  EXPECT_DOUBLE_EQ(outcome.cost, 3 * 0.0001);
}

TEST_F(AllowanceTest, WhatIsFreeIsAskedEvenSo) {
  serve(1);
  (void)run();
  const Query single{"openalex", Query::Kind::authors_by_id, {"A5000000001"}, {}, {}};
  http.answer = [](const HttpRequest&) {
    return response(200, R"({"id":"https://openalex.org/A5000000001","display_name":"Ada"})");
  };
  EXPECT_EQ(look_up(*source, single, tools).outcome.state, State::complete);
}

TEST_F(AllowanceTest, EnoughIsEnough) {
  serve(5);
  EXPECT_EQ(run().state, State::complete);
  ASSERT_TRUE(learnt.allowance);
  EXPECT_NEAR(learnt.allowance->remaining, 0, 1e-12);
  EXPECT_EQ(learnt.allowance_told_at, "2026-03-02T12:54:01Z");
}

}  // namespace
}  // namespace coterie
