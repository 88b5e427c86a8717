#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coterie/error.hpp"

namespace coterie {

/// One thing that a run depended on, as it is kept: what it began with, and what happened while it asked
/// sources. A run that is fed the same things in the same order does the same.
struct KeptAnswer {
  enum class What {
    answer,     ///< an answer came, whatever its status
    failure,    ///< the transport gave no whole answer
    too_large,  ///< the answer was larger than is read
    no_turn,    ///< the run was to end while it waited for its turn
    no_pause,   ///< the run was to end while it paused
    stop,       ///< the run was told to stop
    file,       ///< a file of the study as the run began: name in `url`, content in `body`
    people,     ///< who was taken for whom as the run began, in `body`
  };
  What what = What::answer;
  std::string source;
  std::string url;        ///< as it was asked, without the key
  std::int64_t at = 0;    ///< of arrival, seconds since 1970
  int status = 0;         ///< of an answer
  std::string final_url;  ///< of an answer: where it came from, after redirects
  std::map<std::string, std::string>
      headers;                            ///< of an answer: those that coterie reads; names in lower case
  std::string body;                       ///< of an answer, decoded
  ErrorKind kind = ErrorKind::temporary;  ///< of all others
  std::string message;                    ///< of all others
};

/// An entry of an archive.
struct AnswersEntry {
  std::int64_t number = 0;
  KeptAnswer::What what = KeptAnswer::What::answer;
  std::string url;
};

/// A run of the program that asked sources.
struct AnsweredRun {
  std::int64_t run = 0;
  std::string command;
  std::int64_t began = 0;     ///< seconds since 1970
  bool fresh = false;         ///< asked every source from the start
  bool resolved = false;      ///< looked people up
  bool fetched = false;       ///< asked for works
  bool ended = false;         ///< false: it is under way, or was cut short
  std::uint64_t answers = 0;  ///< kept of it
  std::uint64_t dropped = 0;  ///< once kept of it
};

/// What an archive holds.
struct ArchiveState {
  std::uint64_t runs = 0;
  std::uint64_t answers = 0;
  std::uint64_t bytes = 0;    ///< of the file
  std::uint64_t content = 0;  ///< of the answers' bodies, each counted whole
  std::string oldest;         ///< run that is kept, UTC timestamp; empty if there is none
  std::uint64_t dropped_runs = 0;
  std::uint64_t dropped_answers = 0;
  std::string dropped_at;  ///< the last time, UTC timestamp; empty: never
};

/// What was dropped to keep to the limit.
struct DroppedAnswers {
  std::uint64_t runs = 0;
  std::uint64_t answers = 0;
};

/// Every answer that sources gave, in one SQLite file beside the dataset, so that the dataset can be made
/// again from them.
///
/// Bodies are cut where their content says so (answer_chunks.hpp), and each piece is kept once, compressed:
/// asking again what has hardly changed costs hardly anything. One connection writes, under the dataset's
/// lock; readers see whole answers only (WAL).
class AnswerArchive {
 public:
  enum class Mode { read_write, read_only };

  /// Opens or (read_write) makes the archive.
  /// \param limit bytes that the file may have (read_write); if it has more, old answers are dropped at once
  /// \throws Error{no_input} if it is missing (read_only), Error{configuration} if a newer version wrote it,
  ///         Error{data} if it is no archive of coterie or damaged, Error{cannot_create}, Error{temporary} if
  ///         another process writes it, Error{io}
  AnswerArchive(const std::filesystem::path& path, Mode mode, std::uint64_t limit = UINT64_MAX);
  ~AnswerArchive();
  AnswerArchive(const AnswerArchive&) = delete;
  AnswerArchive& operator=(const AnswerArchive&) = delete;

  /// Notes that a run begins; what is kept from now on belongs to it.
  void begin_run(const std::string& command, bool fresh, std::int64_t began);
  /// Notes that the run looks people up from here on.
  void note_resolving();
  /// Notes that the run asks for works from here on.
  void note_fetching();
  /// Notes that the run came to its end.
  void end_run();

  /// Keeps an answer of the run under way: durable when it returns. If the file grew beyond its limit, the
  /// oldest runs' answers are dropped, and only if that is not enough, the oldest of this run. A call at
  /// most makes the file larger than its limit for the time it takes.
  void keep(const KeptAnswer& answer);

  /// What was dropped since the last call.
  [[nodiscard]] DroppedAnswers take_dropped();

  /// Runs of which something is known, oldest first.
  [[nodiscard]] std::vector<AnsweredRun> runs() const;
  /// What is kept of a run, in its order, without bodies.
  [[nodiscard]] std::vector<AnswersEntry> entries(std::int64_t run) const;
  /// The answer of an entry, whole. \throws Error{data} if the archive is damaged
  [[nodiscard]] KeptAnswer answer(std::int64_t number) const;

  [[nodiscard]] ArchiveState state() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
