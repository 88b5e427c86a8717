#include "src/dataset/answer_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "coterie/date.hpp"
#include "coterie/util/text.hpp"
#include "src/dataset/answer_chunks.hpp"
#include "src/dataset/digest.hpp"

namespace coterie::dataset {

namespace {

constexpr std::int32_t k_application = 0x636f7461;

/// `head` and `tail` together are the address that was asked: what comes before the last parameter is nearly
/// always one of few texts. `chunks` lists the pieces of the body.
constexpr const char* k_tables = R"sql(
CREATE TABLE run (
  run INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  began TEXT NOT NULL,
  fresh INTEGER NOT NULL,
  resolved INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  dropped INTEGER NOT NULL
) STRICT;
CREATE TABLE text (
  text INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX text_by_digest ON text (digest);
CREATE TABLE chunk (
  chunk INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE TABLE answer (
  answer INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  what INTEGER NOT NULL,
  source TEXT NOT NULL,
  head INTEGER NOT NULL REFERENCES text,
  tail TEXT NOT NULL,
  at TEXT NOT NULL,
  status INTEGER NOT NULL,
  final_url TEXT NOT NULL,
  header_bytes INTEGER NOT NULL,
  headers BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  chunks BLOB NOT NULL,
  kind INTEGER NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX answer_by_run ON answer (run);
CREATE TABLE dropped (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  runs INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
INSERT INTO dropped VALUES (1, 0, 0, '');
)sql";

constexpr std::array k_steps{Migration{k_tables, "PRAGMA user_version = 1"}};

/// What headers look like, so that they compress although they are short. Part of the file's format.
constexpr std::string_view k_header_words =
    "location: https://\nretry-after: \nx-ratelimit-onetime-remaining: 0\nx-ratelimit-prepaid-remaining-usd: "
    "0\nx-ratelimit-credits-used: 1\nx-ratelimit-cost-usd: 0.0001\nx-ratelimit-limit-usd: 1\n"
    "x-ratelimit-limit: 10000\nx-ratelimit-remaining-usd: 0.9\nx-ratelimit-remaining: 9\n"
    "x-ratelimit-reset: 3\ncontent-type: application/atom+xml; charset=utf-8\ncontent-type: "
    "application/json\ndate: Mon, 01 Jan 2026 00:00:00 GMT\n";

using sqlite::count_of;

std::int64_t number_of(const sqlite::Connection& connection, std::string_view sql) {
  sqlite::Statement select(connection, sql);
  return select.step() ? select.integer(0) : 0;
}

[[noreturn]] void damaged(std::string_view what) {
  throw Error(ErrorKind::data, fmt::format("the kept answers are damaged: {}", what));
}

std::string raw_sha256(std::string_view bytes) {
  const std::string hex = text::sha256(bytes);
  std::string raw;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, value, 16);
    raw += static_cast<char>(value);
  }
  return raw;
}

std::string lines_of(const std::map<std::string, std::string>& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) lines += fmt::format("{}: {}\n", name, value);
  return lines;
}

std::map<std::string, std::string> headers_of(std::string_view lines) {
  std::map<std::string, std::string> headers;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    if (const std::size_t colon = line.find(": "); colon != std::string_view::npos)
      headers.emplace(line.substr(0, colon), line.substr(colon + 2));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return headers;
}

std::int64_t text_key(const sqlite::Connection& connection, std::string_view value) {
  const std::int64_t digest = digest_of(value);
  sqlite::Statement find(connection, "SELECT text FROM text WHERE digest = ?1 AND value = ?2");
  find.start(digest, value);
  if (find.step()) return find.integer(0);
  sqlite::Statement insert(connection, "INSERT INTO text (digest, value) VALUES (?1, ?2)");
  insert.run(digest, value);
  return connection.last_key();
}

std::vector<std::int64_t> store_body(const sqlite::Connection& connection, std::string_view body) {
  sqlite::Statement find(connection, "SELECT chunk FROM chunk WHERE sha256 = ?1");
  sqlite::Statement insert(connection, "INSERT INTO chunk (sha256, bytes, data) VALUES (?1, ?2, ?3)");
  std::vector<std::int64_t> keys;
  for (const std::string_view chunk : chunks_of(body)) {
    const std::string hash = raw_sha256(chunk);
    find.start(sqlite::Blob{hash});
    if (find.step()) {
      keys.push_back(find.integer(0));
    } else {
      const std::string data = compressed(chunk);
      insert.run(sqlite::Blob{hash}, chunk.size(), sqlite::Blob{data});
      keys.push_back(connection.last_key());
    }
    find.reset();
  }
  return keys;
}

std::string read_body(const sqlite::Connection& connection, std::string_view chunks, std::uint64_t size) {
  sqlite::Statement find(connection, "SELECT bytes, data, sha256 FROM chunk WHERE chunk = ?1");
  std::string body;
  for (const std::int64_t key : unpacked_numbers(chunks)) {
    find.start(key);
    if (!find.step()) damaged(fmt::format("piece '{}' of a body is missing", key));
    const std::uint64_t bytes = count_of(find.integer(0));
    if (bytes > k_largest_chunk) damaged(fmt::format("piece '{}' says it has {} bytes", key, bytes));
    const std::string chunk = decompressed(find.text(1), bytes);
    if (raw_sha256(chunk) != find.text(2)) damaged(fmt::format("piece '{}' is not what was kept", key));
    body += chunk;
  }
  if (body.size() != size) damaged(fmt::format("a body of {} bytes has {}", size, body.size()));
  return body;
}

/// Deletes pieces and texts that no answer refers to.
void collect_garbage(const sqlite::Connection& connection) {
  std::set<std::int64_t> used;
  sqlite::Statement answers(connection, "SELECT chunks FROM answer");
  while (answers.step()) {
    for (const std::int64_t chunk : unpacked_numbers(answers.text(0))) used.insert(chunk);
  }
  std::vector<std::int64_t> unused;
  sqlite::Statement chunks(connection, "SELECT chunk FROM chunk");
  while (chunks.step()) {
    if (!used.contains(chunks.integer(0))) unused.push_back(chunks.integer(0));
  }
  chunks.reset();
  sqlite::Statement drop(connection, "DELETE FROM chunk WHERE chunk = ?1");
  for (const std::int64_t chunk : unused) drop.run(chunk);
  sqlite::Statement drop_texts(connection, "DELETE FROM text WHERE text NOT IN (SELECT head FROM answer)");
  drop_texts.run();
}

KeptAnswer::What what_of(std::int64_t code) {
  using What = KeptAnswer::What;
  for (const What what : {What::answer, What::failure, What::too_large, What::no_turn, What::no_pause,
                          What::stop, What::file, What::people}) {
    if (static_cast<std::int64_t>(what) == code) return what;
  }
  damaged(fmt::format("an answer of kind '{}'", code));
}

ErrorKind kind_of(std::int64_t code) {
  for (const ErrorKind kind : {ErrorKind::temporary, ErrorKind::data, ErrorKind::unavailable}) {
    if (exit_code(kind) == code) return kind;
  }
  damaged(fmt::format("a failure of kind '{}'", code));
}

std::int64_t seconds_of(std::string_view timestamp) {
  const auto seconds = parse_utc_timestamp(timestamp);
  if (!seconds) damaged(fmt::format("time '{}'", timestamp));
  return *seconds;
}

}  // namespace

// Answers, and failures to get one, come first in the enumeration; the statements above rely on it.
static_assert(static_cast<int>(KeptAnswer::What::too_large) == 2);

const FileKind& answers_file() {
  static_assert(k_application == 1668248673);
  // The space of what is dropped is given back, which must be said before the first table.
  static constexpr FileKind k_kind{"archive of answers", k_application,
                                   "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL",
                                   "PRAGMA application_id = 1668248673", k_steps};
  return k_kind;
}

void insert_answer(const sqlite::Connection& connection, std::int64_t run, const KeptAnswer& answer) {
  const std::size_t split = answer.url.rfind('&') + 1;  // 0 where there is none
  const std::int64_t head = text_key(connection, std::string_view(answer.url).substr(0, split));
  const std::string lines = lines_of(answer.headers);
  const std::string headers = compressed(lines, k_header_words);
  const std::string chunks = packed_numbers(store_body(connection, answer.body));
  const std::string at = utc_timestamp(answer.at);
  const std::string final_url = answer.final_url == answer.url ? std::string() : answer.final_url;
  sqlite::Statement insert(
      connection,
      "INSERT INTO answer (run, what, source, head, tail, at, status, final_url, header_bytes, headers, "
      "bytes, chunks, kind, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
  insert.run(run, static_cast<int>(answer.what), answer.source, head,
             std::string_view(answer.url).substr(split), at, answer.status, final_url, lines.size(),
             sqlite::Blob{headers}, answer.body.size(), sqlite::Blob{chunks}, exit_code(answer.kind),
             answer.message);
}

KeptAnswer read_answer(const sqlite::Connection& connection, std::int64_t number) {
  sqlite::Statement select(
      connection,
      "SELECT a.what, a.source, t.value || a.tail, a.at, a.status, a.final_url, a.header_bytes, a.headers, "
      "a.bytes, a.chunks, a.kind, a.message FROM answer AS a JOIN text AS t ON t.text = a.head WHERE "
      "a.answer "
      "= ?1");
  select.start(number);
  if (!select.step()) damaged(fmt::format("answer '{}' is missing", number));
  constexpr std::uint64_t k_most_header_bytes = 1U << 20;
  const std::uint64_t header_bytes = count_of(select.integer(6));
  if (header_bytes > k_most_header_bytes) damaged(fmt::format("headers of {} bytes", header_bytes));
  KeptAnswer answer;
  answer.what = what_of(select.integer(0));
  answer.source = select.text(1);
  answer.url = select.text(2);
  answer.at = seconds_of(select.text(3));
  answer.status = static_cast<int>(select.integer(4));
  answer.final_url = select.text(5).empty() ? answer.url : std::string(select.text(5));
  answer.headers = headers_of(decompressed(select.text(7), header_bytes, k_header_words));
  answer.body = read_body(connection, select.text(9), count_of(select.integer(8)));
  answer.kind = kind_of(select.integer(10));
  answer.message = select.text(11);
  return answer;
}

std::vector<AnswersEntry> entries_of(const sqlite::Connection& connection, std::int64_t run) {
  sqlite::Statement select(
      connection,
      "SELECT a.answer, a.what, t.value || a.tail FROM answer AS a JOIN text AS t ON t.text = a.head WHERE "
      "a.run = ?1 ORDER BY a.answer");
  select.start(run);
  std::vector<AnswersEntry> entries;
  while (select.step())
    entries.push_back({select.integer(0), what_of(select.integer(1)), std::string(select.text(2))});
  return entries;
}

std::vector<AnsweredRun> answered_runs(const sqlite::Connection& connection) {
  sqlite::Statement select(
      connection,
      "SELECT r.run, r.command, r.began, r.fresh, r.resolved, r.fetched, r.ended, r.dropped, (SELECT "
      "count(*) "
      "FROM answer AS a WHERE a.run = r.run AND a.what <= 2) FROM run AS r ORDER BY r.run");
  std::vector<AnsweredRun> runs;
  while (select.step()) {
    AnsweredRun& run = runs.emplace_back();
    run.run = select.integer(0);
    run.command = select.text(1);
    run.began = seconds_of(select.text(2));
    run.fresh = select.integer(3) != 0;
    run.resolved = select.integer(4) != 0;
    run.fetched = select.integer(5) != 0;
    run.ended = select.integer(6) != 0;
    run.dropped = count_of(select.integer(7));
    run.answers = count_of(select.integer(8));
  }
  return runs;
}

ArchiveState archive_state(const sqlite::Connection& connection) {
  ArchiveState state;
  state.runs = count_of(number_of(connection, "SELECT count(*) FROM run"));
  state.answers = count_of(number_of(connection, "SELECT count(*) FROM answer WHERE what <= 2"));
  state.content = count_of(number_of(connection, "SELECT coalesce(sum(bytes), 0) FROM answer"));
  state.bytes =
      count_of(number_of(connection, "PRAGMA page_count") * number_of(connection, "PRAGMA page_size"));
  sqlite::Statement oldest(connection, "SELECT began FROM run ORDER BY run LIMIT 1");
  if (oldest.step()) state.oldest = oldest.text(0);
  sqlite::Statement dropped(connection, "SELECT runs, answers, at FROM dropped");
  if (dropped.step()) {
    state.dropped_runs = count_of(dropped.integer(0));
    state.dropped_answers = count_of(dropped.integer(1));
    state.dropped_at = dropped.text(2);
  }
  return state;
}

DroppedAnswers drop_answers(const sqlite::Connection& connection, std::int64_t run, std::uint64_t most,
                            std::int64_t current, std::string_view now) {
  DroppedAnswers dropped;
  sqlite::Statement drop(connection,
                         "DELETE FROM answer WHERE answer IN (SELECT answer FROM answer WHERE run = ?1 ORDER "
                         "BY what >= ?3, answer LIMIT ?2)");
  // What a run began with is small, and every other answer needs it.
  drop.run(run, most, static_cast<int>(KeptAnswer::What::file));
  dropped.answers = count_of(connection.changes());
  if (run == current) {
    sqlite::Statement note(connection, "UPDATE run SET dropped = dropped + ?2 WHERE run = ?1");
    note.run(run, dropped.answers);
  } else {
    // Together with the runs before it that never asked anything.
    sqlite::Statement forget(
        connection, "DELETE FROM run WHERE run <= ?1 AND run <> ?2 AND run NOT IN (SELECT run FROM answer)");
    forget.run(run, current);
    dropped.runs = count_of(connection.changes());
  }
  sqlite::Statement count(connection, "UPDATE dropped SET runs = runs + ?1, answers = answers + ?2, at = ?3");
  count.run(dropped.runs, dropped.answers, now);
  collect_garbage(connection);
  return dropped;
}

}  // namespace coterie::dataset
