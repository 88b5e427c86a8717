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
using Pauses = std::vector<std::chrono::milliseconds>;

constexpr const char* k_too_fast =
    R"({"error":"Rate limit exceeded","message":"Rate limit exceeded: 30 requests per second","retryAfter":0.4})";

/// One page of one work behind some trouble.
class HarvestRefusalTest : public ::testing::Test {
 protected:
  HarvestOutcome run(int attempts = 5) {
    return harvest(*source, query, store, HarvestTools{http, pacing, {}, attempts});
  }

  /// Answers like this so many times, then properly.
  void trouble(std::function<HttpResponse()> answer, std::size_t times) {
    FakeOpenAlex world;
    world.works = {work_json("W1")};
    http.answer = [this, answer = std::move(answer), times, world](const HttpRequest& request) {
      return http.requests.size() <= times ? answer() : world(request);
    };
  }

  FakeHttp http;
  FakePacing pacing;
  MemoryStore store;
  Query query{"openalex", Query::Kind::works_of_authors, {"A5000000001"}, {}, {"ada"}};
  std::unique_ptr<Source> source = make_source("openalex", {}, "canary-key");
};

TEST_F(HarvestRefusalTest, PassingTroubleIsAskedAgainWithGrowingWaits) {
  trouble([] { return response(502, "Bad gateway"); }, 3);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.calls, 4u);
  EXPECT_EQ(pacing.pauses, (Pauses{1s, 2s, 4s}));
}

