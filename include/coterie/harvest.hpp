#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/harvest_store.hpp"
#include "coterie/source.hpp"

namespace coterie {

/// Passing of time, so that tests need not wait. The program's own uses the steady clock, and the file of
/// last requests that all studies of a person share.
class Pacing {
 public:
  virtual ~Pacing() = default;
  /// Waits until a request to the host may be sent, at least `interval` after the last one of any run.
  /// \throws Error{temporary} if the run's time is over
  virtual void wait_for_turn(const std::string& host, std::chrono::milliseconds interval) = 0;
  /// Waits that long. \throws Error{temporary} if the run's time would be over before, or the run is stopped
  virtual void pause(std::chrono::milliseconds duration) = 0;
  /// Lets no run ask the host before that time has passed.
  virtual void hold(const std::string& host, std::chrono::milliseconds duration) = 0;
  /// A number from 0 to 1 (not included) at random, which spreads what waits alike.
  [[nodiscard]] virtual double chance() = 0;
  /// Now, as UTC timestamp.
  [[nodiscard]] virtual std::string now() = 0;
};

/// Pacing by the steady clock; the time of the last request to each host is kept in `state_folder` under a
/// lock, so that two studies together still keep a source's limit.
/// \param deadline the run must be over by then; nullopt: no limit
/// \param stopping asked while waiting: whether the run is to end; may be empty
/// \throws Error{cannot_create} if the folder or a file in it cannot be made
[[nodiscard]] std::unique_ptr<Pacing> steady_pacing(
    const std::filesystem::path& state_folder, std::optional<std::chrono::steady_clock::time_point> deadline,
    std::function<bool()> stopping = {});

/// After so many questions in a row that every attempt failed, a source is not asked any more in a run.
inline constexpr int k_most_given_up = 3;

/// What a run has learnt of a source; all its questions to that source share it.
struct SourceRun {
  int given_up = 0;                    ///< questions in a row that every attempt failed
  std::optional<Allowance> allowance;  ///< as the newest answer that told it
  std::string allowance_told_at;       ///< by the source's clock, UTC
};

/// How far a query has come; told after every page.
struct HarvestNews {
  const Query& query;
  std::uint64_t fetched = 0;              ///< distinct records stored
  std::optional<std::uint64_t> expected;  ///< records the source announced
  std::uint64_t calls = 0;                ///< of this query in this run
  double cost = 0;                        ///< of these calls, US dollars
};
/// Takes such news.
using HarvestReport = std::function<void(const HarvestNews&)>;

/// What harvest() and look_up() work with.
struct HarvestTools {
  Http& http;
  Pacing& pacing;
  HarvestReport report = {};            ///< may be empty
  int attempts = 5;                     ///< requests for one page before giving up
  std::function<bool()> stopping = {};  ///< whether the run is to end after the page under way; may be empty
  SourceRun* run = nullptr;             ///< nullptr: every question for itself
  /// Takes secrets out of what an outcome says, whatever part of an answer it repeats; may be empty.
  std::function<std::string(std::string_view)> redact = {};
};

/// Asks a query to its end, page by page, from the stored cursor, and stores each page with its cursor.
///
/// The list has ended when the source gives no further cursor, or when all announced records have come; it is
/// complete when the distinct ids stored are as many as the source announced. If fewer came, the query is
/// asked once more from its start, and what is then still missing is a gap. Works whose byline the list cut
/// are asked for singly, unless the whole byline is stored already. Cursors that repeat, more pages than
/// announced and empty pages with a cursor end the query with a gap.
///
/// A work that an earlier run stored and a complete list no longer brings is asked for singly: it is told
/// anew, or went into another, or has vanished. No work is marked for an empty list alone.
///
/// A page is asked for `attempts` times, with growing, jittered pauses. After k_most_given_up questions in a
/// row that every attempt failed, and before a call that the allowance does not cover, the outcome says that
/// the source is not to be asked any more in this run.
///
/// \return how it ended, told to HarvestStore::finish() too; the source's failures are gaps, never exceptions
/// \throws Error of any kind that is not the source's doing (dataset, bug)
/// \complexity one request per page of the list, one per shortened byline; memory of one page
[[nodiscard]] HarvestOutcome harvest(const Source& source, const Query& query, HarvestStore& store,
                                     const HarvestTools& tools);

/// What a lookup of author records came to.
struct LookUp {
  std::vector<AuthorRecord> authors;  ///< of all pages; empty if the one entity asked for is gone
  HarvestOutcome outcome;             ///< complete, or why the source did not tell
};

/// Author records of a lookup, all pages. As with harvest(), a source's failure is an outcome, never an
/// exception.
[[nodiscard]] LookUp look_up(const Source& source, const Query& query, const HarvestTools& tools);

}  // namespace coterie
