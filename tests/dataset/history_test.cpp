#include <gtest/gtest.h>
#include <sqlite3.h>

#include "coterie/dataset.hpp"
#include "tests/dataset/sample_works.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {
namespace {

constexpr const char* k_began = "2026-01-01T00:00:00Z";

/// A work of 2020, in the given state.
Work record(const std::string& id, const std::vector<std::string>& authors,
            const std::string& updated = "2026-01-01") {
  Work work = work_by("openalex", id, authors);
  work.year = 2020;
  work.updated = updated;
  return work;
}

HarvestOutcome complete(std::uint64_t fetched) {
  HarvestOutcome outcome;
  outcome.fetched = fetched;
  outcome.complete_as_of = k_began;
  return outcome;
}

class History : public ::testing::Test {
 protected:
  /// A whole run through the query that brings these works, not yet finished.
  StoredPage list(const Query& query, const std::vector<Work>& works) {
    WorkPage page;
    page.works = works;
    page.received = works.size();
    m_dataset.restart(query);
    return m_dataset.store(query, page, k_began);
  }

  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const Work& work : works_of(m_dataset)) found.push_back(work.id);
    return found;
  }

  TemporaryFolder m_folder;
  std::string m_now = "2026-01-10T12:00:00Z";
  Dataset m_dataset{m_folder / "dataset.sqlite", Dataset::Mode::read_write, [this] { return m_now; }};
  Query m_query = query_for({"A1", "A2"});
};

using Ids = std::vector<std::string>;

TEST_F(History, NewAndChangedRecordsAreToldApart) {
  const StoredPage first = list(m_query, {record("W1", {"A1"}), record("W2", {"A1"})});
  EXPECT_EQ(first.added, 2U);
  EXPECT_EQ(first.changed, 0U);
  Work cited = record("W1", {"A1"});
  cited.cited_by = 77;  // a change that the record's date does not show
  const StoredPage second = list(m_query, {cited, record("W2", {"A1"}), record("W3", {"A2"})});
  EXPECT_EQ(second.added, 1U);
  EXPECT_EQ(second.changed, 1U);
  EXPECT_EQ(works_of(m_dataset).at(0).cited_by, 77);
  const StoredPage third = list(m_query, {cited, record("W2", {"A1"}), record("W3", {"A2"})});
  EXPECT_EQ(third.added + third.changed, 0U);
}

TEST_F(History, AChangedBylineIsReadAgain) {
  list(m_query, {record("W1", {"A1", "A5"})});
  EXPECT_EQ(list(m_query, {record("W1", {"A1", "A6"}, "2026-01-05")}).changed, 1U);
  const Work work = works_of(m_dataset).at(0);
  EXPECT_EQ(work.authorships.at(1).author_id, "A6");
}

TEST_F(History, WhatAListDoesNotBringAnyMoreIsFound) {
  list(m_query, {record("W1", {"A1"}), record("W2", {"A9", "A2"}), record("W3", {"A9"})});
  EXPECT_TRUE(m_dataset.unlisted(m_query).empty());
  m_dataset.finish(m_query, complete(3));
  list(m_query, {record("W1", {"A1"})});
  EXPECT_EQ(m_dataset.unlisted(m_query), Ids{"W2"}) << "W3 is of nobody that is asked for";
}

TEST_F(History, ThePeopleOfAQueryMayChange) {
  list(m_query, {record("W1", {"A1"}), record("W2", {"A2"})});
  m_dataset.finish(m_query, complete(2));
  const Query other = query_for({"A2", "A7"});
  list(other, {record("W8", {"A7"})});
  EXPECT_EQ(m_dataset.unlisted(other), Ids{"W2"});
}

TEST_F(History, TheWindowIsKept) {
  Work early = record("W1", {"A1"});
  early.year = 1999;
  Work undated = record("W2", {"A1"});
  undated.year.reset();
  list(m_query, {early, undated, record("W3", {"A1"})});
  Query later = m_query;
  later.window = {2010, 2025};
  list(later, {});
  EXPECT_EQ(m_dataset.unlisted(later), Ids{"W3"});
}