TEST_F(HarvestRefusalTest, AttemptsAreBounded) {
  trouble([] { return response(500, ""); }, 1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_EQ(http.requests.size(), 5u);
  EXPECT_EQ(pacing.pauses, (Pauses{1s, 2s, 4s, 8s}));
  EXPECT_FALSE(outcome.stop_source);
  EXPECT_TRUE(store.works.empty());
}

TEST_F(HarvestRefusalTest, TransportTroubleIsAskedAgain) {
  trouble([]() -> HttpResponse { throw Error(ErrorKind::temporary, "connection reset"); }, 2);
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(pacing.pauses.size(), 2u);
}

struct RetryAfter {
  const char* value;
  std::chrono::milliseconds wait;
};

class RetryAfterTest : public HarvestRefusalTest, public ::testing::WithParamInterface<RetryAfter> {};

TEST_P(RetryAfterTest, IsClampedAndNeverBelowTheBackoff) {
  trouble(
      [] {
        return response(503, "",
                        {{"retry-after", GetParam().value}, {"date", "Mon, 02 Mar 2026 12:54:01 GMT"}});
      },
      1);
  EXPECT_EQ(run().state, State::complete);
  ASSERT_EQ(pacing.pauses.size(), 1u);
  EXPECT_EQ(pacing.pauses[0], GetParam().wait);
}

INSTANTIATE_TEST_SUITE_P(Values, RetryAfterTest,
                         ::testing::Values(RetryAfter{"7", 7s}, RetryAfter{"0", 1s}, RetryAfter{"-5", 1s},
                                           RetryAfter{"3600", 120s}, RetryAfter{"99999999999999999999", 120s},
                                           RetryAfter{"Mon, 02 Mar 2026 12:54:31 GMT", 30s},
                                           RetryAfter{"Wed, 21 Oct 2037 07:28:00 GMT", 120s},
                                           RetryAfter{"Mon, 02 Mar 2026 12:00:00 GMT", 1s},
                                           RetryAfter{"soon", 1s}));

TEST_F(HarvestRefusalTest, TooFastIsSlowedDown) {
  trouble([] { return response(429, k_too_fast, {{"retry-after", "3"}}); }, 1);
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(pacing.pauses, (Pauses{3s}));
}

TEST_F(HarvestRefusalTest, AStormOfTooFastEndsTheSource) {
  trouble([] { return response(429, k_too_fast); }, 1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(http.requests.size(), 5u);
}

TEST_F(HarvestRefusalTest, AUsedUpAllowanceIsNotAskedAgainAndSaysWhenItIsRenewed) {
  trouble(
      [] {
        return response(429,
                        R"({"error":"Rate limit exceeded","message":"Insufficient budget. This request costs)"
                        R"( $0.0001","retryAfter":3600,"dailyRemainingUsd":0})");
      },
      1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_TRUE(pacing.pauses.empty());
  EXPECT_NE(outcome.reason.find("2026-11-23T01:00:00Z"), std::string::npos) << outcome.reason;
}

TEST_F(HarvestRefusalTest, APlanThatIsTooSmallIsConfiguration) {
  trouble(
      [] { return response(429, R"({"error":"Plan upgrade required","message":"The filter requires"})"); },
      1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.kind, ErrorKind::configuration);
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(HarvestRefusalTest, ARejectedKeyEndsTheSourceAndIsNotTold) {
  trouble(
      [] {
        return response(401, R"({"error":"Invalid or missing API key","message":"canary-key is unknown"})");
      },
      1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.kind, ErrorKind::key_rejected);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_EQ(outcome.reason.find("canary-key"), std::string::npos) << outcome.reason;
}

TEST_F(HarvestRefusalTest, AQuestionThatIsNotAcceptedIsNotRepeated) {
  trouble(
      [] {
        return response(400, R"({"error":"Invalid query parameters error.","message":"no such field"})");
      },
      1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.kind, ErrorKind::unavailable);
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_NE(outcome.reason.find("no such field"), std::string::npos);
}

TEST_F(HarvestRefusalTest, AnUnreadableAnswerIsAskedAgainAndThenData) {
  trouble([] { return response(200, "<html>Service temporarily unavailable</html>"); }, 1000);
  const HarvestOutcome outcome = run(3);
  EXPECT_EQ(outcome.kind, ErrorKind::data);
  EXPECT_EQ(http.requests.size(), 3u);
}

TEST_F(HarvestRefusalTest, AnErrorUnderStatus200IsNoEmptyPage) {
  trouble(
      [] { return response(200, R"({"error":"Gateway timeout","message":"x","reason":"query_timeout"})"); },
      1000);
  const HarvestOutcome outcome = run(2);
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_TRUE(store.pages.empty());
}

TEST_F(HarvestRefusalTest, AnAnswerThatMustNotBeTakenIsFinal) {
  trouble(
      []() -> HttpResponse {
        throw Error(ErrorKind::unavailable, "redirect to 'https://evil/' is not followed");
      },
      1000);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.kind, ErrorKind::unavailable);
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(HarvestRefusalTest, ARunWhoseTimeIsOverKeepsWhatItHas) {
  trouble([] { return response(503, "", {{"retry-after", "60"}}); }, 1000);
  pacing.deadline = 30s;
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_EQ(outcome.kind, ErrorKind::temporary);
  EXPECT_TRUE(outcome.stop_source);
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_TRUE(pacing.pauses.empty());
}

TEST_F(HarvestRefusalTest, FaultsOfTheProgramAreErrorsAndNoGaps) {
  trouble([]() -> HttpResponse { throw Error(ErrorKind::configuration, "not https"); }, 1000);
  EXPECT_THROW((void)run(), Error);
  EXPECT_TRUE(store.outcomes.empty());
}

TEST_F(HarvestRefusalTest, AnInterruptedRunLeavesTheCursorOfTheLastWholePage) {
  FakeOpenAlex world;
  for (int i = 1; i <= 6; ++i) world.works.push_back(work_json(fmt::format("W{}", i)));
  http.answer = [&](const HttpRequest& request) {
    return http.requests.size() >= 3 ? response(502, "") : world(request);
  };
  const HarvestOutcome first = run(2);
  EXPECT_EQ(first.state, State::partial);
  EXPECT_EQ(first.fetched, 4u);
  EXPECT_EQ(store.state.cursor, "c4");
  http.answer = world;
  const HarvestOutcome second = run(2);
  EXPECT_EQ(second.state, State::complete) << second.reason;
  EXPECT_EQ(second.calls, 1u);
  EXPECT_EQ(store.works.size(), 6u);
}

}  // namespace
}  // namespace coterie
