#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/dataset.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// The tables that say what runs came to, which passes are open, what is left of allowances, and which author
/// ids went into others. Functions that write are to be called inside a transaction.

/// Notes that a run began. \return its number
std::int64_t begin_run(const sqlite::Connection& connection, const std::string& command,
                       std::string_view now);
/// Notes what the run came to.
void end_run(const sqlite::Connection& connection, std::int64_t run, const RunState& state,
             std::string_view now);
/// The newest `count` runs, newest first.
[[nodiscard]] std::vector<RunState> newest_runs(const sqlite::Connection& connection, std::size_t count);

[[nodiscard]] std::string open_pass(const sqlite::Connection& connection, const std::string& source);
void begin_pass(const sqlite::Connection& connection, const std::string& source, std::string_view now);
void end_pass(const sqlite::Connection& connection, const std::string& source);

void store_allowance(const sqlite::Connection& connection, const AllowanceState& state);
[[nodiscard]] std::vector<AllowanceState> allowances(const sqlite::Connection& connection);

void store_alias(const sqlite::Connection& connection, const AuthorAlias& alias, std::string_view now);
[[nodiscard]] std::vector<AuthorAlias> aliases(const sqlite::Connection& connection);

}  // namespace coterie::dataset
