#include "src/dataset/record_reader.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "coterie/error.hpp"
#include "src/dataset/packed_list.hpp"
#include "src/dataset/run_log.hpp"

namespace coterie::dataset {

namespace {

// The text of every cursor asks for the works in the same order, so that rows can be merged by the work's key
// alone.
constexpr const char* k_select_works =
    "SELECT work, id, doi, arxiv, title, year, date, type, venue, language, journal_reference, version, "
    "updated, "
    "cited_by, retracted, author_count, byline_truncated, reference_list, vanished FROM work WHERE source = "
    "?1 AND merged_into = '' ORDER BY id";
constexpr const char* k_select_authorships =
    "SELECT a.work, a.position, a.raw_name, a.name, a.author_id, a.orcid, a.corresponding FROM work AS w "
    "CROSS JOIN authorship AS a ON a.work = w.work WHERE w.source = ?1 AND w.merged_into = '' ORDER BY w.id, "
    "a.position";
constexpr const char* k_select_institutions =
    "SELECT a.work, a.position, i.id, i.name, i.ror, i.country, i.type, i.lineage FROM work AS w "
    "CROSS JOIN authorship_institution AS a ON a.work = w.work "
    "CROSS JOIN institution AS i ON i.institution = a.institution WHERE w.source = ?1 AND w.merged_into = '' "
    "ORDER BY w.id, a.position, a.place";
constexpr const char* k_select_affiliations =
    "SELECT a.work, a.position, f.text, f.institution_ids FROM work AS w "
    "CROSS JOIN authorship_affiliation AS a ON a.work = w.work "
    "CROSS JOIN affiliation AS f ON f.affiliation = a.affiliation WHERE w.source = ?1 AND w.merged_into = '' "
    "ORDER BY w.id, a.position, a.place";
constexpr const char* k_select_funding =
    "SELECT f.work, f.funder_id, f.funder_name, f.award_id FROM work AS w CROSS JOIN funding AS f ON f.work "
    "= w.work "
    "WHERE w.source = ?1 AND w.merged_into = '' ORDER BY w.id, f.place";

/// A statement whose current row waits until the work it belongs to comes by.
class Cursor {
 public:
  Cursor(const sqlite::Connection& connection, const char* sql, std::int64_t source)
      : m_statement(connection, sql) {
    m_statement.start(source);
    m_more = m_statement.step();
  }

  /// Calls `take` for each row of the work (column 0).
  template <typename Take>
  void rows_of(std::int64_t work, const Take& take) {
    while (m_more && m_statement.integer(0) == work) {
      take(m_statement);
      m_more = m_statement.step();
    }
  }

  /// Calls `take` for each row of the work's authorship (column 1).
  template <typename Take>
  void rows_of(std::int64_t work, std::int64_t position, const Take& take) {
    while (m_more && m_statement.integer(0) == work && m_statement.integer(1) == position) {
      take(m_statement);
      m_more = m_statement.step();
    }
  }

  [[nodiscard]] bool ended() const { return !m_more; }

 private:
  sqlite::Statement m_statement;
  bool m_more = false;
};

template <typename T>
T narrowed(std::int64_t value) {
  if (!std::in_range<T>(value)) {
    throw Error(ErrorKind::data,
                "the dataset is damaged: number '" + std::to_string(value) + "' is out of range");
  }
  return static_cast<T>(value);
}

void read_work(const sqlite::Statement& row, Work& work) {
  work.id = row.text(1);
  work.doi = row.text(2);
  work.arxiv = row.text(3);
  work.title = row.text(4);
  if (!row.is_null(5)) work.year = narrowed<int>(row.integer(5));
  work.date = row.text(6);
  work.type = row.text(7);
  work.venue = row.text(8);
  work.language = row.text(9);
  work.journal_reference = row.text(10);
  work.version = narrowed<int>(row.integer(11));
  work.updated = row.text(12);
  if (!row.is_null(13)) work.cited_by = row.integer(13);
  work.retracted = row.integer(14) != 0;
  work.author_count = narrowed<std::uint32_t>(row.integer(15));
  work.byline_truncated = row.integer(16) != 0;
  work.references = unpacked(row.text(17));
  work.vanished = row.text(18);
}

void read_authorship(const sqlite::Statement& row, Authorship& authorship) {
  authorship.raw_name = row.text(2);
  authorship.name = row.is_null(3) ? row.text(2) : row.text(3);
  authorship.author_id = row.text(4);
  authorship.orcid = row.text(5);
  if (!row.is_null(6)) authorship.corresponding = row.integer(6) != 0;
}

void read_institution(const sqlite::Statement& row, Institution& institution) {
  institution.id = row.text(2);
  institution.name = row.text(3);
  institution.ror = row.text(4);
  institution.country = row.text(5);
  institution.type = row.text(6);
  institution.lineage = unpacked(row.text(7));
}

/// Author ids of the source that went into others, followed to the end; ids that go round in a circle are
/// left as they are.
std::map<std::string, std::string> final_aliases(const sqlite::Connection& connection,
                                                 const std::string& source) {
  std::map<std::string, std::string> next;
  for (AuthorAlias& alias : aliases(connection)) {
    if (alias.source == source) next.emplace(std::move(alias.id), std::move(alias.merged_into));
  }
  std::map<std::string, std::string> found;
  for (const auto& [id, into] : next) {
    std::string end = into;
    std::size_t steps = 0;
    for (auto step = next.find(end); step != next.end() && steps <= next.size(); step = next.find(end)) {
      end = step->second;
      ++steps;
    }
    if (steps <= next.size()) found.emplace(id, end);
  }
  return found;
}

/// The cursors of one source.
class Records {
 public:
  Records(const sqlite::Connection& connection, std::int64_t source, std::string name)
      : m_name(std::move(name)),
        m_aliases(final_aliases(connection, m_name)),
        m_works(connection, k_select_works),
        m_authorships(connection, k_select_authorships, source),
        m_institutions(connection, k_select_institutions, source),
        m_affiliations(connection, k_select_affiliations, source),
        m_funding(connection, k_select_funding, source) {
    m_works.start(source);
  }

