#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coterie/error.hpp"
#include "coterie/query.hpp"

namespace coterie {

/// How far a query has come in earlier runs.
struct QueryProgress {
  std::string cursor;         ///< next page to ask for; empty: from the start
  bool complete = false;      ///< the last run through it ended properly
  std::string completed_at;   ///< when that was by our clock, UTC
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

}  // namespace coterie
