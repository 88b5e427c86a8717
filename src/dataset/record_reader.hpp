#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/work.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Every record, ordered by source and id, one at a time.
///
/// One cursor per table runs through the rows in the order of the works, and they are merged as they come: no
/// query per work, and no table in memory. To be called inside a snapshot or transaction. \complexity O(rows)
/// time, memory of one work
void for_each_work(const sqlite::Connection& connection, const std::function<void(const Work&)>& take);

/// Ids of the source's authors on a work together with one of the ids, themselves left out, sorted.
[[nodiscard]] std::vector<std::string> coauthor_ids(const sqlite::Connection& connection,
                                                    const std::string& source,
                                                    std::span<const std::string> author_ids);

/// What the records of each source amount to, ordered by name.
[[nodiscard]] std::vector<SourceState> source_states(const sqlite::Connection& connection);

}  // namespace coterie::dataset
