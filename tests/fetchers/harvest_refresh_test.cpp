#include <gtest/gtest.h>

#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using test::FakeHttp;
using test::FakeOpenAlex;
using test::FakePacing;
using test::MemoryStore;
using test::response;
using State = HarvestOutcome::State;

/// A work of these authors as a list or a single record tells it.
std::string record(const std::string& id, const std::vector<std::string>& authors,
                   const std::string& updated = "2026-01-01", bool cut = false) {
  std::string byline;
  for (const std::string& author : authors) {
    byline += fmt::format(R"({}{{"author":{{"id":"https://openalex.org/{}","display_name":"N"}}}})",
                          byline.empty() ? "" : ",", author);
  }
  return fmt::format(
      R"({{"id":"https://openalex.org/{}","title":"T","publication_year":2024,"updated_date":"{}","authorships":[{}]{}}})",
      id, updated, byline, cut ? R"(,"is_authors_truncated":true)" : "");
}

/// A list that was read whole once, with W1, W2 and W3 of author A5000000001.
class HarvestRefreshTest : public ::testing::Test {
 protected:
  HarvestRefreshTest() {
    for (const char* id : {"W1", "W2", "W3"}) world.works.push_back(record(id, {"A5000000001"}));
    http.answer = [this](const HttpRequest& request) {
      const std::size_t path = request.url.find("/works/W");
      if (path == std::string::npos) return world(request);
      const std::string id = request.url.substr(path + 7, request.url.find('?') - path - 7);
      asked_singly.push_back(id);
      const auto found = alone.find(id);
      return found == alone.end() ? response(404, "<html>Not Found</html>") : response(200, found->second);
    };
    EXPECT_EQ(run().state, State::complete);
    http.requests.clear();
  }

  HarvestOutcome run() { return harvest(*source, query, store, HarvestTools{http, pacing, {}, 5}); }

  FakeHttp http;
  FakePacing pacing;
  MemoryStore store;
  FakeOpenAlex world;
  std::map<std::string, std::string> alone;  // what the source tells of a work asked for singly
  std::vector<std::string> asked_singly;
  Query query{"openalex", Query::Kind::works_of_authors, {"A5000000001"}, {}, {"ada"}};
  std::unique_ptr<Source> source = make_source("openalex", {{}, {}, {}, 2}, "");
};

TEST_F(HarvestRefreshTest, NothingNewIsNothingNew) {
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.added + outcome.changed + outcome.vanished + outcome.merged, 0u);
  EXPECT_TRUE(asked_singly.empty());
  EXPECT_EQ(outcome.calls, 2u);
}

TEST_F(HarvestRefreshTest, NewAndChangedRecordsAreCounted) {
  world.works[0] = record("W1", {"A5000000001", "A5000000002"}, "2026-02-02");
  world.works.push_back(record("W4", {"A5000000001"}));
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.added, 1u);
  EXPECT_EQ(outcome.changed, 1u);
}

TEST_F(HarvestRefreshTest, AWorkThatIsGoneIsMarkedAndKept) {
  world.works.erase(world.works.begin() + 1);
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(outcome.vanished, 1u);
  EXPECT_EQ(asked_singly, std::vector<std::string>{"W2"});
  EXPECT_TRUE(store.vanished.contains("W2"));
  EXPECT_TRUE(store.works.contains("W2"));
}

TEST_F(HarvestRefreshTest, AWorkThatWentIntoAnotherIsFollowed) {
  world.works.erase(world.works.begin() + 1);
  alone["W2"] = record("W1", {"A5000000001"});  // after a redirect
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.merged, 1u);
  EXPECT_EQ(outcome.vanished, 0u);
  EXPECT_EQ(store.singles.at("W2"), "W1");
}

TEST_F(HarvestRefreshTest, AWorkThatIsSomebodyElsesNowIsReadAgain) {
  world.works.erase(world.works.begin() + 1);
  alone["W2"] = record("W2", {"A5000000009"});
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(store.works.at("W2").authorships.at(0).author_id, "A5000000009");
  EXPECT_TRUE(store.vanished.empty());
}

TEST_F(HarvestRefreshTest, AnEmptyListIsBelievedOnlyIfEveryWorkIsAccountedFor) {
  for (const char* id : {"W1", "W2", "W3"}) alone[id] = record(id, {"A5000000001"});
  const FakeOpenAlex whole = world;
  world.works.clear();
  const HarvestOutcome doubted = run();
  EXPECT_EQ(doubted.state, State::partial);
  EXPECT_EQ(doubted.kind, ErrorKind::temporary);
  EXPECT_TRUE(store.vanished.empty());
  EXPECT_EQ(store.works.size(), 3u);
  world = whole;
  EXPECT_EQ(run().state, State::complete);

  store.singles.clear();
  alone.clear();
  world.works.clear();
  const HarvestOutcome believed = run();
  EXPECT_EQ(believed.state, State::complete) << believed.reason;
  EXPECT_EQ(store.vanished.size(), 3u);
  EXPECT_EQ(store.works.size(), 3u);
}

TEST_F(HarvestRefreshTest, WhatCannotBeAskedIsAGapAndNoMark) {
  world.works.erase(world.works.begin() + 1);
  const auto answer = http.answer;
  http.answer = [&](const HttpRequest& request) {
    return request.url.find("/works/W") == std::string::npos ? answer(request) : response(503, "");
  };
  const HarvestOutcome outcome = run();
  EXPECT_EQ(outcome.state, State::partial);
  EXPECT_TRUE(store.vanished.empty());
}

TEST_F(HarvestRefreshTest, AShortListAsksNobodySingly) {
  world.works.erase(world.works.begin() + 1);
  world.announced_more = 1;
  EXPECT_EQ(run().state, State::partial);
  EXPECT_TRUE(asked_singly.empty());
  EXPECT_TRUE(store.vanished.empty());
}

TEST_F(HarvestRefreshTest, AWholeBylineOfTheSameStateIsNotAskedForAgain) {
  const std::vector<std::string> authors{"A5000000001", "A5000000002", "A5000000003"};
  world.works[1] = record("W2", {"A5000000001"}, "2026-02-02", true);
  alone["W2"] = record("W2", authors, "2026-02-02");
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(asked_singly.size(), 1u);
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(asked_singly.size(), 1u) << "the whole byline is stored";
  world.works[1] = record("W2", {"A5000000001"}, "2026-03-03", true);
  alone["W2"] = record("W2", authors, "2026-03-03");
  EXPECT_EQ(run().state, State::complete);
  EXPECT_EQ(asked_singly.size(), 2u) << "a record that changed has to be read whole again";
}

TEST_F(HarvestRefreshTest, CompleteIsAsOfTheBeginningOfARunThatWasStopped) {
  int answers = 0;
  http.answer = [&](const HttpRequest& request) {
    HttpResponse page = world(request);
    page.headers["date"] = ++answers == 1 ? "Mon, 02 Mar 2026 10:00:00 GMT" : "Tue, 03 Mar 2026 10:00:00 GMT";
    return answers == 2 ? response(401, "") : page;
  };
  EXPECT_NE(run().state, State::complete);
  const HarvestOutcome resumed = run();
  EXPECT_EQ(resumed.state, State::complete) << resumed.reason;
  EXPECT_EQ(resumed.calls, 1u);
  EXPECT_EQ(resumed.complete_as_of, "2026-03-02T10:00:00Z");
}

}  // namespace
}  // namespace coterie