  void for_each(const std::function<void(const Work&)>& take) {
    while (m_works.step()) {
      Work work;
      work.source = m_name;
      read_work(m_works, work);
      read_byline(m_works.integer(0), work);
      take(work);
    }
    if (!m_authorships.ended() || !m_institutions.ended() || !m_affiliations.ended() || !m_funding.ended()) {
      throw Error(ErrorKind::data,
                  "the dataset is damaged: rows of source '" + m_name + "' belong to no work");
    }
  }

 private:
  void read_byline(std::int64_t key, Work& work) {
    m_authorships.rows_of(key, [&](const sqlite::Statement& row) {
      Authorship& authorship = work.authorships.emplace_back();
      read_authorship(row, authorship);
      if (const auto alias = m_aliases.find(authorship.author_id); alias != m_aliases.end()) {
        authorship.author_id = alias->second;
      }
      const std::int64_t position = row.integer(1);
      m_institutions.rows_of(key, position, [&](const sqlite::Statement& institution) {
        read_institution(institution, authorship.institutions.emplace_back());
      });
      m_affiliations.rows_of(key, position, [&](const sqlite::Statement& affiliation) {
        authorship.affiliations.push_back({std::string(affiliation.text(2)), unpacked(affiliation.text(3))});
      });
    });
    m_funding.rows_of(key, [&](const sqlite::Statement& row) {
      work.funding.push_back({std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))});
    });
  }

  std::string m_name;
  std::map<std::string, std::string> m_aliases;  // author id -> what it went into in the end
  sqlite::Statement m_works;
  Cursor m_authorships;
  Cursor m_institutions;
  Cursor m_affiliations;
  Cursor m_funding;
};

}  // namespace

void for_each_work(const sqlite::Connection& connection, const std::function<void(const Work&)>& take) {
  std::vector<std::pair<std::string, std::int64_t>> sources;
  sqlite::Statement select(connection, "SELECT name, source FROM source ORDER BY name");
  while (select.step()) sources.emplace_back(select.text(0), select.integer(1));
  for (auto& [name, key] : sources) Records(connection, key, std::move(name)).for_each(take);
}

std::vector<std::string> coauthor_ids(const sqlite::Connection& connection, const std::string& source,
                                      std::span<const std::string> author_ids) {
  sqlite::Statement select_works(
      connection,
      // From the few works of the authors; the planner might begin with all works of the source.
      "SELECT a.work FROM authorship AS a INDEXED BY authorship_by_author CROSS JOIN work AS w ON w.work = "
      "a.work "
      "CROSS JOIN source AS s ON s.source = w.source WHERE a.author_id = ?1 AND a.author_id <> '' AND s.name "
      "= ?2");
  sqlite::Statement select_byline(connection,
                                  "SELECT author_id FROM authorship WHERE work = ?1 AND author_id <> ''");
  std::set<std::int64_t> works;
  for (const std::string& id : author_ids) {
    select_works.start(id, source);
    while (select_works.step()) works.insert(select_works.integer(0));
  }
  std::unordered_set<std::string> found;
  for (const std::int64_t work : works) {
    select_byline.start(work);
    while (select_byline.step()) found.emplace(select_byline.text(0));
  }
  for (const std::string& id : author_ids) found.erase(id);
  std::vector<std::string> ids(found.begin(), found.end());
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<SourceState> source_states(const sqlite::Connection& connection) {
  sqlite::Statement select_works(
      connection,
      "SELECT s.source, s.name, sum(w.merged_into = ''), sum(w.byline_truncated), max(w.fetched_at), "
      "sum(w.vanished <> ''), sum(w.merged_into <> '') "
      "FROM source AS s JOIN work AS w ON w.source = s.source GROUP BY s.name ORDER BY s.name");
  sqlite::Statement select_authorships(connection,
                                       "SELECT count(*), coalesce(sum(NOT EXISTS (SELECT 1 FROM "
                                       "authorship_institution AS i WHERE i.work = a.work AND "
                                       "i.position = a.position) AND NOT EXISTS (SELECT 1 FROM "
                                       "authorship_affiliation AS f WHERE f.work = a.work AND "
                                       "f.position = a.position)), 0) FROM work AS w CROSS JOIN authorship "
                                       "AS a ON a.work = w.work WHERE w.source = ?1 AND w.merged_into = ''");
  std::vector<SourceState> states;
  while (select_works.step()) {
    SourceState& state = states.emplace_back();
    state.source = select_works.text(1);
    state.records = narrowed<std::uint64_t>(select_works.integer(2));
    state.truncated_bylines = narrowed<std::uint64_t>(select_works.integer(3));
    state.newest_fetch = select_works.text(4);
    state.vanished = narrowed<std::uint64_t>(select_works.integer(5));
    state.merged = narrowed<std::uint64_t>(select_works.integer(6));
    select_authorships.start(select_works.integer(0));
    if (!select_authorships.step()) continue;
    state.authorships = narrowed<std::uint64_t>(select_authorships.integer(0));
    state.unknown_affiliations = narrowed<std::uint64_t>(select_authorships.integer(1));
  }
  return states;
}

}  // namespace coterie::dataset
