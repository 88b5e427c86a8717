#include "coterie/dataset.hpp"

#include <fmt/format.h>

#include <ctime>
#include <system_error>
#include <utility>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "src/dataset/carry_over.hpp"
#include "src/dataset/fingerprint.hpp"
#include "src/dataset/harvest_log.hpp"
#include "src/dataset/identity_rows.hpp"
#include "src/dataset/record_reader.hpp"
#include "src/dataset/record_writer.hpp"
#include "src/dataset/run_log.hpp"
#include "src/dataset/schema.hpp"
#include "src/dataset/sqlite.hpp"
#include "src/dataset/unlisted.hpp"

namespace coterie {

namespace {

using sqlite::Transaction;

/// Files up to this size are looked through for damage when they are opened; in larger ones damage shows when
/// the damaged page is read.
constexpr std::uintmax_t k_checked_bytes = std::uintmax_t{64} << 20;

/// A work that no list brings, though the source has it, is asked for again after so many seconds.
constexpr std::int64_t k_check_again = 30 * std::int64_t{86400};

/// Memory for pages of the database, and for keys of what was written. A harvest waits for its source, so it
/// takes little and runs beside other programs; an import and a reader of everything go as fast as memory
/// lets them.
struct Caches {
  const char* pages;  // negative: KiB
  std::size_t keys;
};
constexpr Caches k_small_caches{"PRAGMA cache_size = -16384", std::size_t{8} << 20};
constexpr Caches k_large_caches{"PRAGMA cache_size = -131072", std::size_t{384} << 20};

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
    use(read_only ? k_large_caches : k_small_caches);
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
    if (!writer) {
      writer.emplace(connection);
      writer->limit(key_bytes);
    }
    return *writer;
  }

  void use(const Caches& caches) {
    connection.execute(caches.pages);
    key_bytes = caches.keys;
    if (writer) writer->limit(key_bytes);
  }

  void drop_import() {
    open_import.reset();
    if (writer) writer->forget();
  }

  bool read_only;
  Clock now;
  sqlite::Connection connection;
  std::optional<dataset::RecordWriter> writer;
  std::size_t key_bytes = 0;
  std::optional<Transaction> open_import;
};

Dataset::Dataset(const std::filesystem::path& path, Mode mode, Clock now)
    : m_state(std::make_unique<State>(path, mode, now ? std::move(now) : Clock(system_time))) {}

Dataset::~Dataset() = default;

bool Dataset::is_outdated(const std::filesystem::path& path) {
  const sqlite::Connection connection(path, checked_mode(path, Mode::read_only));
  const int version = dataset::schema_version(connection, path.string());
  return version > 0 && version < dataset::newest_schema();
}

QueryProgress Dataset::progress(const Query& query) {
  return dataset::query_progress(m_state->connection, query);
}

void Dataset::restart(const Query& query) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::restart_query(m_state->connection, query, m_state->now()); });
}

StoredPage Dataset::store(const Query& query, const WorkPage& page, const std::string& began) {
  StoredPage stored;
  m_state->change(Transaction::Safety::durable, [&] {
    const std::string now = m_state->now();
    for (const Work& work : page.works) {
      const dataset::Stored what = m_state->records().store(work, now);
      stored.added += what == dataset::Stored::added ? 1 : 0;
      stored.changed += what == dataset::Stored::changed ? 1 : 0;
    }
    stored.seen = dataset::record_page(m_state->connection, query, page, began, now);
  });
  return stored;
}

bool Dataset::holds_whole(const Work& shortened) { return m_state->records().holds_whole(shortened); }

std::vector<std::string> Dataset::unlisted(const Query& query) {
  const sqlite::Snapshot snapshot(m_state->connection);
  const auto now = parse_utc_timestamp(m_state->now());
  return dataset::unlisted(m_state->connection, query, utc_timestamp(now.value_or(0) - k_check_again));
}

void Dataset::store_single(const std::string& id, const Work& work) {
  m_state->change(Transaction::Safety::durable, [&] {
    const std::string now = m_state->now();
    if (work.id == id) {
      m_state->records().store_single(work, now);
    } else {
      static_cast<void>(m_state->records().store(work, now));
      m_state->records().mark_merged(work.source, id, work.id);
    }
  });
}

