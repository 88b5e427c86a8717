#include "coterie/answers.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <set>

#include "coterie/date.hpp"
#include "src/dataset/answer_chunks.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {
namespace {

using What = KeptAnswer::What;

/// Text that compresses little and never repeats.
std::string noise(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string text;
  while (text.size() < size) text += static_cast<char>('!' + random() % 90);
  return text;
}

KeptAnswer answer_of(const std::string& url, const std::string& body) {
  KeptAnswer answer;
  answer.source = "openalex";
  answer.url = url;
  answer.final_url = url;
  answer.at = 1'700'000'000;
  answer.status = 200;
  answer.headers = {{"content-type", "application/json"}, {"date", "Mon, 23 Nov 2026 03:17:00 GMT"}};
  answer.body = body;
  return answer;
}

void expect_equal(const KeptAnswer& a, const KeptAnswer& b) {
  EXPECT_EQ(a.what, b.what);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.url, b.url);
  EXPECT_EQ(a.at, b.at);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.final_url, b.final_url);
  EXPECT_EQ(a.headers, b.headers);
  EXPECT_EQ(a.body, b.body);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.message, b.message);
}

/// The file as other programs see it.
class Opened {
 public:
  explicit Opened(const std::filesystem::path& path) { sqlite3_open(path.c_str(), &m_handle); }
  ~Opened() { sqlite3_close(m_handle); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  std::int64_t number(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(m_handle, sql, -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(m_handle);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
  }

  void run(const char* sql) const {
    EXPECT_EQ(sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(m_handle);
  }

 private:
  sqlite3* m_handle = nullptr;
};

std::optional<Error> error_of_opening(const std::filesystem::path& path, AnswerArchive::Mode mode) {
  try {
    const AnswerArchive archive(path, mode);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

TEST(Chunks, AreTheBodyAndWithinTheirBounds) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, dataset::k_smallest_chunk,
                                 dataset::k_smallest_chunk + 1, std::size_t{1'000'000}}) {
    const std::string body = noise(size, size);
    std::string together;
    const auto chunks = dataset::chunks_of(body);
    for (const std::string_view chunk : chunks) {
      together += chunk;
      EXPECT_LE(chunk.size(), dataset::k_largest_chunk);
      if (chunk.data() != chunks.back().data()) {
        EXPECT_GE(chunk.size(), dataset::k_smallest_chunk);
      }
    }
    EXPECT_EQ(together, body);
  }
  // A body without any variety is cut at the upper bound.
  const std::string dull(1'000'000, 'x');
  EXPECT_EQ(dataset::chunks_of(dull).front().size(), dataset::k_largest_chunk);
}

TEST(Chunks, AnInsertionChangesOnlyThePiecesAroundIt) {
  const std::string before = noise(2'000'000, 7);
  const std::string after = before.substr(0, 700'000) + "one more author" + before.substr(700'000);
  std::set<std::string_view> known;
  for (const std::string_view chunk : dataset::chunks_of(before)) known.insert(chunk);
  std::size_t fresh = 0;
  for (const std::string_view chunk : dataset::chunks_of(after)) fresh += known.contains(chunk) ? 0U : 1U;
  EXPECT_GE(known.size(), 2'000'000 / dataset::k_largest_chunk);
  EXPECT_GE(fresh, 1U);
  EXPECT_LE(fresh, 3U);
}

TEST(Chunks, CompressedBytesComeBackOrAreRefused) {
  const std::string text = "date: Mon, 23 Nov 2026 03:17:00 GMT\n";
  for (const std::string dictionary : {"", "date: Mon, 01 Jan 2026 00:00:00 GMT\n"}) {
    const std::string packed = dataset::compressed(text, dictionary);
    EXPECT_EQ(dataset::decompressed(packed, text.size(), dictionary), text);
    EXPECT_THROW((void)dataset::decompressed(packed, text.size() - 1, dictionary), Error);
    EXPECT_THROW((void)dataset::decompressed(packed, text.size() + 1, dictionary), Error);
    EXPECT_THROW((void)dataset::decompressed(packed.substr(0, packed.size() / 2), text.size(), dictionary),
                 Error);
    std::string damaged = packed;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_THROW((void)dataset::decompressed(damaged, text.size(), dictionary), Error);
  }
  EXPECT_EQ(dataset::decompressed(dataset::compressed(""), 0), "");
}

TEST(Chunks, NumbersComeBack) {
  for (const std::vector<std::int64_t>& numbers :
       {std::vector<std::int64_t>{}, {1, 2, 3}, {1'000'000, 5, 5, 4, 0}, {INT64_MAX, INT64_MIN, -1}}) {
    EXPECT_EQ(dataset::unpacked_numbers(dataset::packed_numbers(numbers)), numbers);
  }
  EXPECT_EQ(dataset::packed_numbers({7, 8, 9}).size(), 3U);
  EXPECT_THROW((void)dataset::unpacked_numbers("\x80"), Error);
  EXPECT_THROW((void)dataset::unpacked_numbers(std::string(20, '\xff')), Error);
}

TEST(Answers, ComeBackAsTheyWere) {
  const TemporaryFolder folder;
  std::vector<KeptAnswer> kept;
  kept.push_back(answer_of("https://api.example/works?filter=a|b&cursor=*", noise(300'000, 1)));
  kept.push_back(answer_of("https://api.example/works?filter=a|b&cursor=abc", ""));
  kept.back().final_url = "https://api.example/elsewhere";
  kept.back().status = 404;
  kept.back().headers.clear();
  kept.push_back(answer_of("https://api.example/authors/A1", std::string("a\0b\xff", 4)));
  kept.push_back({});
  kept.back().what = What::failure;
  kept.back().url = "https://api.example/authors/A1";
  kept.back().kind = ErrorKind::unavailable;
  kept.back().message = "no certificate";
  kept.back().final_url = kept.back().url;
  for (const What what :
       {What::too_large, What::no_turn, What::no_pause, What::stop, What::file, What::people}) {
    kept.push_back({});
    kept.back().what = what;
  }
  {
    AnswerArchive archive(folder / "answers.sqlite", AnswerArchive::Mode::read_write);
    archive.begin_run("run", true, 1'699'999'999);
    archive.note_resolving();
    for (const KeptAnswer& answer : kept) archive.keep(answer);
  }
  const AnswerArchive archive(folder / "answers.sqlite", AnswerArchive::Mode::read_only);
  const std::vector<AnsweredRun> runs = archive.runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].command, "run");
  EXPECT_EQ(runs[0].began, 1'699'999'999);
  EXPECT_TRUE(runs[0].fresh && runs[0].resolved && !runs[0].fetched && !runs[0].ended);
  EXPECT_EQ(runs[0].answers, 5U) << "what is no answer is not counted as one";
  const std::vector<AnswersEntry> entries = archive.entries(runs[0].run);
  ASSERT_EQ(entries.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(entries[i].url, kept[i].url);
    expect_equal(archive.answer(entries[i].number), kept[i]);
  }
}

TEST(Answers, TheSamePieceIsKeptOnce) {
  const TemporaryFolder folder;
  const std::string body = noise(500'000, 3);
  std::string changed = body;
  changed.replace(250'000, 5, "12345");
  {
    AnswerArchive archive(folder / "answers.sqlite", AnswerArchive::Mode::read_write);
    archive.begin_run("run", false, 0);
    archive.keep(answer_of("https://a.example/?x=1&cursor=1", body));
    const std::uint64_t once = archive.state().bytes;
    archive.begin_run("refresh", false, 86400);
    archive.keep(answer_of("https://a.example/?x=1&cursor=1", body));
    archive.keep(answer_of("https://a.example/?x=1&cursor=2", changed));
    EXPECT_EQ(archive.state().content, 1'500'000U);
    EXPECT_LT(archive.state().bytes, once + 3 * dataset::k_largest_chunk);
  }
  const Opened file(folder / "answers.sqlite");
  EXPECT_LE(file.number("SELECT sum(bytes) FROM chunk"),
            500'000 + static_cast<std::int64_t>(2 * dataset::k_largest_chunk));
  EXPECT_EQ(file.number("SELECT count(*) FROM text"), 1)
      << "the addresses differ in the last parameter alone";
}

TEST(Answers, TheOldestRunsGoFirstAndTheSpaceIsGivenBack) {
  const TemporaryFolder folder;
  const auto path = folder / "answers.sqlite";
  constexpr std::uint64_t k_limit = 2'000'000;
  AnswerArchive archive(path, AnswerArchive::Mode::read_write, k_limit);
  const std::string shared = noise(100'000, 99);
  std::vector<std::int64_t> began;
  for (int run = 0; run < 6; ++run) {
    archive.begin_run("run", false, 1'000'000 + run);
    archive.keep(answer_of("https://a.example/shared", shared));
    for (int n = 0; n < 5; ++n) {
      const auto seed = static_cast<std::uint64_t>(run * 100 + n);
      archive.keep(answer_of("https://a.example/" + std::to_string(seed), noise(150'000, seed)));
      EXPECT_LE(archive.state().bytes, k_limit + 400'000);
    }
    archive.end_run();
  }
  const std::vector<AnsweredRun> runs = archive.runs();
  ASSERT_GE(runs.size(), 2U);
  EXPECT_LT(runs.size(), 6U);
  EXPECT_EQ(runs.back().began, 1'000'005);
  for (const AnsweredRun& run : runs) {
    EXPECT_EQ(run.answers, 6U) << "whole runs go";
    for (const AnswersEntry& entry : archive.entries(run.run))
      EXPECT_FALSE(archive.answer(entry.number).body.empty());
  }
  const ArchiveState state = archive.state();
  EXPECT_EQ(state.dropped_runs, 6 - runs.size());
  EXPECT_EQ(state.dropped_answers, 6 * state.dropped_runs);
  EXPECT_EQ(archive.take_dropped().answers, state.dropped_answers);
  EXPECT_EQ(archive.take_dropped().answers, 0U) << "it is told once";
  EXPECT_LE(std::filesystem::file_size(path), k_limit + 400'000);
}

TEST(Answers, OfTheRunUnderWayGoOnlyWhenNothingElseIsLeft) {
  const TemporaryFolder folder;
  AnswerArchive archive(folder / "answers.sqlite", AnswerArchive::Mode::read_write, 1'000'000);
  archive.begin_run("run", false, 0);
  KeptAnswer file;
  file.what = What::file;
  file.url = "study.toml";
  archive.keep(file);
  for (std::uint64_t n = 0; n < 20; ++n)
    archive.keep(answer_of("https://a.example/" + std::to_string(n), noise(100'000, n)));
  const std::vector<AnsweredRun> runs = archive.runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_GT(runs[0].dropped, 0U);
  EXPECT_EQ(runs[0].dropped + runs[0].answers, 20U);
  const std::vector<AnswersEntry> entries = archive.entries(runs[0].run);
  EXPECT_EQ(entries.front().what, What::file) << "what the run began with stays";
  EXPECT_EQ(entries.back().url, "https://a.example/19") << "the newest answers stay";
}

TEST(Answers, ALowerLimitHoldsAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder / "answers.sqlite";
  {
    AnswerArchive archive(path, AnswerArchive::Mode::read_write);
    archive.begin_run("run", false, 0);
    for (std::uint64_t n = 0; n < 10; ++n)
      archive.keep(answer_of("https://a.example/" + std::to_string(n), noise(100'000, n)));
  }
  AnswerArchive archive(path, AnswerArchive::Mode::read_write, 0);
  archive.begin_run("run", false, 1);
  EXPECT_EQ(archive.state().answers, 0U);
  EXPECT_EQ(archive.take_dropped().answers, 10U);
  EXPECT_LT(std::filesystem::file_size(path), 300'000U);
}

TEST(Answers, AForeignANewerAndAMissingFileAreRefused) {
  const TemporaryFolder folder;
  const auto path = folder / "answers.sqlite";
  EXPECT_EQ(error_of_opening(path, AnswerArchive::Mode::read_only)->kind(), ErrorKind::no_input);
  Opened(path).run("CREATE TABLE notes (text TEXT)");
  for (const auto mode : {AnswerArchive::Mode::read_only, AnswerArchive::Mode::read_write}) {
    const auto error = error_of_opening(path, mode);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::data);
    EXPECT_NE(std::string(error->what()).find("archive of answers"), std::string::npos);
  }
  std::filesystem::remove(path);
  { const AnswerArchive archive(path, AnswerArchive::Mode::read_write); }
  Opened(path).run("PRAGMA user_version = 4711");
  for (const auto mode : {AnswerArchive::Mode::read_only, AnswerArchive::Mode::read_write}) {
    const auto error = error_of_opening(path, mode);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::configuration);
    EXPECT_NE(std::string(error->what()).find("'4711'"), std::string::npos);
  }
}

TEST(Answers, DamageIsAnErrorAndNeverAnotherAnswer) {
  const TemporaryFolder folder;
  const auto path = folder / "answers.sqlite";
  {
    AnswerArchive archive(path, AnswerArchive::Mode::read_write);
    archive.begin_run("run", false, 0);
    archive.keep(answer_of("https://a.example/1", noise(1000, 1)));
    archive.keep(answer_of("https://a.example/2", noise(1000, 2)));
  }
  const Opened file(path);
  for (const char* sql :
       {"UPDATE chunk SET data = (SELECT data FROM chunk WHERE chunk = 2) WHERE chunk = 1",
        "UPDATE chunk SET bytes = 1 << 40", "DELETE FROM chunk WHERE chunk = 1",
        "UPDATE answer SET chunks = x'80'", "UPDATE answer SET bytes = 7",
        "UPDATE answer SET header_bytes = 1 << 40", "UPDATE answer SET headers = x''",
        "UPDATE answer SET what = 99", "UPDATE answer SET kind = 99", "UPDATE answer SET at = 'noon'"}) {
    std::filesystem::copy_file(path, folder / "copy.sqlite",
                               std::filesystem::copy_options::overwrite_existing);
    Opened(folder / "copy.sqlite").run(sql);
    const AnswerArchive archive(folder / "copy.sqlite", AnswerArchive::Mode::read_only);
    EXPECT_THROW((void)archive.answer(1), Error) << sql;
  }
}

}  // namespace
}  // namespace coterie::test
