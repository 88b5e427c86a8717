#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "coterie/dataset.hpp"
#include "tests/dataset/sample_works.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {
namespace {

constexpr const char* k_began = "2026-01-01T00:00:00Z";

WorkPage page_of(const std::vector<std::string>& ids, std::optional<std::string> next_cursor) {
  WorkPage page;
  for (const std::string& id : ids) page.works.push_back(work_by("openalex", id, {"A1"}));
  page.next_cursor = std::move(next_cursor);
  page.expected = 5;
  page.received = ids.size();
  return page;
}

HarvestOutcome complete_outcome(std::uint64_t fetched) {
  HarvestOutcome outcome;
  outcome.fetched = fetched;
  outcome.expected = fetched;
  outcome.calls = 2;
  outcome.cost = 0.125;
  outcome.complete_as_of = "2026-02-03T04:05:06Z";
  return outcome;
}

HarvestOutcome gap_outcome(const std::string& reason, std::uint64_t fetched) {
  HarvestOutcome outcome;
  outcome.state = HarvestOutcome::State::partial;
  outcome.kind = ErrorKind::key_rejected;
  outcome.reason = reason;
  outcome.fetched = fetched;
  return outcome;
}

class FetchLog : public ::testing::Test {
 protected:
  TemporaryFolder m_folder;
  std::string m_now = "2026-01-01T00:00:00Z";
  Dataset m_dataset{m_folder / "dataset.sqlite", Dataset::Mode::read_write, [this] { return m_now; }};
  Query m_query = query_for({"A1"});
};

TEST_F(FetchLog, AnUnknownQueryStartsFromNothing) {
  const QueryProgress progress = m_dataset.progress(m_query);
  EXPECT_EQ(progress.cursor, "");
  EXPECT_FALSE(progress.complete);
  EXPECT_EQ(progress.completed_at, "");
  EXPECT_EQ(progress.fetched, 0U);
  EXPECT_TRUE(m_dataset.queries().empty());
}

TEST_F(FetchLog, PagesCarryTheCursorAndCountDistinctRecords) {
  m_dataset.restart(m_query);
  EXPECT_EQ(m_dataset.store(m_query, page_of({"W1", "W2", "W2"}, "next"), k_began).seen, 2U);
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "next");
  EXPECT_EQ(m_dataset.progress(m_query).fetched, 2U);
  EXPECT_EQ(m_dataset.store(m_query, page_of({"W2", "W3"}, std::nullopt), k_began).seen, 3U);
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "");
  EXPECT_FALSE(m_dataset.progress(m_query).complete);
  EXPECT_EQ(works_of(m_dataset).size(), 3U);

  m_dataset.finish(m_query, complete_outcome(3));
  const QueryProgress progress = m_dataset.progress(m_query);
  EXPECT_TRUE(progress.complete);
  // By our clock: whether a question may be repeated must not depend on the source's.
  EXPECT_EQ(progress.completed_at, m_now);
  EXPECT_EQ(m_dataset.queries().at(0).complete_as_of, "2026-02-03T04:05:06Z");
  EXPECT_EQ(progress.fetched, 3U);
  const QueryState state = m_dataset.queries().at(0);
  EXPECT_EQ(state.source, "openalex");
  EXPECT_EQ(state.key, m_query.key());
  EXPECT_EQ(state.people, std::vector<std::string>{"dana"});
  EXPECT_EQ(state.expected, 3U);
  EXPECT_EQ(state.calls, 2U);
  EXPECT_EQ(state.cost, 0.125);
  EXPECT_EQ(state.last_run, m_now);
}

TEST_F(FetchLog, RestartForgetsCursorAndIdsButNotRecords) {
  m_dataset.restart(m_query);
  m_dataset.store(m_query, page_of({"W1", "W2"}, "next"), k_began);
  m_dataset.restart(m_query);
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "");
  EXPECT_EQ(m_dataset.progress(m_query).fetched, 0U);
  EXPECT_EQ(works_of(m_dataset).size(), 2U);
  EXPECT_EQ(m_dataset.store(m_query, page_of({"W2"}, "next"), k_began).seen, 1U);
}

