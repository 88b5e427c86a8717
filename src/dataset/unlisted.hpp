#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coterie/query.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Ids of the works that a query for works should bring, by what is stored of their bylines and years, and
/// that the run through it under way did not bring. Left out: works known to have vanished or to have gone
/// into others, and those asked for alone since `checked_since`. Sorted.
/// \complexity O(stored works of the query's authors; authorships of the source for institutions)
[[nodiscard]] std::vector<std::string> unlisted(const sqlite::Connection& connection, const Query& query,
                                                std::string_view checked_since);

}  // namespace coterie::dataset