void Dataset::mark_vanished(const std::string& source, const std::string& id) {
  m_state->change(Transaction::Safety::durable,
                  [&] { m_state->records().mark_vanished(source, id, m_state->now()); });
}

void Dataset::finish(const Query& query, const HarvestOutcome& outcome) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::record_outcome(m_state->connection, query, outcome, m_state->now()); });
}

std::string Dataset::open_pass(const std::string& source) const {
  return dataset::open_pass(m_state->connection, source);
}

void Dataset::begin_pass(const std::string& source) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::begin_pass(m_state->connection, source, m_state->now()); });
}

void Dataset::end_pass(const std::string& source) {
  m_state->change(Transaction::Safety::durable, [&] { dataset::end_pass(m_state->connection, source); });
}

void Dataset::forget_cursors() {
  m_state->change(Transaction::Safety::durable, [&] { dataset::forget_cursors(m_state->connection); });
}

void Dataset::retire_queries(const std::string& source, std::span<const std::string> planned, Asked asked) {
  m_state->change(Transaction::Safety::durable, [&] {
    dataset::retire_queries(m_state->connection, source, planned, asked == Asked::people);
  });
}

void Dataset::begin_import() {
  m_state->require_writable();
  if (m_state->open_import) throw Error(ErrorKind::bug, "an import begins inside another one");
  m_state->open_import.emplace(m_state->connection, Transaction::Safety::durable);
  m_state->use(k_large_caches);
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
  m_state->use(k_small_caches);
  // A large import leaves a log as large as itself; a reader may keep part of it in use for now.
  m_state->connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void Dataset::store_identities(const std::string& person, const std::string& source,
                               std::span<const Identity> identities, const std::string& digest) {
  m_state->change(Transaction::Safety::consistent, [&] {
    dataset::replace_identities(m_state->connection, person, source, identities);
    dataset::store_resolution(m_state->connection, person, source, {digest, m_state->now()});
  });
}

void Dataset::store_alias(const AuthorAlias& alias) {
  m_state->change(Transaction::Safety::consistent,
                  [&] { dataset::store_alias(m_state->connection, alias, m_state->now()); });
}

void Dataset::store_allowance(const AllowanceState& state) {
  m_state->change(Transaction::Safety::consistent,
                  [&] { dataset::store_allowance(m_state->connection, state); });
}

std::int64_t Dataset::begin_run(const std::string& command) {
  std::int64_t run = 0;
  m_state->change(Transaction::Safety::consistent,
                  [&] { run = dataset::begin_run(m_state->connection, command, m_state->now()); });
  return run;
}

void Dataset::end_run(std::int64_t run, const RunState& state) {
  m_state->change(Transaction::Safety::durable,
                  [&] { dataset::end_run(m_state->connection, run, state, m_state->now()); });
}

CarriedOver Dataset::carry_over(const std::filesystem::path& other) {
  m_state->require_writable();
  // Brings its schema up to date, and looks it through for damage.
  { const Dataset opened(other, Mode::read_write); }
  if (m_state->writer) m_state->writer->forget();
  return dataset::carry_over(m_state->connection, other);
}

void Dataset::replace(const std::filesystem::path& target, const std::filesystem::path& from) {
  dataset::replace(target, from);
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

std::vector<RunState> Dataset::newest_runs(std::size_t count) const {
  return dataset::newest_runs(m_state->connection, count);
}

std::vector<AllowanceState> Dataset::allowances() const { return dataset::allowances(m_state->connection); }

std::optional<Resolution> Dataset::resolution(const std::string& person, const std::string& source) const {
  return dataset::resolution_of(m_state->connection, person, source);
}

std::string Dataset::fingerprint() const {
  const sqlite::Snapshot snapshot(m_state->connection);
  dataset::Fingerprint fingerprint;
  dataset::for_each_work(m_state->connection, [&](const Work& work) { fingerprint.add(work); });
  for (const Identity& identity : dataset::all_identities(m_state->connection)) fingerprint.add(identity);
  return fingerprint.hex();
}

}  // namespace coterie
