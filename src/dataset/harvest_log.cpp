#include "src/dataset/harvest_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "coterie/error.hpp"
#include "src/dataset/packed_list.hpp"

namespace coterie::dataset {

namespace {

/// The query's row, made if the query is new; the people are those it was asked for last.
std::int64_t query_key(const sqlite::Connection& connection, const Query& query) {
  sqlite::Statement upsert(
      connection,
      "INSERT INTO query (source, key, lookup, people, cursor, seen, complete, complete_as_of, "
      "last_run, expected, fetched, rejected, calls, cost) VALUES (?1, ?2, ?3, ?4, '', 0, 0, '', "
      "'', NULL, 0, 0, 0, 0) ON CONFLICT (source, key) DO UPDATE SET people = excluded.people");
  const std::string key = query.key();
  const std::string people = packed(query.people);
  upsert.run(query.source, key, query.is_lookup(), people);
  sqlite::Statement find(connection, "SELECT query FROM query WHERE source = ?1 AND key = ?2");
  find.start(query.source, key);
  if (!find.step()) throw Error(ErrorKind::bug, "the dataset lost a query it has just stored");
  return find.integer(0);
}

using sqlite::count_of;

std::optional<std::uint64_t> optional_count(const sqlite::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return count_of(row.integer(column));
}

ErrorKind kind_of(std::int64_t code) {
  for (const ErrorKind kind : {ErrorKind::usage, ErrorKind::data, ErrorKind::no_input, ErrorKind::unavailable,
                               ErrorKind::bug, ErrorKind::system, ErrorKind::cannot_create, ErrorKind::io,
                               ErrorKind::temporary, ErrorKind::key_rejected, ErrorKind::configuration}) {
    if (exit_code(kind) == code) return kind;
  }
  throw Error(
      ErrorKind::data,
      fmt::format("the dataset is damaged: gap of kind '{}', an exit code from 64 to 78 expected", code));
}

std::uint64_t seen_count(const sqlite::Connection& connection, std::int64_t query) {
  sqlite::Statement select(connection, "SELECT seen FROM query WHERE query = ?1");
  select.start(query);
  return select.step() ? count_of(select.integer(0)) : 0;
}

void drop_seen(const sqlite::Connection& connection, std::int64_t query) {
  sqlite::Statement drop(connection, "DELETE FROM query_record WHERE query = ?1");
  drop.run(query);
}

void store_gap(const sqlite::Connection& connection, const Query& query, const HarvestOutcome& outcome,
               std::uint64_t fetched, std::string_view now) {
  sqlite::Statement upsert(
      connection,
      "INSERT INTO gap (source, key, people, reason, kind, since, expected, fetched) VALUES "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (source, key) DO UPDATE SET people = "
      "excluded.people, reason = excluded.reason, kind = excluded.kind, expected = "
      "excluded.expected, fetched = excluded.fetched");
  const std::string key = query.key();
  const std::string people = packed(query.people);
  upsert.run(query.source, key, people, outcome.reason, exit_code(outcome.kind), now, outcome.expected,
             fetched);
}

/// The source's queries, for works or lookups, whose keys are not among the planned.
std::vector<std::pair<std::int64_t, std::string>> unplanned_queries(const sqlite::Connection& connection,
                                                                    const std::string& source,
                                                                    std::span<const std::string> planned,
                                                                    bool lookups) {
  const std::set<std::string, std::less<>> keep(planned.begin(), planned.end());
  std::vector<std::pair<std::int64_t, std::string>> queries;
  sqlite::Statement select(connection, "SELECT query, key FROM query WHERE source = ?1 AND lookup = ?2");
  select.start(source, lookups);
  while (select.step()) {
    if (!keep.contains(select.text(1))) queries.emplace_back(select.integer(0), select.text(1));
  }
  return queries;
}

}  // namespace

QueryProgress query_progress(const sqlite::Connection& connection, const Query& query) {
  sqlite::Statement select(
      connection,
      "SELECT cursor, complete, last_run, seen, began, known FROM query WHERE source = ?1 AND key = ?2");
  const std::string key = query.key();
  select.start(query.source, key);
  QueryProgress progress;
  if (select.step()) {
    progress.cursor = select.text(0);
    progress.complete = select.integer(1) != 0;
    progress.completed_at = select.text(2);
    progress.fetched = count_of(select.integer(3));
    progress.began = select.text(4);
    progress.known = count_of(select.integer(5));
  }
  return progress;
}

void restart_query(const sqlite::Connection& connection, const Query& query, std::string_view now) {
  const std::int64_t key = query_key(connection, query);
  drop_seen(connection, key);
  sqlite::Statement update(
      connection,
      "UPDATE query SET cursor = '', began = '', seen = 0, fetched = 0, complete = 0, expected = NULL, "
      "last_run = ?2 WHERE query = ?1");
  update.run(key, now);
}

std::uint64_t record_page(const sqlite::Connection& connection, const Query& query, const WorkPage& page,
                          std::string_view began, std::string_view now) {
  const std::int64_t key = query_key(connection, query);
  sqlite::Statement see(connection, "INSERT OR IGNORE INTO query_record (query, id) VALUES (?1, ?2)");
  std::int64_t fresh = 0;
  for (const Work& work : page.works) {
    see.run(key, work.id);
    fresh += connection.changes();
  }
  sqlite::Statement update(
      connection,
      "UPDATE query SET cursor = ?2, seen = seen + ?3, fetched = seen + ?3, complete = 0, expected "
      "= coalesce(?4, expected), last_run = ?5, began = ?6 WHERE query = ?1");
  const std::string cursor = page.next_cursor.value_or("");
  update.run(key, cursor, fresh, page.expected, now, began);
  return seen_count(connection, key);
}

void record_outcome(const sqlite::Connection& connection, const Query& query, const HarvestOutcome& outcome,
                    std::string_view now) {
  const std::int64_t key = query_key(connection, query);
  const bool is_complete = outcome.state == HarvestOutcome::State::complete;
  // A query that was given up before it was asked still has what came before.
  const std::uint64_t fetched =
      is_complete ? outcome.fetched : std::max(outcome.fetched, seen_count(connection, key));
  sqlite::Statement update(
      connection,
      "UPDATE query SET last_run = ?2, expected = coalesce(?3, expected), fetched = ?4, rejected = "
      "?5, calls = ?6, cost = ?7 WHERE query = ?1");
  update.run(key, now, outcome.expected, fetched, outcome.rejected, outcome.calls, outcome.cost);
  if (!is_complete) {
    sqlite::Statement reopen(connection, "UPDATE query SET complete = 0 WHERE query = ?1");
    reopen.run(key);
    store_gap(connection, query, outcome, fetched, now);
    return;
  }
  sqlite::Statement complete(
      connection,
      "UPDATE query SET complete = 1, complete_as_of = ?2, cursor = '', known = fetched WHERE query = ?1");
  const std::string_view as_of =
      outcome.complete_as_of.empty() ? now : std::string_view(outcome.complete_as_of);
  complete.run(key, as_of);
  drop_seen(connection, key);
  sqlite::Statement close(connection, "DELETE FROM gap WHERE source = ?1 AND key = ?2");
  const std::string name = query.key();
  close.run(query.source, name);
}

void forget_cursors(const sqlite::Connection& connection) {
  sqlite::Statement forget(connection, "UPDATE query SET cursor = '', seen = 0 WHERE complete = 0");
  forget.run();
  sqlite::Statement drop(
      connection, "DELETE FROM query_record WHERE query IN (SELECT query FROM query WHERE complete = 0)");
  drop.run();
}

void retire_queries(const sqlite::Connection& connection, const std::string& source,
                    std::span<const std::string> planned, bool lookups) {
  sqlite::Statement close(connection, "DELETE FROM gap WHERE source = ?1 AND key = ?2");
  sqlite::Statement forget(connection, "DELETE FROM query WHERE query = ?1");
  for (const auto& [query, key] : unplanned_queries(connection, source, planned, lookups)) {
    close.run(source, key);
    drop_seen(connection, query);
    forget.run(query);
  }
}

void record_import(const sqlite::Connection& connection, const ImportState& import) {
  sqlite::Statement insert(connection,
                           "INSERT OR REPLACE INTO import (file, sha256, format, at, works, rejected) VALUES "
                           "(?1, ?2, ?3, ?4, ?5, ?6)");
  insert.run(import.file, import.sha256, import.format, import.at, import.works, import.rejected);
}

std::vector<QueryState> query_states(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection,
      "SELECT source, key, people, complete, complete_as_of, last_run, expected, fetched, rejected, "
      "calls, cost, lookup FROM query ORDER BY source, key");
  std::vector<QueryState> states;
  while (select.step()) {
    QueryState& state = states.emplace_back();
    state.source = select.text(0);
    state.key = select.text(1);
    state.people = unpacked(select.text(2));
    state.complete = select.integer(3) != 0;
    state.complete_as_of = select.text(4);
    state.last_run = select.text(5);
    state.expected = optional_count(select, 6);
    state.fetched = count_of(select.integer(7));
    state.rejected = count_of(select.integer(8));
    state.calls = count_of(select.integer(9));
    state.cost = select.real(10);
    state.lookup = select.integer(11) != 0;
  }
  return states;
}

std::vector<Gap> open_gaps(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection,
      "SELECT source, key, people, reason, kind, since, expected, fetched FROM gap ORDER BY source, "
      "key");
  std::vector<Gap> gaps;
  while (select.step()) {
    Gap& gap = gaps.emplace_back();
    gap.source = select.text(0);
    gap.query = select.text(1);
    gap.people = unpacked(select.text(2));
    gap.reason = select.text(3);
    gap.kind = kind_of(select.integer(4));
    gap.since = select.text(5);
    gap.expected = optional_count(select, 6);
    gap.fetched = count_of(select.integer(7));
  }
  return gaps;
}

std::vector<ImportState> import_states(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection, "SELECT file, sha256, format, at, works, rejected FROM import ORDER BY at, import");
  std::vector<ImportState> states;
  while (select.step()) {
    ImportState& state = states.emplace_back();
    state.file = select.text(0);
    state.sha256 = select.text(1);
    state.format = select.text(2);
    state.at = select.text(3);
    state.works = count_of(select.integer(4));
    state.rejected = count_of(select.integer(5));
  }
  return states;
}

}  // namespace coterie::dataset