TEST_F(History, InstitutionsAreFoundByIdLineageAndRor) {
  Work work = record("W1", {"A1"});
  work.authorships.at(0).institutions = {{"I12", "Part", "05a28rw58", "CN", "facility", {"I12", "I1"}}};
  list(m_query, {work});
  const auto missing = [&](const std::string& value) {
    Query query{"openalex", Query::Kind::works_of_institutions, {value}, {}, {}};
    list(query, {});
    return m_dataset.unlisted(query);
  };
  EXPECT_EQ(missing("id:I12"), Ids{"W1"});
  EXPECT_EQ(missing("lineage:I1"), Ids{"W1"});
  EXPECT_EQ(missing("ror:05a28rw58"), Ids{"W1"});
  EXPECT_EQ(missing("id:I1"), Ids{});
  EXPECT_EQ(missing("lineage:I2"), Ids{});
}

TEST_F(History, AWorkAskedForAloneIsLeftInPeaceForAMonth) {
  list(m_query, {record("W1", {"A1"})});
  list(m_query, {});
  m_dataset.store_single("W1", record("W1", {"A1"}));
  EXPECT_TRUE(m_dataset.unlisted(m_query).empty());
  m_now = "2026-02-20T12:00:00Z";
  EXPECT_EQ(m_dataset.unlisted(m_query), Ids{"W1"});
}

TEST_F(History, AVanishedWorkIsKeptMarkedAndMayComeBack) {
  list(m_query, {record("W1", {"A1"}), record("W2", {"A1"})});
  const std::string before = m_dataset.fingerprint();
  list(m_query, {record("W1", {"A1"})});
  m_dataset.mark_vanished("openalex", "W2");
  EXPECT_TRUE(m_dataset.unlisted(m_query).empty());
  EXPECT_EQ(works_of(m_dataset).at(1).vanished, "2026-01-10");
  EXPECT_NE(m_dataset.fingerprint(), before);
  EXPECT_EQ(m_dataset.sources().at(0).vanished, 1U);
  m_now = "2026-03-03T03:03:03Z";
  m_dataset.mark_vanished("openalex", "W2");
  EXPECT_EQ(works_of(m_dataset).at(1).vanished, "2026-01-10") << "the first day it was missed";
  list(m_query, {record("W1", {"A1"}), record("W2", {"A1"})});
  EXPECT_EQ(works_of(m_dataset).at(1).vanished, "");
  EXPECT_EQ(m_dataset.fingerprint(), before);
}

TEST_F(History, AMergedWorkIsReadAsTheOneItWentInto) {
  list(m_query, {record("W1", {"A1"}), record("W2", {"A1", "A2", "A3"})});
  list(m_query, {record("W1", {"A1"})});
  m_dataset.store_single("W2", record("W9", {"A1", "A2"}));
  EXPECT_EQ(ids(), (Ids{"W1", "W9"}));
  EXPECT_EQ(m_dataset.sources().at(0).records, 2U);
  EXPECT_EQ(m_dataset.sources().at(0).merged, 1U);
  EXPECT_EQ(m_dataset.sources().at(0).authorships, 3U);
  list(m_query, {record("W1", {"A1"}), record("W2", {"A1", "A2", "A3"}), record("W9", {"A1"})});
  EXPECT_EQ(ids(), (Ids{"W1", "W2", "W9"})) << "listed again, it is itself again";
}

TEST_F(History, MergedAuthorsAreReadUnderTheirNewIds) {
  list(m_query, {record("W1", {"A1", "A2", "A3"})});
  m_dataset.store_alias({"openalex", "A1", "A4"});
  m_dataset.store_alias({"openalex", "A4", "A5"});
  m_dataset.store_alias({"openalex", "A2", "A3"});
  m_dataset.store_alias({"openalex", "A3", "A2"});  // round in a circle: nobody knows
  m_dataset.store_alias({"other", "A3", "A8"});
  const Work work = works_of(m_dataset).at(0);
  EXPECT_EQ(work.authorships.at(0).author_id, "A5");
  EXPECT_EQ(work.authorships.at(1).author_id, "A2");
  EXPECT_EQ(work.authorships.at(2).author_id, "A3");
}

