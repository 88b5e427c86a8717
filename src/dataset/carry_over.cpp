#include "src/dataset/carry_over.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include "coterie/util/text.hpp"
#include "src/dataset/schema.hpp"
#include "src/util/descriptor.hpp"

namespace coterie::dataset {

namespace {

/// Columns of a table but the given ones. Both datasets have the same schema, so that no list of columns has
/// to be kept here.
std::vector<std::string> columns_of(const sqlite::Connection& connection, const std::string& table,
                                    const std::vector<std::string>& without) {
  sqlite::Statement select(connection, "SELECT name FROM pragma_table_info(?1) ORDER BY cid");
  select.start(table);
  std::vector<std::string> columns;
  while (select.step()) {
    std::string name(select.text(0));
    if (std::find(without.begin(), without.end(), name) == without.end()) columns.push_back(std::move(name));
  }
  return columns;
}

/// `a, b` or `o.a, o.b`
std::string listed(const std::vector<std::string>& columns, const std::string& prefix = {}) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(prefix + column);
  return text::join(names, ", ");
}

/// `n.a IS o.a AND n.b IS o.b`
std::string alike(const std::vector<std::string>& columns) {
  std::string condition;
  for (const std::string& column : columns)
    condition += fmt::format("{}n.{} IS o.{}", condition.empty() ? "" : " AND ", column, column);
  return condition;
}

class CarryingOver {
 public:
  explicit CarryingOver(sqlite::Connection& connection) : m_connection(connection) {}

  CarriedOver run() {
    choose_works();
    CarriedOver carried;
    carried.works = count("SELECT count(*) FROM temp.carried");
    if (carried.works > 0) take_works();
    take_marks();
    take_people();
    take_queries();
    carried.imports = take_rows("import", {"import"}, {"file", "sha256"});
    take_rows("author_alias", {}, {"source", "id"});
    take_newer("allowance", "source", "told_at");
    carried.runs = take_runs();
    execute("DROP TABLE temp.carried");
    return carried;
  }

 private:
  void execute(const std::string& sql) { m_connection.execute(sql.c_str()); }

  [[nodiscard]] std::uint64_t count(std::string_view sql) const {
    sqlite::Statement select(m_connection, sql);
    return select.step() ? static_cast<std::uint64_t>(select.integer(0)) : 0;
  }

  [[nodiscard]] std::vector<std::string> columns(const std::string& table,
                                                 const std::vector<std::string>& without) const {
    return columns_of(m_connection, table, without);
  }

  /// Works that are not here, or that were told later there.
  void choose_works() {
    execute(
        "CREATE TEMP TABLE carried AS SELECT o.work AS old, n.work AS new, s.name AS source, o.id AS id FROM "
        "old.work AS o JOIN old.source AS s ON s.source = o.source LEFT JOIN main.source AS t ON t.name = "
        "s.name LEFT JOIN main.work AS n ON n.source = t.source AND n.id = o.id WHERE n.work IS NULL OR "
        "o.fetched_at > n.fetched_at ORDER BY o.work");
    execute("CREATE UNIQUE INDEX temp.carried_by_old ON carried (old)");
  }

  void take_works() {
    execute(
        "INSERT INTO main.source (name) SELECT DISTINCT source FROM temp.carried WHERE source NOT IN (SELECT "
        "name FROM main.source) ORDER BY source");
    for (const char* table : {"authorship", "funding", "work"}) {
      execute(fmt::format(
          "DELETE FROM main.{} WHERE work IN (SELECT new FROM temp.carried WHERE new IS NOT NULL)", table));
    }
    const auto facts = columns("work", {"work", "source"});
    execute(fmt::format(
        "INSERT INTO main.work (work, source, {}) SELECT c.new, (SELECT source FROM main.source WHERE name = "
        "c.source), {} FROM temp.carried AS c JOIN old.work AS o ON o.work = c.old ORDER BY c.old",
        listed(facts), listed(facts, "o.")));
    execute(
        "UPDATE temp.carried SET new = (SELECT w.work FROM main.work AS w JOIN main.source AS s ON s.source "
        "= "
        "w.source WHERE s.name = carried.source AND w.id = carried.id)");
    take_rows_of_works("authorship");
    take_rows_of_works("funding");
    take_shared("institution", "authorship_institution");
    take_shared("affiliation", "authorship_affiliation");
  }

