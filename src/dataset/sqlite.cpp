#include "src/dataset/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <limits>
#include <utility>

#include "coterie/error.hpp"

namespace coterie::sqlite {

namespace {

constexpr int k_busy_milliseconds = 5000;

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
      return ErrorKind::io;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
    case SQLITE_TOOBIG:
    // The project's own SQL is tested, so a plain error means that the file lacks tables or columns it should
    // have.
    case SQLITE_ERROR:
      return ErrorKind::data;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return ErrorKind::temporary;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return ErrorKind::cannot_create;
    case SQLITE_NOMEM:
      return ErrorKind::system;
    default:
      return ErrorKind::bug;
  }
}

}  // namespace

Connection::Connection(const std::filesystem::path& path, Mode mode) : m_name(path.string()) {
  const int access =
      mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(m_name.c_str(), &m_handle,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  try {
    if (code != SQLITE_OK) fail(code);
    sqlite3_busy_timeout(m_handle, k_busy_milliseconds);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  } catch (...) {
    sqlite3_close_v2(m_handle);
    throw;
  }
}

Connection::~Connection() { sqlite3_close_v2(m_handle); }

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Connection::changes() const { return sqlite3_changes64(m_handle); }

std::int64_t Connection::last_key() const { return sqlite3_last_insert_rowid(m_handle); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(m_handle) == 0; }

void Connection::fail(int code) const {
  // The connection's message is that of its last call, which need not be the one that failed.
  const bool is_last = m_handle != nullptr && (sqlite3_errcode(m_handle) & 0xff) == (code & 0xff);
  const char* reason = is_last ? sqlite3_errmsg(m_handle) : sqlite3_errstr(code);
  throw Error(kind_of(code), fmt::format("dataset '{}': {}", m_name, reason));
}

Statement::Statement(const Connection& connection, std::string_view sql) : m_connection(&connection) {
  check(sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &m_handle, nullptr));
}

Statement::~Statement() { sqlite3_finalize(m_handle); }

Statement::Statement(Statement&& other) noexcept
    : m_connection(other.m_connection), m_handle(std::exchange(other.m_handle, nullptr)) {}

bool Statement::step() {
  const int code = sqlite3_step(m_handle);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  m_connection->fail(code);
}

void Statement::finish() {
  const int code = sqlite3_step(m_handle);
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    // The message is the connection's, and reset() would keep it, but the statement must be ready whatever
    // follows.
    try {
      m_connection->fail(code);
    } catch (...) {
      sqlite3_reset(m_handle);
      throw;
    }
  }
  sqlite3_reset(m_handle);
}

void Statement::reset() { sqlite3_reset(m_handle); }

bool Statement::is_null(int column) const { return sqlite3_column_type(m_handle, column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_handle, column); }

double Statement::real(int column) const { return sqlite3_column_double(m_handle, column); }

std::string_view Statement::text(int column) const {
  // As a blob, because sqlite3_column_text() would copy long texts to end them with a NUL.
  const void* bytes = sqlite3_column_blob(m_handle, column);
  const int size = sqlite3_column_bytes(m_handle, column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Statement::bind(int parameter, std::string_view value) {
  // A null pointer would be bound as NULL.
  const char* bytes = value.data() != nullptr ? value.data() : "";
  check(sqlite3_bind_text64(m_handle, parameter, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int parameter, const Blob& value) {
  const char* bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
  check(sqlite3_bind_blob64(m_handle, parameter, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int parameter, double value) { check(sqlite3_bind_double(m_handle, parameter, value)); }

void Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(m_handle, parameter, value));
}

void Statement::bind(int parameter, std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(ErrorKind::data,
                fmt::format("number '{}' is too large for the dataset, at most 2^63 - 1 expected", value));
  }
  bind(parameter, static_cast<std::int64_t>(value));
}

void Statement::bind_null(int parameter) { check(sqlite3_bind_null(m_handle, parameter)); }

void Statement::check(int code) const {
  if (code != SQLITE_OK) m_connection->fail(code);
}

Transaction::Transaction(Connection& connection, Safety safety) : m_connection(connection) {
  if (connection.in_transaction())
    throw Error(ErrorKind::bug, "a transaction of the dataset is open already");
  // Cannot be changed inside a transaction.
  connection.execute(safety == Safety::durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  connection.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // After a full disk or an I/O error SQLite has rolled back by itself, and ROLLBACK would fail.
  if (m_open && m_connection.in_transaction())
    sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  m_connection.execute("COMMIT");
  m_open = false;
}

Snapshot::Snapshot(Connection& connection) : m_connection(connection) {
  if (connection.in_transaction()) return;
  connection.execute("BEGIN");
  m_open = true;
}

Snapshot::~Snapshot() {
  if (m_open && m_connection.in_transaction())
    sqlite3_exec(m_connection.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace coterie::sqlite