TEST_F(History, WholeBylinesAreKnown) {
  Work cut = record("W1", {"A1"});
  cut.byline_truncated = true;
  cut.author_count = 3;
  EXPECT_FALSE(m_dataset.holds_whole(cut));
  list(m_query, {cut});
  EXPECT_FALSE(m_dataset.holds_whole(cut));
  list(m_query, {record("W1", {"A1", "A2", "A3"})});
  EXPECT_TRUE(m_dataset.holds_whole(cut));
  cut.updated = "2026-01-09";
  EXPECT_FALSE(m_dataset.holds_whole(cut)) << "the record was changed since";
  cut.updated.clear();
  EXPECT_FALSE(m_dataset.holds_whole(cut));
}

TEST_F(History, AQueryRemembersWhenItBeganAndHowManyItHad) {
  list(m_query, {record("W1", {"A1"}), record("W2", {"A1"})});
  EXPECT_EQ(m_dataset.progress(m_query).began, k_began);
  m_dataset.finish(m_query, complete(2));
  EXPECT_EQ(m_dataset.progress(m_query).known, 2U);
  m_dataset.restart(m_query);
  EXPECT_EQ(m_dataset.progress(m_query).began, "");
  EXPECT_EQ(m_dataset.progress(m_query).known, 2U) << "an answer of nothing is measured by it";
}

TEST_F(History, RunsAreKept) {
  EXPECT_TRUE(m_dataset.newest_runs(5).empty());
  const std::int64_t first = m_dataset.begin_run("refresh");
  RunState state;
  state.exit = 75;
  state.calls = 12;
  state.cost = 0.0012;
  state.added = 3;
  state.gaps = 1;
  m_now = "2026-01-10T12:05:00Z";
  m_dataset.end_run(first, state);
  (void)m_dataset.begin_run("fetch");  // and killed
  const std::vector<RunState> runs = m_dataset.newest_runs(5);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].command, "fetch");
  EXPECT_FALSE(runs[0].exit);
  EXPECT_EQ(runs[0].ended, "");
  EXPECT_EQ(runs[1].exit, 75);
  EXPECT_EQ(runs[1].began, "2026-01-10T12:00:00Z");
  EXPECT_EQ(runs[1].ended, "2026-01-10T12:05:00Z");
  EXPECT_EQ(runs[1].added, 3U);
  EXPECT_EQ(m_dataset.newest_runs(1).size(), 1U);
}

TEST_F(History, TheNewestAllowanceIsKept) {
  m_dataset.store_allowance({"openalex", 0.5, 1.0, "2026-01-10T12:00:00Z", "2026-01-11T00:00:00Z"});
  m_dataset.store_allowance({"openalex", 0.25, std::nullopt, "2026-01-10T13:00:00Z", ""});
  const auto allowances = m_dataset.allowances();
  ASSERT_EQ(allowances.size(), 1U);
  EXPECT_EQ(allowances[0].remaining, 0.25);
  EXPECT_FALSE(allowances[0].limit);
}

TEST_F(History, AnOlderDatasetIsBroughtUpToDate) {
  list(m_query, {record("W1", {"A1"})});
  // As version 3 left it: no digest, and the count of the last complete run in `fetched`.
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((m_folder / "dataset.sqlite").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "UPDATE work SET digest = 0", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(list(m_query, {record("W1", {"A1"})}).changed, 0U) << "nothing shows that it changed";
  EXPECT_EQ(list(m_query, {record("W1", {"A1", "A2"})}).changed, 1U);
}

}  // namespace
}  // namespace coterie::test
