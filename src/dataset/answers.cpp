#include "coterie/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "coterie/date.hpp"
#include "src/dataset/answer_rows.hpp"
#include "src/dataset/schema.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie {

namespace {

using sqlite::Transaction;

/// Files up to this size are looked through for damage when they are opened; in larger ones damage shows when
/// the damaged answer is read.
constexpr std::uintmax_t k_checked_bytes = std::uintmax_t{64} << 20;

sqlite::Connection::Mode checked_mode(const std::filesystem::path& path, AnswerArchive::Mode mode) {
  if (mode == AnswerArchive::Mode::read_write) return sqlite::Connection::Mode::read_write;
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw Error(ErrorKind::no_input, fmt::format("there are no kept answers at '{}'", path.string()));
  return sqlite::Connection::Mode::read_only;
}

}  // namespace

struct AnswerArchive::State {
  State(const std::filesystem::path& path, Mode mode, std::uint64_t most)
      : limit(most), connection(path, checked_mode(path, mode)) {
    const std::string name = path.string();
    if (mode == Mode::read_write) {
      dataset::migrate(connection, name, dataset::answers_file());
    } else if (dataset::schema_version(connection, name, dataset::answers_file()) !=
               dataset::answers_file().newest()) {
      throw Error(ErrorKind::data, fmt::format("'{}' is no archive of answers that can be read", name));
    }
    connection.execute("PRAGMA foreign_keys = ON");
    connection.execute("PRAGMA cell_size_check = ON");
    connection.execute("PRAGMA temp_store = MEMORY");
    // The log counts as little beside the limit.
    connection.execute("PRAGMA wal_autocheckpoint = 128");
    connection.execute("PRAGMA journal_size_limit = 4194304");
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size <= k_checked_bytes)
      dataset::check_for_damage(connection, name, dataset::answers_file());
  }

  [[nodiscard]] std::uint64_t pragma(std::string_view sql) const {
    sqlite::Statement select(connection, sql);
    return select.step() ? static_cast<std::uint64_t>(select.integer(0)) : 0;
  }

  [[nodiscard]] std::uint64_t file_bytes() const {
    return pragma("PRAGMA page_count") * pragma("PRAGMA page_size");
  }

  [[nodiscard]] std::uint64_t used_bytes() const {
    return file_bytes() - pragma("PRAGMA freelist_count") * pragma("PRAGMA page_size");
  }

  template <typename Apply>
  void change(const Apply& apply) {
    Transaction transaction(connection, Transaction::Safety::durable);
    apply();
    transaction.commit();
  }

  void set(const char* sql) {
    if (run == 0) throw Error(ErrorKind::bug, "no run of the archive of answers is under way");
    change([&] {
      sqlite::Statement update(connection, sql);
      update.run(run);
    });
  }

  /// Drops old answers until an eighth of the limit is free again, so that not every answer finds it full.
  void keep_to_limit(std::string_view now) {
    if (file_bytes() <= limit) return;
    const std::uint64_t target = limit - limit / 8;
    while (used_bytes() > target) {
      sqlite::Statement oldest(connection,
                               "SELECT run, count(*) FROM answer GROUP BY run ORDER BY run LIMIT 1");
      if (!oldest.step()) break;
      const std::int64_t victim = oldest.integer(0);
      const std::uint64_t kept = static_cast<std::uint64_t>(oldest.integer(1));
      oldest.reset();
      const std::uint64_t most = victim == run ? std::max<std::uint64_t>(1, kept / 4) : kept;
      change([&] {
        const DroppedAnswers went = dataset::drop_answers(connection, victim, most, run, now);
        dropped.runs += went.runs;
        dropped.answers += went.answers;
      });
    }
    connection.execute("PRAGMA incremental_vacuum");
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  std::uint64_t limit;
  sqlite::Connection connection;
  std::int64_t run = 0;
  DroppedAnswers dropped;
};

AnswerArchive::AnswerArchive(const std::filesystem::path& path, Mode mode, std::uint64_t limit)
    : m_state(std::make_unique<State>(path, mode, limit)) {}

AnswerArchive::~AnswerArchive() = default;

void AnswerArchive::begin_run(const std::string& command, bool fresh, std::int64_t began) {
  const std::string time = utc_timestamp(began);
  m_state->change([&] {
    sqlite::Statement insert(
        m_state->connection,
        "INSERT INTO run (run, command, began, fresh, resolved, fetched, ended, dropped) "
        "VALUES ((SELECT coalesce(max(run), 0) + 1 FROM run), ?1, ?2, ?3, 0, 0, 0, 0)");
    insert.run(command, time, fresh);
    m_state->run = m_state->connection.last_key();
  });
  m_state->keep_to_limit(time);
}

void AnswerArchive::note_resolving() { m_state->set("UPDATE run SET resolved = 1 WHERE run = ?1"); }

void AnswerArchive::note_fetching() { m_state->set("UPDATE run SET fetched = 1 WHERE run = ?1"); }

void AnswerArchive::end_run() { m_state->set("UPDATE run SET ended = 1 WHERE run = ?1"); }

void AnswerArchive::keep(const KeptAnswer& answer) {
  if (m_state->run == 0) throw Error(ErrorKind::bug, "an answer is kept outside a run");
  m_state->change([&] { dataset::insert_answer(m_state->connection, m_state->run, answer); });
  m_state->keep_to_limit(utc_timestamp(answer.at));
}

DroppedAnswers AnswerArchive::take_dropped() { return std::exchange(m_state->dropped, {}); }

std::vector<AnsweredRun> AnswerArchive::runs() const { return dataset::answered_runs(m_state->connection); }

std::vector<AnswersEntry> AnswerArchive::entries(std::int64_t run) const {
  return dataset::entries_of(m_state->connection, run);
}

KeptAnswer AnswerArchive::answer(std::int64_t number) const {
  const sqlite::Snapshot snapshot(m_state->connection);
  return dataset::read_answer(m_state->connection, number);
}

ArchiveState AnswerArchive::state() const {
  const sqlite::Snapshot snapshot(m_state->connection);
  return dataset::archive_state(m_state->connection);
}

}  // namespace coterie
