#include "src/dataset/schema.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "coterie/dataset.hpp"
#include "tests/dataset/sample_works.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Runs SQL on a file as any other program would.
void run_sql(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

std::optional<Error> error_of_opening(const std::filesystem::path& path, Dataset::Mode mode) {
  try {
    const Dataset dataset(path, mode);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

void expect_refused(const std::filesystem::path& path, ErrorKind kind, const std::string& word) {
  for (const auto mode : {Dataset::Mode::read_write, Dataset::Mode::read_only}) {
    const auto error = error_of_opening(path, mode);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->kind(), kind) << error->what();
    EXPECT_NE(std::string(error->what()).find(word), std::string::npos) << error->what();
  }
}

TEST(Schema, EveryOlderVersionIsBroughtUpToDateWithItsData) {
  for (int version = 1; version < dataset::newest_schema(); ++version) {
    const TemporaryFolder folder;
    const auto path = folder / "dataset.sqlite";
    {
      sqlite::Connection connection(path, sqlite::Connection::Mode::read_write);
      dataset::migrate(connection, "old", version);
      EXPECT_EQ(dataset::schema_version(connection, "old"), version);
      connection.execute("INSERT INTO source (name) VALUES ('openalex')");
      connection.execute(
          "INSERT INTO work (source, id, doi, arxiv, title, date, type, venue, language, journal_reference, "
          "version, "
          "updated, retracted, author_count, byline_truncated, fetched_at, reference_list) VALUES (1, 'W1', "
          "'', '', "
          "'Kept', '', '', '', '', '', 0, '', 0, 0, 0, '', '')");
    }
    const auto error = error_of_opening(path, Dataset::Mode::read_only);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->kind(), ErrorKind::configuration);
    Dataset dataset(path, Dataset::Mode::read_write);
    const std::vector<Work> works = works_of(dataset);
    ASSERT_EQ(works.size(), 1U);
    EXPECT_EQ(works[0].title, "Kept");
    EXPECT_TRUE(dataset.queries().empty());
    EXPECT_TRUE(dataset.identities().empty());
    EXPECT_FALSE(error_of_opening(path, Dataset::Mode::read_only).has_value());
  }
}

TEST(Schema, ANewerVersionIsRefusedWithBothVersions) {
  const TemporaryFolder folder;
  const auto path = folder / "dataset.sqlite";
  { const Dataset dataset(path, Dataset::Mode::read_write); }
  run_sql(path, "PRAGMA user_version = 4711");
  expect_refused(path, ErrorKind::configuration, "'4711'");
  expect_refused(path, ErrorKind::configuration, "up to " + std::to_string(dataset::newest_schema()));
}

TEST(Schema, AForeignDatabaseIsRefusedAndNotTouched) {
  const TemporaryFolder folder;
  const auto path = folder / "foreign.sqlite";
  run_sql(path, "CREATE TABLE notes (text TEXT)");
  const std::string before = bytes_of(path);
  expect_refused(path, ErrorKind::data, "dataset of coterie");
  run_sql(path, "PRAGMA application_id = 42");
  expect_refused(path, ErrorKind::data, "0x2a");
  run_sql(path, "PRAGMA application_id = 0");
  EXPECT_EQ(bytes_of(path).size(), before.size());
  EXPECT_FALSE(std::filesystem::exists(folder / "foreign.sqlite-wal"));
}

TEST(Schema, WhatIsNoDatabaseIsRefusedAndNotTouched) {
  const TemporaryFolder folder;
  const auto path = folder / "notes.txt";
  const std::string text(5000, 'x');
  write_bytes(path, text);
  expect_refused(path, ErrorKind::data, "notes.txt");
  EXPECT_EQ(bytes_of(path), text);
}

TEST(Schema, AMissingFileIsNoInputForAReader) {
  const TemporaryFolder folder;
  const auto error = error_of_opening(folder / "absent.sqlite", Dataset::Mode::read_only);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->kind(), ErrorKind::no_input);
  EXPECT_FALSE(std::filesystem::exists(folder / "absent.sqlite"));
}

TEST(Schema, AnImpossiblePlaceCannotBeCreated) {
  const TemporaryFolder folder;
  const auto error = error_of_opening(folder / "no/such/folder.sqlite", Dataset::Mode::read_write);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->kind(), ErrorKind::cannot_create);
}

