#include "src/dataset/run_log.hpp"

#include <utility>

namespace coterie::dataset {

using sqlite::count_of;

std::int64_t begin_run(const sqlite::Connection& connection, const std::string& command,
                       std::string_view now) {
  sqlite::Statement insert(
      connection,
      "INSERT INTO run (command, began, ended, exit, calls, cost, added, changed, vanished, "
      "merged, gaps) VALUES (?1, ?2, '', NULL, 0, 0, 0, 0, 0, 0, 0)");
  insert.run(command, now);
  return connection.last_key();
}

void end_run(const sqlite::Connection& connection, std::int64_t run, const RunState& state,
             std::string_view now) {
  sqlite::Statement update(
      connection,
      "UPDATE run SET ended = ?2, exit = ?3, calls = ?4, cost = ?5, added = ?6, changed = ?7, vanished = ?8, "
      "merged = ?9, gaps = ?10 WHERE run = ?1");
  update.run(run, now, state.exit, state.calls, state.cost, state.added, state.changed, state.vanished,
             state.merged, state.gaps);
}

std::vector<RunState> newest_runs(const sqlite::Connection& connection, std::size_t count) {
  sqlite::Statement select(
      connection,
      "SELECT command, began, ended, exit, calls, cost, added, changed, vanished, merged, "
      "gaps FROM run ORDER BY run DESC LIMIT ?1");
  select.start(static_cast<std::int64_t>(count));
  std::vector<RunState> runs;
  while (select.step()) {
    RunState& run = runs.emplace_back();
    run.command = select.text(0);
    run.began = select.text(1);
    run.ended = select.text(2);
    if (!select.is_null(3)) run.exit = static_cast<int>(select.integer(3));
    run.calls = count_of(select.integer(4));
    run.cost = select.real(5);
    run.added = count_of(select.integer(6));
    run.changed = count_of(select.integer(7));
    run.vanished = count_of(select.integer(8));
    run.merged = count_of(select.integer(9));
    run.gaps = count_of(select.integer(10));
  }
  return runs;
}

std::string open_pass(const sqlite::Connection& connection, const std::string& source) {
  sqlite::Statement select(connection, "SELECT began FROM pass WHERE source = ?1");
  select.start(source);
  return select.step() ? std::string(select.text(0)) : std::string();
}

void begin_pass(const sqlite::Connection& connection, const std::string& source, std::string_view now) {
  sqlite::Statement upsert(connection, "INSERT OR REPLACE INTO pass (source, began) VALUES (?1, ?2)");
  upsert.run(source, now);
}

void end_pass(const sqlite::Connection& connection, const std::string& source) {
  sqlite::Statement drop(connection, "DELETE FROM pass WHERE source = ?1");
  drop.run(source);
}

void store_allowance(const sqlite::Connection& connection, const AllowanceState& state) {
  sqlite::Statement upsert(
      connection,
      "INSERT OR REPLACE INTO allowance (source, remaining, day_limit, told_at, renewed_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5)");
  upsert.run(state.source, state.remaining, state.limit, state.told_at, state.renewed_at);
}

std::vector<AllowanceState> allowances(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection, "SELECT source, remaining, day_limit, told_at, renewed_at FROM allowance ORDER BY source");
  std::vector<AllowanceState> states;
  while (select.step()) {
    AllowanceState& state = states.emplace_back();
    state.source = select.text(0);
    state.remaining = select.real(1);
    if (!select.is_null(2)) state.limit = select.real(2);
    state.told_at = select.text(3);
    state.renewed_at = select.text(4);
  }
  return states;
}

void store_alias(const sqlite::Connection& connection, const AuthorAlias& alias, std::string_view now) {
  // The time of the first telling stays.
  sqlite::Statement upsert(
      connection,
      "INSERT INTO author_alias (source, id, merged_into, since) VALUES (?1, ?2, ?3, ?4) ON "
      "CONFLICT (source, id) DO UPDATE SET merged_into = excluded.merged_into");
  upsert.run(alias.source, alias.id, alias.merged_into, now);
}

std::vector<AuthorAlias> aliases(const sqlite::Connection& connection) {
  sqlite::Statement select(connection,
                           "SELECT source, id, merged_into FROM author_alias ORDER BY source, id");
  std::vector<AuthorAlias> found;
  while (select.step()) {
    found.push_back({std::string(select.text(0)), std::string(select.text(1)), std::string(select.text(2))});
  }
  return found;
}

}  // namespace coterie::dataset
