#include "coterie/dataset.hpp"

#include <fmt/format.h>

#include <ctime>
#include <system_error>
#include <utility>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "src/dataset/fingerprint.hpp"
#include "src/dataset/harvest_log.hpp"
#include "src/dataset/identity_rows.hpp"
#include "src/dataset/record_reader.hpp"
#include "src/dataset/record_writer.hpp"
#include "src/dataset/schema.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie {

namespace {

using sqlite::Transaction;

/// Files up to this size are looked through for damage when they are opened; in larger ones damage shows when
/// the damaged page is read.
constexpr std::uintmax_t k_checked_bytes = std::uintmax_t{64} << 20;

std::string system_time() { return utc_timestamp(static_cast<std::int64_t>(std::time(nullptr))); }

sqlite::Connection::Mode checked_mode(const std::filesystem::path& path, Dataset::Mode mode) {
  if (mode == Dataset::Mode::read_write) return sqlite::Connection::Mode::read_write;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(ErrorKind::no_input,
                fmt::format("dataset '{}' does not exist; fetch or import works first", path.string()));
  }
  return sqlite::Connection::Mode::read_only;
}

void open_for_reading(sqlite::Connection& connection, const std::string& name) {
  const int version = dataset::schema_version(connection, name);
  if (version == dataset::newest_schema()) return;
  if (version == 0)
    throw Error(ErrorKind::data, fmt::format("'{}' is empty, a dataset of coterie expected", name));
  throw Error(
      ErrorKind::configuration,
      fmt::format(
          "dataset '{}' has schema version '{}', and only version {} can be read; fetch or import into it "
          "once to bring it up to date",
          name, version, dataset::newest_schema()));
}

}  // namespace

struct Dataset::State {
  State(const std::filesystem::path& path, Mode mode, Clock clock)
      : read_only(mode == Mode::read_only),
        now(std::move(clock)),
        connection(path, checked_mode(path, mode)) {
    const std::string name = path.string();
    if (read_only) {
      open_for_reading(connection, name);
    } else {
      dataset::migrate(connection, name);
    }
    connection.execute("PRAGMA foreign_keys = ON");
    connection.execute("PRAGMA cell_size_check = ON");
    connection.execute("PRAGMA cache_size = -131072");
    connection.execute("PRAGMA temp_store = MEMORY");
    connection.execute("PRAGMA journal_size_limit = 67108864");
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size <= k_checked_bytes) dataset::check_for_damage(connection, name);
  }

  /// Runs `change` in a transaction. If it fails, keys that were looked up in it are forgotten with it.
  template <typename Change>
  void change(Transaction::Safety safety, const Change& apply) {
    require_writable();
    if (open_import) throw Error(ErrorKind::bug, "the dataset is changed during an import");
    try {
      Transaction transaction(connection, safety);
      apply();
      transaction.commit();
    } catch (...) {
      if (writer) writer->forget();
      throw;
    }
  }

  void require_writable() const {
    if (read_only) throw Error(ErrorKind::bug, "a dataset opened for reading is written");
  }

  dataset::RecordWriter& records() {
    if (!writer) writer.emplace(connection);
    return *writer;
  }

  void drop_import() {
    open_import.reset();
    if (writer) writer->forget();
  }

  bool read_only;
  Clock now;
  sqlite::Connection connection;
  std::optional<dataset::RecordWriter> writer;
  std::optional<Transaction> open_import;
};

Dataset::Dataset(const std::filesystem::path& path, Mode mode, Clock now)
    : m_state(std::make_unique<State>(path, mode, now ? std::move(now) : Clock(system_time))) {}

Dataset::~Dataset() = default;

QueryProgress Dataset::progress(const Query& query) {
  return dataset::query_progress(m_state->connection, query);
}

void Dataset::restart(const Query& query) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::restart_query(m_state->connection, query, m_state->now()); });
}

std::uint64_t Dataset::store(const Query& query, const WorkPage& page) {
  std::uint64_t seen = 0;
  m_state->change(Transaction::Safety::durable, [&] {
    const std::string now = m_state->now();
    for (const Work& work : page.works) m_state->records().store(work, now);
    seen = dataset::record_page(m_state->connection, query, page, now);
  });
  return seen;
}

void Dataset::finish(const Query& query, const HarvestOutcome& outcome) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::record_outcome(m_state->connection, query, outcome, m_state->now()); });
}

void Dataset::forget_cursors() {
  m_state->change(Transaction::Safety::durable, [&] { dataset::forget_cursors(m_state->connection); });
}

void Dataset::retire_queries(const std::string& source, std::span<const std::string> planned) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::retire_queries(m_state->connection, source, planned); });
}

void Dataset::begin_import() {
  m_state->require_writable();
  if (m_state->open_import) throw Error(ErrorKind::bug, "an import begins inside another one");
  m_state->open_import.emplace(m_state->connection, Transaction::Safety::durable);
}

void Dataset::add(std::span<const Work> works, const std::string& fetched_at) {
  if (!m_state->open_import) throw Error(ErrorKind::bug, "works are added outside an import");
  try {
    for (const Work& work : works) m_state->records().store(work, fetched_at);
  } catch (...) {
    m_state->drop_import();
    throw;
  }
}

void Dataset::end_import(const ImportState& import) {
  if (!m_state->open_import) throw Error(ErrorKind::bug, "an import ends that has not begun");
  try {
    dataset::record_import(m_state->connection, import);
    m_state->open_import->commit();
  } catch (...) {
    m_state->drop_import();
    throw;
  }
  m_state->open_import.reset();
  // A large import leaves a log as large as itself; a reader may keep part of it in use for now.
  m_state->connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void Dataset::store_identities(const std::string& person, const std::string& source,
                               std::span<const Identity> identities) {
  m_state->change(Transaction::Safety::consistent,
                  [&] { dataset::replace_identities(m_state->connection, person, source, identities); });
}

void Dataset::for_each_work(const std::function<void(const Work&)>& take) const {
  const sqlite::Snapshot snapshot(m_state->connection);
  dataset::for_each_work(m_state->connection, take);
}

std::vector<std::string> Dataset::coauthor_ids(const std::string& source,
                                               std::span<const std::string> author_ids) const {
  const sqlite::Snapshot snapshot(m_state->connection);
  return dataset::coauthor_ids(m_state->connection, source, author_ids);
}

std::vector<Identity> Dataset::identities() const { return dataset::all_identities(m_state->connection); }

std::vector<Gap> Dataset::gaps() const { return dataset::open_gaps(m_state->connection); }

std::vector<QueryState> Dataset::queries() const { return dataset::query_states(m_state->connection); }

std::vector<ImportState> Dataset::imports() const { return dataset::import_states(m_state->connection); }

std::vector<SourceState> Dataset::sources() const {
  const sqlite::Snapshot snapshot(m_state->connection);
  return dataset::source_states(m_state->connection);
}

std::string Dataset::fingerprint() const {
  const sqlite::Snapshot snapshot(m_state->connection);
  dataset::Fingerprint fingerprint;
  dataset::for_each_work(m_state->connection, [&](const Work& work) { fingerprint.add(work); });
  for (const Identity& identity : dataset::all_identities(m_state->connection)) fingerprint.add(identity);
  return fingerprint.hex();
}

}  // namespace coterie