TEST_F(FetchLog, ANewRunIsNotCompleteUntilItEnds) {
  m_dataset.restart(m_query);
  m_dataset.store(m_query, page_of({"W1"}, std::nullopt), k_began);
  m_dataset.finish(m_query, complete_outcome(1));
  m_dataset.restart(m_query);
  EXPECT_FALSE(m_dataset.progress(m_query).complete);
  EXPECT_EQ(m_dataset.queries().at(0).complete_as_of, "2026-02-03T04:05:06Z");
}

TEST_F(FetchLog, AGapKeepsItsFirstTimeAndTheCursor) {
  m_dataset.restart(m_query);
  m_dataset.store(m_query, page_of({"W1"}, "next"), k_began);
  m_dataset.finish(m_query, gap_outcome("the key is rejected", 1));
  m_now = "2026-01-02T00:00:00Z";
  HarvestOutcome again = gap_outcome("the allowance is used up", 0);
  again.kind = ErrorKind::temporary;
  again.expected = 9;
  m_dataset.finish(m_query, again);
  const std::vector<Gap> gaps = m_dataset.gaps();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].source, "openalex");
  EXPECT_EQ(gaps[0].query, m_query.key());
  EXPECT_EQ(gaps[0].people, std::vector<std::string>{"dana"});
  EXPECT_EQ(gaps[0].reason, "the allowance is used up");
  EXPECT_EQ(gaps[0].kind, ErrorKind::temporary);
  EXPECT_EQ(gaps[0].since, "2026-01-01T00:00:00Z");
  EXPECT_EQ(gaps[0].expected, 9U);
  EXPECT_EQ(gaps[0].fetched, 1U);  // what the run under way has stored, though nothing was asked this time
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "next");
  EXPECT_EQ(m_dataset.progress(m_query).fetched, 1U);
  EXPECT_EQ(m_dataset.queries().at(0).last_run, "2026-01-02T00:00:00Z");

  EXPECT_EQ(m_dataset.store(m_query, page_of({"W1", "W2"}, std::nullopt), k_began).seen, 2U);
  m_dataset.finish(m_query, complete_outcome(2));
  EXPECT_TRUE(m_dataset.gaps().empty());
  EXPECT_TRUE(m_dataset.progress(m_query).complete);
}

TEST_F(FetchLog, AQueryThatNeverGotAnAnswerHasAGap) {
  m_dataset.finish(m_query, gap_outcome("no network", 0));
  EXPECT_EQ(m_dataset.gaps().size(), 1U);
  EXPECT_EQ(m_dataset.gaps()[0].expected, std::nullopt);
  EXPECT_FALSE(m_dataset.queries().at(0).complete);
}

TEST_F(FetchLog, CompleteWithoutAServersTimeIsCompleteNow) {
  HarvestOutcome outcome = complete_outcome(0);
  outcome.complete_as_of.clear();
  m_dataset.finish(m_query, outcome);
  EXPECT_EQ(m_dataset.queries().at(0).complete_as_of, m_now);
}

TEST_F(FetchLog, ForgettingCursorsSparesCompleteQueries) {
  const Query other = query_for({"A2"});
  m_dataset.restart(other);
  m_dataset.store(other, page_of({"W9"}, std::nullopt), k_began);
  m_dataset.finish(other, complete_outcome(1));
  m_dataset.restart(m_query);
  m_dataset.store(m_query, page_of({"W1"}, "next"), k_began);
  m_dataset.forget_cursors();
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "");
  EXPECT_EQ(m_dataset.progress(m_query).fetched, 0U);
  EXPECT_TRUE(m_dataset.progress(other).complete);
  EXPECT_EQ(m_dataset.store(m_query, page_of({"W1"}, "next"), k_began).seen, 1U);
}

TEST_F(FetchLog, RetiredQueriesHaveNoGapAndNoCursor) {
  const Query kept = query_for({"A2"});
  Query lookup = query_for({"Dana"});
  lookup.kind = Query::Kind::authors_by_name;
  Query elsewhere = query_for({"A1"});
  elsewhere.source = "arxiv";
  for (const Query& query : {m_query, kept, elsewhere}) {
    m_dataset.restart(query);
    m_dataset.store(query, page_of({"W1"}, "next"), k_began);
    m_dataset.finish(query, gap_outcome("cut", 1));
  }
  m_dataset.finish(lookup, gap_outcome("not found", 0));
  m_dataset.retire_queries("openalex", std::vector{kept.key()});
  std::vector<std::string> open;
  for (const Gap& gap : m_dataset.gaps()) open.push_back(gap.source + " " + gap.query);
  std::vector<std::string> expected{"arxiv " + elsewhere.key(), "openalex " + lookup.key(),
                                    "openalex " + kept.key()};
  EXPECT_EQ(open, expected);
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "");
  EXPECT_EQ(m_dataset.progress(m_query).fetched, 0U);
  EXPECT_EQ(m_dataset.progress(kept).cursor, "next");
  EXPECT_EQ(m_dataset.progress(elsewhere).cursor, "next");
}

