#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coterie/error.hpp"
#include "coterie/source.hpp"

namespace coterie {

/// How far a query has come in earlier runs.
struct QueryProgress {
  std::string cursor;         ///< next page to ask for; empty: from the start
  bool complete = false;      ///< the last run through it ended properly
  std::string completed_at;   ///< when that was, UTC
  std::uint64_t fetched = 0;  ///< distinct records stored in the run through it that is under way
};

/// How a query ended. A gap (anything but complete) is a result, not an exception: it is stored and told.
struct HarvestOutcome {
  enum class State { complete, partial, failed };
  State state = State::complete;
  ErrorKind kind = ErrorKind::temporary;  ///< of a gap: the exit code it leads to
  std::string reason;                     ///< of a gap: one sentence
  std::optional<std::uint64_t> expected;  ///< records the source announced
  std::uint64_t fetched = 0;              ///< distinct records stored
  std::uint64_t rejected = 0;
  std::uint64_t calls = 0;
  double cost = 0;             ///< US dollars
  bool stop_source = false;    ///< of a gap: the source answers nothing more in this run (allowance, key)
  std::string complete_as_of;  ///< the source's clock at the start of the run; only if complete
};

/// Where harvested pages go; the dataset implements it.
class HarvestStore {
 public:
  virtual ~HarvestStore() = default;

  /// What is known of the query from earlier runs.
  [[nodiscard]] virtual QueryProgress progress(const Query& query) = 0;

  /// Starts a new run through the query's pages: forgets its cursor and the ids seen.
  virtual void restart(const Query& query) = 0;

  /// Stores a page and the cursor of the next one in one transaction.
  /// \return number of distinct records stored in this run through the query, this page included
  virtual std::uint64_t store(const Query& query, const WorkPage& page) = 0;

  /// Records how the query ended.
  virtual void finish(const Query& query, const HarvestOutcome& outcome) = 0;
};

/// Passing of time, so that tests need not wait. The program's own uses the steady clock, and the file of
/// last requests that all studies of a person share.
class Pacing {
 public:
  virtual ~Pacing() = default;
  /// Waits until a request to the host may be sent, at least `interval` after the last one of any run.
  /// \throws Error{temporary} if the run's time is over
  virtual void wait_for_turn(const std::string& host, std::chrono::milliseconds interval) = 0;
  /// Waits that long. \throws Error{temporary} if the run's time would be over before
  virtual void pause(std::chrono::milliseconds duration) = 0;
  /// Now, as UTC timestamp.
  [[nodiscard]] virtual std::string now() = 0;
};

/// Pacing by the steady clock; the time of the last request to each host is kept in `state_folder` under a
/// lock, so that two studies together still keep a source's limit. \param deadline the run must be over by
/// then; nullopt: no limit
[[nodiscard]] std::unique_ptr<Pacing> steady_pacing(
    const std::filesystem::path& state_folder, std::optional<std::chrono::steady_clock::time_point> deadline);

/// Told after every page: query, records so far, records expected.
using HarvestReport =
    std::function<void(const Query&, std::uint64_t fetched, std::optional<std::uint64_t> expected)>;

/// What harvest() and look_up() work with.
struct HarvestTools {
  Http& http;
  Pacing& pacing;
  HarvestReport report;  ///< may be empty
  int attempts = 5;      ///< requests for one page before giving up
};

/// Asks a query to its end, page by page, from the stored cursor, and stores each page with its cursor.
///
/// The list has ended when the source gives no further cursor; it is complete when the distinct ids stored
/// are as many as the source announced. If fewer came, the query is asked once more from its start, and what
/// is then still missing is a gap. Works whose byline the list cut are asked for singly. Cursors that repeat,
/// more pages than announced and empty pages with a cursor end the query with a gap.
///
/// \return how it ended, told to HarvestStore::finish() too; the source's failures are gaps, never exceptions
/// \throws Error of any kind that is not the source's doing (dataset, bug)
/// \complexity one request per page of the list, one per shortened byline; memory of one page
[[nodiscard]] HarvestOutcome harvest(const Source& source, const Query& query, HarvestStore& store,
                                     const HarvestTools& tools);

/// Author records of a lookup, all pages. Only entities that are gone give an empty result.
/// \throws Error as the refusal says: temporary, key_rejected, configuration, unavailable, data
[[nodiscard]] std::vector<AuthorRecord> look_up(const Source& source, const Query& query,
                                                const HarvestTools& tools);

}  // namespace coterie
