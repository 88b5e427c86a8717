#include "src/dataset/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <charconv>
#include <optional>

#include "coterie/error.hpp"

namespace coterie::dataset {

namespace {

// Published steps: a step that a release has shipped is never changed, a later one amends it.

/// Works as the sources tell them. Institutions and affiliations are rows by content: two works that were
/// told different facts of one institution refer to two rows, so that every record comes back exactly as it
/// was told and no record depends on what was stored before it. `digest` is the start of the content's
/// SHA-256, by which the row is found.
constexpr const char* k_works = R"sql(
CREATE TABLE source (
  source INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE work (
  work INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  id TEXT NOT NULL,
  doi TEXT NOT NULL,
  arxiv TEXT NOT NULL,
  title TEXT NOT NULL,
  year INTEGER,
  date TEXT NOT NULL,
  type TEXT NOT NULL,
  venue TEXT NOT NULL,
  language TEXT NOT NULL,
  journal_reference TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated TEXT NOT NULL,
  cited_by INTEGER,
  retracted INTEGER NOT NULL,
  author_count INTEGER NOT NULL,
  byline_truncated INTEGER NOT NULL,
  fetched_at TEXT NOT NULL,
  reference_list TEXT NOT NULL,
  UNIQUE (source, id)
) STRICT;
CREATE TABLE authorship (
  work INTEGER NOT NULL REFERENCES work,
  position INTEGER NOT NULL,
  raw_name TEXT NOT NULL,
  name TEXT,
  author_id TEXT NOT NULL,
  orcid TEXT NOT NULL,
  corresponding INTEGER,
  PRIMARY KEY (work, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX authorship_by_author ON authorship (author_id) WHERE author_id <> '';
CREATE TABLE institution (
  institution INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  ror TEXT NOT NULL,
  country TEXT NOT NULL,
  type TEXT NOT NULL,
  lineage TEXT NOT NULL
) STRICT;
CREATE INDEX institution_by_digest ON institution (digest);
CREATE TABLE affiliation (
  affiliation INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,
  text TEXT NOT NULL,
  institution_ids TEXT NOT NULL
) STRICT;
CREATE INDEX affiliation_by_digest ON affiliation (digest);
CREATE TABLE authorship_institution (
  work INTEGER NOT NULL,
  position INTEGER NOT NULL,
  place INTEGER NOT NULL,
  institution INTEGER NOT NULL REFERENCES institution,
  PRIMARY KEY (work, position, place),
  FOREIGN KEY (work, position) REFERENCES authorship ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE authorship_affiliation (
  work INTEGER NOT NULL,
  position INTEGER NOT NULL,
  place INTEGER NOT NULL,
  affiliation INTEGER NOT NULL REFERENCES affiliation,
  PRIMARY KEY (work, position, place),
  FOREIGN KEY (work, position) REFERENCES authorship ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE funding (
  work INTEGER NOT NULL REFERENCES work,
  place INTEGER NOT NULL,
  funder_id TEXT NOT NULL,
  funder_name TEXT NOT NULL,
  award_id TEXT NOT NULL,
  PRIMARY KEY (work, place)
) STRICT, WITHOUT ROWID;
)sql";

/// How far the queries have come, what is missing, and which files were read.
constexpr const char* k_fetch_log = R"sql(
CREATE TABLE query (
  query INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  lookup INTEGER NOT NULL,
  people TEXT NOT NULL,
  cursor TEXT NOT NULL,
  seen INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  complete_as_of TEXT NOT NULL,
  last_run TEXT NOT NULL,
  expected INTEGER,
  fetched INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  cost REAL NOT NULL,
  UNIQUE (source, key)
) STRICT;
CREATE TABLE query_record (
  query INTEGER NOT NULL REFERENCES query,
  id TEXT NOT NULL,
  PRIMARY KEY (query, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE gap (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  people TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind INTEGER NOT NULL,
  since TEXT NOT NULL,
  expected INTEGER,
  fetched INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE import (
  import INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  format TEXT NOT NULL,
  at TEXT NOT NULL,
  works INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  UNIQUE (file, sha256)
) STRICT;
)sql";

/// Who is who.
constexpr const char* k_identities = R"sql(
CREATE TABLE identity (
  person TEXT NOT NULL,
  source TEXT NOT NULL,
  author_id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  method TEXT NOT NULL,
  score REAL NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (person, source, author_id)
) STRICT, WITHOUT ROWID;
)sql";

/// What became of records: their content as a number, by which a change is seen; since when the source does
/// not have a work any more; when a work that no list brings was last asked for alone; the work it went into.
/// Likewise for authors, and what is known of allowances and of the runs themselves.
constexpr const char* k_history = R"sql(
ALTER TABLE work ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN vanished TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN checked TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE query ADD COLUMN began TEXT NOT NULL DEFAULT '';
ALTER TABLE query ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
UPDATE query SET known = fetched WHERE complete = 1;
CREATE INDEX authorship_by_institution ON authorship_institution (institution);
CREATE TABLE author_alias (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  merged_into TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE resolution (
  person TEXT NOT NULL,
  source TEXT NOT NULL,
  digest TEXT NOT NULL,
  searched_at TEXT NOT NULL,
  PRIMARY KEY (person, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE allowance (
  source TEXT PRIMARY KEY,
  remaining REAL NOT NULL,
  day_limit REAL,
  told_at TEXT NOT NULL,
  renewed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pass (
  source TEXT PRIMARY KEY,
  began TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
  run INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  began TEXT NOT NULL,
  ended TEXT NOT NULL,
  exit INTEGER,
  calls INTEGER NOT NULL,
  cost REAL NOT NULL,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  vanished INTEGER NOT NULL,
  merged INTEGER NOT NULL,
  gaps INTEGER NOT NULL
) STRICT;
)sql";

constexpr std::array k_migrations{
    Migration{k_works, "PRAGMA user_version = 1"},
    Migration{k_fetch_log, "PRAGMA user_version = 2"},
    Migration{k_identities, "PRAGMA user_version = 3"},
    Migration{k_history, "PRAGMA user_version = 4"},
};

std::int64_t integer_of(const sqlite::Connection& connection, std::string_view sql) {
  sqlite::Statement statement(connection, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string text_of(const sqlite::Connection& connection, std::string_view sql) {
  sqlite::Statement statement(connection, sql);
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

void migrate_to(sqlite::Connection& connection, const std::string& name, const FileKind& kind, int target) {
  if (schema_version(connection, name, kind) == 0) connection.execute(kind.new_file);
  connection.execute("PRAGMA journal_mode = WAL");
  if (schema_version(connection, name, kind) >= target) return;
  sqlite::Transaction transaction(connection, sqlite::Transaction::Safety::durable);
  // Asked again, because another process may have migrated while this one waited for its turn.
  const int found = schema_version(connection, name, kind);
  if (found == 0) connection.execute(kind.stamp);
  for (std::size_t step = static_cast<std::size_t>(found); step < static_cast<std::size_t>(target); ++step) {
    connection.execute(kind.migrations[step].sql);
    connection.execute(kind.migrations[step].stamp);
  }
  transaction.commit();
}

}  // namespace

const FileKind& dataset_file() {
  static_assert(k_application_id == 1668248677);
  static constexpr FileKind k_kind{"dataset", k_application_id, "PRAGMA page_size = 8192",
                                   "PRAGMA application_id = 1668248677", k_migrations};
  return k_kind;
}

int newest_schema() { return dataset_file().newest(); }

int schema_version(const sqlite::Connection& connection, const std::string& name, const FileKind& kind) {
  const std::int64_t application = integer_of(connection, "PRAGMA application_id");
  const std::int64_t version = integer_of(connection, "PRAGMA user_version");
  const std::int64_t objects = integer_of(connection, "SELECT count(*) FROM sqlite_schema");
  if (application == 0 && version == 0 && objects == 0) return 0;
  if (application != kind.application_id) {
    throw Error(ErrorKind::data,
                fmt::format("'{}' is a SQLite file with application id '{:#x}', a {} of coterie "
                            "({:#x}) expected",
                            name, application, kind.noun, kind.application_id));
  }
  if (version > kind.newest()) {
    throw Error(
        ErrorKind::configuration,
        fmt::format("{} '{}' has schema version '{}', written by a newer coterie; this one knows versions up "
                    "to {}",
                    kind.noun, name, version, kind.newest()));
  }
  const std::string encoding = text_of(connection, "PRAGMA encoding");
  if (version < 1 || encoding != "UTF-8") {
    throw Error(ErrorKind::data, fmt::format("{} '{}' is damaged: schema version '{}', encoding '{}'; a "
                                             "version from 1 and UTF-8 expected",
                                             kind.noun, name, version, encoding));
  }
  return static_cast<int>(version);
}

void migrate(sqlite::Connection& connection, const std::string& name, int target) {
  migrate_to(connection, name, dataset_file(), target);
}

void migrate(sqlite::Connection& connection, const std::string& name, const FileKind& kind) {
  migrate_to(connection, name, kind, kind.newest());
}

void check_for_damage(const sqlite::Connection& connection, const std::string& name, const FileKind& kind) {
  sqlite::Statement statement(connection, "PRAGMA quick_check(1)");
  if (!statement.step() || statement.text(0) == "ok") return;
  const std::string_view found = statement.text(0);
  // A page that could not be read for want of memory, or by a failing disk, says nothing about its content.
  constexpr std::string_view k_unread = "error code=";
  int code = 0;
  if (const std::size_t at = found.find(k_unread); at != std::string_view::npos) {
    std::from_chars(found.data() + at + k_unread.size(), found.data() + found.size(), code);
  }
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR) connection.fail(code);
  throw Error(ErrorKind::data, fmt::format("{} '{}' is damaged: {}", kind.noun, name, found));
}

}  // namespace coterie::dataset
