#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coterie/error.hpp"
#include "coterie/query.hpp"

namespace coterie {

/// How far a query has come in earlier runs.
struct QueryProgress {
  std::string cursor;         ///< next page to ask for; empty: from the start
  std::string began;          ///< the source's clock when the run through it that is under way began, UTC
  bool complete = false;      ///< the last run through it ended properly
  std::string completed_at;   ///< when that was by our clock, UTC
  std::uint64_t fetched = 0;  ///< distinct records stored in the run through it that is under way
  std::uint64_t known = 0;    ///< records of the last complete run through it
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
  std::uint64_t added = 0;     ///< records that were not there before
  std::uint64_t changed = 0;   ///< records whose content is another than before
  std::uint64_t vanished = 0;  ///< records that the source does not have any more
  std::uint64_t merged = 0;    ///< records that went into others
  std::uint64_t calls = 0;
  double cost = 0;             ///< US dollars
  bool stop_source = false;    ///< of a gap: the source answers nothing more in this run (allowance, key)
  std::string complete_as_of;  ///< the source's clock at the start of the run; only if complete
};

/// What storing a page came to.
struct StoredPage {
  std::uint64_t seen = 0;  ///< distinct records stored in this run through the query, this page included
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
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
  /// \param began the source's clock when the run through the query began
  virtual StoredPage store(const Query& query, const WorkPage& page, const std::string& began) = 0;

  /// Whether the whole byline of a work that a list cut is stored already, in the same state (`updated`) of
  /// the record.
  [[nodiscard]] virtual bool holds_whole(const Work& shortened) = 0;

  /// Works that the query should bring, by what is stored of them, and that the run through it that is under
  /// way did not bring; without those known to have vanished, those that went into others, and those that
  /// were asked for singly of late. Sorted ids.
  [[nodiscard]] virtual std::vector<std::string> unlisted(const Query& query) = 0;

  /// Stores what the source said when it was asked for the work `id` alone: the work, or the one it went
  /// into.
  virtual void store_single(const std::string& id, const Work& work) = 0;

  /// Marks a work that the source does not have any more; it is kept.
  virtual void mark_vanished(const std::string& source, const std::string& id) = 0;

  /// Records how the query ended.
  virtual void finish(const Query& query, const HarvestOutcome& outcome) = 0;
};

}  // namespace coterie