  /// Works that vanished or went into others after they were told last, which leaves their time as it is.
  void take_marks() {
    execute(
        "UPDATE main.work AS n SET vanished = o.vanished, checked = o.checked, merged_into = o.merged_into "
        "FROM old.work AS o, old.source AS s, main.source AS t WHERE s.source = o.source AND t.name = s.name "
        "AND n.source = t.source AND n.id = o.id AND n.fetched_at = o.fetched_at AND (o.vanished <> "
        "n.vanished "
        "OR o.merged_into <> n.merged_into OR o.checked > n.checked)");
  }

  void take_rows_of_works(const std::string& table) {
    const auto facts = columns(table, {"work"});
    execute(fmt::format(
        "INSERT INTO main.{0} (work, {1}) SELECT c.new, {2} FROM temp.carried AS c JOIN old.{0} AS o ON "
        "o.work = c.old",
        table, listed(facts), listed(facts, "o.")));
  }

  /// Rows that works share by content, and the rows that refer to them.
  void take_shared(const std::string& shared, const std::string& table) {
    const auto facts = columns(shared, {shared});
    execute(fmt::format(
        "INSERT INTO main.{0} ({1}) SELECT {2} FROM old.{0} AS o WHERE o.{0} IN (SELECT a.{0} FROM old.{3} "
        "AS "
        "a JOIN temp.carried AS c ON c.old = a.work) AND NOT EXISTS (SELECT 1 FROM main.{0} AS n WHERE {4}) "
        "ORDER BY o.{0}",
        shared, listed(facts), listed(facts, "o."), table, alike(facts)));
    execute(fmt::format(
        "INSERT INTO main.{0} (work, position, place, {1}) SELECT c.new, a.position, a.place, (SELECT n.{1} "
        "FROM main.{1} AS n WHERE {2} LIMIT 1) FROM temp.carried AS c JOIN old.{0} AS a ON a.work = c.old "
        "JOIN old.{1} AS o ON o.{1} = a.{1}",
        table, shared, alike(facts)));
  }

  /// Who was taken for whom, of people who were searched for later there, or never here.
  void take_people() {
    const std::string newer =
        "SELECT 1 FROM main.resolution AS n WHERE n.person = o.person AND n.source = o.source AND "
        "n.searched_at >= coalesce((SELECT r.searched_at FROM old.resolution AS r WHERE r.person = o.person "
        "AND r.source = o.source), '')";
    execute(fmt::format(
        "CREATE TEMP TABLE resolved AS SELECT DISTINCT o.person, o.source FROM (SELECT person, source FROM "
        "old.identity UNION SELECT person, source FROM old.resolution) AS o WHERE NOT EXISTS ({}) AND NOT "
        "(NOT EXISTS (SELECT 1 FROM old.resolution AS r WHERE r.person = o.person AND r.source = o.source) "
        "AND EXISTS (SELECT 1 FROM main.identity AS i WHERE i.person = o.person AND i.source = o.source))",
        newer));
    for (const char* table : {"identity", "resolution"}) {
      execute(fmt::format(
          "DELETE FROM main.{} WHERE (person, source) IN (SELECT person, source FROM temp.resolved)", table));
      execute(
          fmt::format("INSERT INTO main.{0} SELECT * FROM old.{0} WHERE (person, source) IN (SELECT "
                      "person, source FROM temp.resolved)",
                      table));
    }
    execute("DROP TABLE temp.resolved");
  }

  /// Queries that were asked later there, or never here, with what they lack.
  void take_queries() {
    execute(
        "CREATE TEMP TABLE asked AS SELECT o.query AS old, n.query AS new, o.source AS source, o.key AS key "
        "FROM old.query AS o LEFT JOIN main.query AS n ON n.source = o.source AND n.key = o.key WHERE "
        "n.query "
        "IS NULL OR o.last_run > n.last_run ORDER BY o.query");
    execute("DELETE FROM main.query_record WHERE query IN (SELECT new FROM temp.asked)");
    execute("DELETE FROM main.query WHERE query IN (SELECT new FROM temp.asked)");
    const auto facts = columns("query", {"query"});
    execute(fmt::format(
        "INSERT INTO main.query (query, {}) SELECT a.new, {} FROM temp.asked AS a JOIN old.query AS o ON "
        "o.query = a.old ORDER BY a.old",
        listed(facts), listed(facts, "o.")));
    execute(
        "INSERT INTO main.query_record (query, id) SELECT n.query, r.id FROM temp.asked AS a JOIN "
        "old.query_record AS r ON r.query = a.old JOIN main.query AS n ON n.source = a.source AND n.key = "
        "a.key");
    execute("DELETE FROM main.gap WHERE (source, key) IN (SELECT source, key FROM temp.asked)");
    execute(
        "INSERT INTO main.gap SELECT * FROM old.gap WHERE (source, key) IN (SELECT source, key FROM "
        "temp.asked)");
    execute("DROP TABLE temp.asked");
  }