TEST_F(FetchLog, AFailedPageLeavesRecordsAndCursorAsTheyWere) {
  m_dataset.restart(m_query);
  m_dataset.store(m_query, page_of({"W1"}, "second"), k_began);
  WorkPage bad = page_of({"W2"}, "third");
  bad.expected = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THROW(m_dataset.store(m_query, bad, k_began), Error);
  EXPECT_EQ(works_of(m_dataset).size(), 1U);
  EXPECT_EQ(m_dataset.progress(m_query).cursor, "second");
  EXPECT_EQ(m_dataset.store(m_query, page_of({"W2"}, "third"), k_began).seen, 2U);
}

TEST_F(FetchLog, EveryPageSurvivesAKill) {
  const auto path = m_folder / "killed.sqlite";
  const pid_t child = fork();
  if (child == 0) {
    Dataset dataset(path, Dataset::Mode::read_write);
    dataset.restart(m_query);
    dataset.store(m_query, page_of({"W1", "W2"}, "second"), k_began);
    dataset.store(m_query, page_of({"W3"}, "third"), k_began);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  Dataset dataset(path, Dataset::Mode::read_write);
  EXPECT_EQ(dataset.progress(m_query).cursor, "third");
  EXPECT_EQ(dataset.progress(m_query).fetched, 3U);
  EXPECT_EQ(works_of(dataset).size(), 3U);
}

TEST_F(FetchLog, ImportsAreOrderedByTimeAndAFileCountsOnce) {
  const auto note = [&](const ImportState& import) {
    m_dataset.begin_import();
    m_dataset.end_import(import);
  };
  note({"b.jsonl", "22", "coterie-jsonl", "2026-01-02T00:00:00Z", 7, 1});
  note({"a.jsonl", "11", "openalex-jsonl", "2026-01-01T00:00:00Z", 5, 0});
  note({"b.jsonl", "22", "coterie-jsonl", "2026-01-03T00:00:00Z", 8, 2});
  const std::vector<ImportState> imports = m_dataset.imports();
  ASSERT_EQ(imports.size(), 2U);
  EXPECT_EQ(imports[0].file, "a.jsonl");
  EXPECT_EQ(imports[0].format, "openalex-jsonl");
  EXPECT_EQ(imports[1].file, "b.jsonl");
  EXPECT_EQ(imports[1].sha256, "22");
  EXPECT_EQ(imports[1].at, "2026-01-03T00:00:00Z");
  EXPECT_EQ(imports[1].works, 8U);
  EXPECT_EQ(imports[1].rejected, 2U);
}

TEST_F(FetchLog, AReaderSeesWholePagesWhileAnotherConnectionWrites) {
  const Dataset reader(m_folder / "dataset.sqlite", Dataset::Mode::read_only);
  EXPECT_TRUE(works_of(reader).empty());
  m_dataset.store(m_query, page_of({"W1", "W2"}, "next"), k_began);
  EXPECT_EQ(works_of(reader).size(), 2U);
  m_dataset.begin_import();
  m_dataset.add(std::vector<Work>{work_by("openalex", "W3", {})}, "2026-01-01T00:00:00Z");
  EXPECT_EQ(works_of(reader).size(), 2U);
  m_dataset.end_import({"f", "s", "x", "t", 1, 0});
  EXPECT_EQ(works_of(reader).size(), 3U);
  // What is stored while a reader is on its way through does not come into its sight.
  std::size_t seen = 0;
  reader.for_each_work([&](const Work&) {
    if (++seen == 1) m_dataset.store(m_query, page_of({"W8", "W9"}, "next"), k_began);
  });
  EXPECT_EQ(seen, 3U);
}

}  // namespace
}  // namespace coterie::test
