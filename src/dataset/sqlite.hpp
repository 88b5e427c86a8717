#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace coterie::sqlite {

/// Bytes to be bound as they are, not as text.
struct Blob {
  std::string_view bytes;
};

/// An open SQLite database.
class Connection {
 public:
  enum class Mode { read_write, read_only };

  /// Opens the file (read_write: makes it if it is missing) without reading or changing anything in it.
  /// Schemas are not trusted and SQLite's own tables cannot be written, because the file may come from
  /// somebody else. \throws Error{cannot_create} if it cannot be opened
  Connection(const std::filesystem::path& path, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs statements that have no parameters. \throws Error as fail()
  void execute(const char* sql);

  /// Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;
  /// Key of the row inserted last into a table with integer keys.
  [[nodiscard]] std::int64_t last_key() const;
  [[nodiscard]] bool in_transaction() const;

  /// Throws the error a result code of SQLite stands for: io (disk full, I/O error), data (no database,
  /// damaged, tables missing), temporary (locked), cannot_create (cannot be opened or written), system
  /// (memory), bug (all others).
  [[noreturn]] void fail(int code) const;

  [[nodiscard]] sqlite3* handle() const { return m_handle; }

 private:
  std::string m_name;
  sqlite3* m_handle = nullptr;
};

/// A prepared statement: parameters are bound, never written into its text.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds, runs to the end, and makes ready for the next run. \throws Error as Connection::fail()
  template <typename... Values>
  void run(const Values&... values) {
    bind_all(values...);
    finish();
  }

  /// Binds and makes ready for step(). The texts must live until reset() or the next start() or run().
  template <typename... Values>
  Statement& start(const Values&... values) {
    reset();
    bind_all(values...);
    return *this;
  }

  /// Goes to the next row; false after the last one. \throws Error as Connection::fail()
  bool step();
  void reset();

  // Columns of the current row, counted from 0; views live until the next step() or reset().
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string_view text(int column) const;

 private:
  template <typename... Values>
  void bind_all(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
  }
  template <typename T>
  void bind(int parameter, const std::optional<T>& value) {
    if (value) {
      bind(parameter, *value);
    } else {
      bind_null(parameter);
    }
  }
  void bind(int parameter, std::string_view value);
  void bind(int parameter, const std::string& value) { bind(parameter, std::string_view(value)); }
  void bind(int parameter, const char* value) { bind(parameter, std::string_view(value)); }
  void bind(int parameter, const Blob& value);
  void bind(int parameter, double value);
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::uint64_t value);
  void bind(int parameter, int value) { bind(parameter, std::int64_t{value}); }
  void bind(int parameter, std::uint32_t value) { bind(parameter, std::int64_t{value}); }
  void bind(int parameter, bool value) { bind(parameter, std::int64_t{value ? 1 : 0}); }
  void bind_null(int parameter);
  void check(int code) const;
  void finish();

  const Connection* m_connection;
  sqlite3_stmt* m_handle = nullptr;
};

/// A count as SQLite keeps it; a negative one, which only a damaged file holds, is none.
[[nodiscard]] inline std::uint64_t count_of(std::int64_t value) {
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

/// A write transaction: rolled back unless committed.
class Transaction {
 public:
  /// What a power failure may take: nothing that is committed (`durable`), or the last commits, whole ones
  /// (`consistent`).
  enum class Safety { consistent, durable };

  /// \throws Error{temporary} if another process writes
  Transaction(Connection& connection, Safety safety);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// \throws Error{io}, a full disk included
  void commit();

 private:
  Connection& m_connection;
  bool m_open = true;
};

/// A read transaction: every statement in it sees the same state. Does nothing inside a write transaction.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& m_connection;
  bool m_open = false;
};

}  // namespace coterie::sqlite
