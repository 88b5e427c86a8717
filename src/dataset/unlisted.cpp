#include "src/dataset/unlisted.hpp"

#include <algorithm>
#include <set>

namespace coterie::dataset {

namespace {

constexpr int k_first_year = -9999;
constexpr int k_last_year = 9999;

std::set<std::int64_t> works_of(const sqlite::Connection& connection, const char* sql,
                                const std::vector<std::string>& values) {
  sqlite::Statement select(connection, sql);
  std::set<std::int64_t> works;
  for (const std::string& value : values) {
    select.start(value);
    while (select.step()) works.insert(select.integer(0));
  }
  return works;
}

/// Works, of any source, that the query's authors or institutions stand on.
std::set<std::int64_t> works_of(const sqlite::Connection& connection, const Query& query) {
  if (query.kind == Query::Kind::works_of_authors) {
    return works_of(connection,
                    "SELECT work FROM authorship INDEXED BY authorship_by_author WHERE author_id = ?1 AND "
                    "author_id <> ''",
                    query.values);
  }
  if (query.kind != Query::Kind::works_of_institutions || query.values.empty()) return {};
  const std::string kind = query.values.front().substr(0, query.values.front().find(':'));
  std::vector<std::string> ids;
  for (const std::string& value : query.values) ids.push_back(value.substr(value.find(':') + 1));
  // Lists are texts that each end with a line feed.
  const char* const sql =
      kind == "ror" ? "SELECT a.work FROM institution AS i CROSS JOIN authorship_institution AS a ON "
                      "a.institution = i.institution WHERE i.ror = ?1"
      : kind == "id"
          ? "SELECT a.work FROM institution AS i CROSS JOIN authorship_institution AS a ON "
            "a.institution = i.institution WHERE i.id = ?1"
          : "SELECT a.work FROM institution AS i CROSS JOIN authorship_institution AS a ON "
            "a.institution = i.institution WHERE i.id = ?1 OR instr(char(10) || i.lineage, char(10) "
            "|| ?1 || char(10)) > 0";
  return works_of(connection, sql, ids);
}

}  // namespace

std::vector<std::string> unlisted(const sqlite::Connection& connection, const Query& query,
                                  std::string_view checked_since) {
  sqlite::Statement select(
      connection,
      "SELECT w.id FROM work AS w CROSS JOIN source AS s ON s.source = w.source WHERE w.work = ?1 AND s.name "
      "= "
      "?2 AND w.vanished = '' AND w.merged_into = '' AND w.checked < ?3 AND w.year BETWEEN ?4 AND ?5 AND NOT "
      "EXISTS (SELECT 1 FROM query AS q CROSS JOIN query_record AS r ON r.query = q.query AND r.id = w.id "
      "WHERE q.source = ?2 AND q.key = ?6)");
  const std::string key = query.key();
  std::vector<std::string> ids;
  for (const std::int64_t work : works_of(connection, query)) {
    select.start(work, query.source, checked_since, query.window.from.value_or(k_first_year),
                 query.window.to.value_or(k_last_year), key);
    if (select.step()) ids.emplace_back(select.text(0));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace coterie::dataset
