#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/dataset.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// The tables that say how far queries have come, what is missing and which files were read. Functions that
/// write are to be called inside a transaction; `now` is a UTC timestamp.

[[nodiscard]] QueryProgress query_progress(const sqlite::Connection& connection, const Query& query);

/// Starts a new run through the query: cursor and seen ids forgotten, no longer complete. `complete_as_of`
/// keeps telling when the query was complete last.
void restart_query(const sqlite::Connection& connection, const Query& query, std::string_view now);

/// Notes the ids of a page as seen, the cursor of the next page, and by the source's clock when the run
/// through the query began.
/// \return number of distinct ids seen in this run
std::uint64_t record_page(const sqlite::Connection& connection, const Query& query, const WorkPage& page,
                          std::string_view began, std::string_view now);

/// Notes how the query ended: complete (its gap is closed, and the ids seen are dropped) or with a gap, which
/// keeps the time of its first appearance.
void record_outcome(const sqlite::Connection& connection, const Query& query, const HarvestOutcome& outcome,
                    std::string_view now);

/// Cursors and seen ids of every query that is not complete.
void forget_cursors(const sqlite::Connection& connection);

/// Drops the source's queries, for works or lookups, that are not planned, and their gaps.
void retire_queries(const sqlite::Connection& connection, const std::string& source,
                    std::span<const std::string> planned, bool lookups);

/// Notes that a file was read; reading the same file again replaces what was noted.
void record_import(const sqlite::Connection& connection, const ImportState& import);

[[nodiscard]] std::vector<QueryState> query_states(const sqlite::Connection& connection);
[[nodiscard]] std::vector<Gap> open_gaps(const sqlite::Connection& connection);
[[nodiscard]] std::vector<ImportState> import_states(const sqlite::Connection& connection);

}  // namespace coterie::dataset