TEST(Schema, AnEmptyFileBecomesADatasetButIsNoneToRead) {
  const TemporaryFolder folder;
  const auto path = folder / "empty.sqlite";
  write_bytes(path, "");
  EXPECT_EQ(error_of_opening(path, Dataset::Mode::read_only)->kind(), ErrorKind::data);
  EXPECT_FALSE(error_of_opening(path, Dataset::Mode::read_write).has_value());
  EXPECT_FALSE(error_of_opening(path, Dataset::Mode::read_only).has_value());
}

TEST(Schema, MissingTablesAreDamage) {
  const TemporaryFolder folder;
  const auto path = folder / "dataset.sqlite";
  { const Dataset dataset(path, Dataset::Mode::read_write); }
  run_sql(path, "DROP TABLE gap");
  const Dataset dataset(path, Dataset::Mode::read_only);
  try {
    (void)dataset.gaps();
    FAIL() << "a table that is not there was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
  }
}

TEST(Schema, ABusyDatasetIsTemporary) {
  const TemporaryFolder folder;
  const auto path = folder / "dataset.sqlite";
  { const Dataset dataset(path, Dataset::Mode::read_write); }
  sqlite::Connection other(path, sqlite::Connection::Mode::read_write);
  other.execute("BEGIN IMMEDIATE");
  sqlite::Connection connection(path, sqlite::Connection::Mode::read_write);
  sqlite3_busy_timeout(connection.handle(), 10);
  try {
    const sqlite::Transaction transaction(connection, sqlite::Transaction::Safety::durable);
    FAIL() << "two connections write at once";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::temporary);
  }
}

TEST(Schema, CommitsOfCursorsAreSyncedToTheDisk) {
  const TemporaryFolder folder;
  sqlite::Connection connection(folder / "dataset.sqlite", sqlite::Connection::Mode::read_write);
  dataset::migrate(connection, "dataset");
  const auto level = [&] {
    sqlite::Statement statement(connection, "PRAGMA synchronous");
    return statement.step() ? statement.integer(0) : -1;
  };
  // 1 is NORMAL and 2 FULL in SQLite's numbering.
  {
    const sqlite::Transaction transaction(connection, sqlite::Transaction::Safety::durable);
    EXPECT_EQ(level(), 2);
  }
  {
    const sqlite::Transaction transaction(connection, sqlite::Transaction::Safety::consistent);
    EXPECT_EQ(level(), 1);
  }
  sqlite::Statement mode(connection, "PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

TEST(Schema, DamageAnywhereIsAnErrorAndNeverACrash) {
  const TemporaryFolder folder;
  const auto path = folder / "dataset.sqlite";
  const auto damaged = folder / "damaged.sqlite";
  {
    Dataset dataset(path, Dataset::Mode::read_write);
    std::vector<Work> works = random_works(150, 6);
    works.push_back(full_work());
    import_works(dataset, works);
    const Identity identity{"dana",   "openalex", "A1", "Dana", Identity::Status::probable,
                            "search", 0.5,        "why"};
    dataset.store_identities("dana", "openalex", std::vector{identity}, "digest");
    dataset.finish(query_for({"A1"}), {});
  }
  const std::string sound = bytes_of(path);
  ASSERT_GT(sound.size(), 8192U * 10);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < sound.size(); at += at < 200 ? 1 : 631) {
    for (const char* end : {"-wal", "-shm"}) std::filesystem::remove(damaged.string() + end);
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xff);
    write_bytes(damaged, bytes);
    try {
      const Dataset dataset(damaged, at % 2 == 0 ? Dataset::Mode::read_only : Dataset::Mode::read_write);
      (void)dataset.fingerprint();
      (void)dataset.sources();
      (void)dataset.coauthor_ids("openalex", std::vector<std::string>{"A1"});
      (void)dataset.queries();
      (void)dataset.gaps();
      (void)dataset.imports();
    } catch (const Error& error) {
      ++refused;
      EXPECT_NE(error.kind(), ErrorKind::bug) << "byte " << at << ": " << error.what();
    }
  }
  EXPECT_GT(refused, 20U);
  // Cut short at every page.
  for (std::size_t size = 8192; size < sound.size(); size += 8192) {
    write_bytes(damaged, sound.substr(0, size));
    EXPECT_TRUE(error_of_opening(damaged, Dataset::Mode::read_only).has_value()) << size;
  }
}

}  // namespace
}  // namespace coterie::test