  /// Rows whose key is not here. \return how many
  std::uint64_t take_rows(const std::string& table, const std::vector<std::string>& without,
                          const std::vector<std::string>& key) {
    const std::vector<std::string>& order = without.empty() ? key : without;
    const auto facts = columns(table, without);
    execute(
        fmt::format("INSERT INTO main.{0} ({1}) SELECT {2} FROM old.{0} AS o WHERE NOT EXISTS (SELECT 1 "
                    "FROM main.{0} AS n WHERE {3}) ORDER BY {4}",
                    table, listed(facts), listed(facts, "o."), alike(key), listed(order, "o.")));
    return static_cast<std::uint64_t>(m_connection.changes());
  }

  void take_newer(const std::string& table, const std::string& key, const std::string& time) {
    execute(
        fmt::format("INSERT OR REPLACE INTO main.{0} SELECT o.* FROM old.{0} AS o WHERE NOT EXISTS "
                    "(SELECT 1 FROM main.{0} AS n WHERE n.{1} = o.{1} AND n.{2} >= o.{2})",
                    table, key, time));
  }

  /// The log of runs as it is there, with what is here alone, in the order in which they began; and which
  /// passes are open after the last of them.
  std::uint64_t take_runs() {
    const auto facts = columns("run", {"run"});
    const std::string missing =
        fmt::format("SELECT {0} FROM old.run EXCEPT SELECT {0} FROM main.run", listed(facts));
    const std::uint64_t runs = count(fmt::format("SELECT count(*) FROM ({})", missing));
    if (runs == 0) return 0;
    if (count("SELECT (SELECT max(began) FROM old.run) > coalesce((SELECT max(began) FROM main.run), '')") !=
        0) {
      execute("DELETE FROM main.pass");
      execute("INSERT INTO main.pass SELECT * FROM old.pass");
    }
    execute(fmt::format(
        "CREATE TEMP TABLE runs AS SELECT {0} FROM old.run UNION ALL SELECT {1} FROM main.run AS n WHERE NOT "
        "EXISTS (SELECT 1 FROM old.run AS o WHERE o.began = n.began AND o.command = n.command)",
        listed(facts), listed(facts, "n.")));
    execute("DELETE FROM main.run");
    execute(
        fmt::format("INSERT INTO main.run ({0}) SELECT {0} FROM temp.runs ORDER BY began", listed(facts)));
    execute("DROP TABLE temp.runs");
    return runs;
  }

  sqlite::Connection& m_connection;
};

void copy_over(const sqlite::Connection& from, const std::filesystem::path& target) {
  sqlite::Connection to(target, sqlite::Connection::Mode::read_write);
  static_cast<void>(schema_version(to, target.string()));
  to.execute("PRAGMA synchronous = FULL");
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) to.fail(sqlite3_errcode(to.handle()));
  const int step = sqlite3_backup_step(backup, -1);
  const int end = sqlite3_backup_finish(backup);
  if (end != SQLITE_OK) to.fail(end);
  if (step != SQLITE_DONE) to.fail(step);
  to.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

CarriedOver carry_over(sqlite::Connection& connection, const std::filesystem::path& other) {
  {
    sqlite::Statement attach(connection, "ATTACH DATABASE ?1 AS old");
    attach.run(other.string());
  }
  CarriedOver carried;
  {
    sqlite::Transaction transaction(connection, sqlite::Transaction::Safety::durable);
    carried = CarryingOver(connection).run();
    transaction.commit();
  }
  connection.execute("DETACH DATABASE old");
  return carried;
}

void replace(const std::filesystem::path& target, const std::filesystem::path& from) {
  std::error_code failure;
  {
    sqlite::Connection connection(from, sqlite::Connection::Mode::read_write);
    if (std::filesystem::exists(target, failure)) {
      copy_over(connection, target);
      return;
    }
    // Everything into the file itself; the log goes when the connection closes.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  {
    const Descriptor file(open_file(from, O_RDONLY));
    if (file.number() < 0) throw_system_error(ErrorKind::io, "cannot open", from);
    sync(file.number(), from);
  }
  // The log of a dataset that is gone must not be taken for that of the new one.
  for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(target.string() + rest, failure);
  if (std::rename(from.c_str(), target.c_str()) != 0)
    throw_system_error(ErrorKind::cannot_create, "cannot rename to", target);
  sync_folder(folder_of(target));
}

}  // namespace coterie::dataset
