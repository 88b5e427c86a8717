#pragma once

#include <span>

#include "coterie/study.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// Appends what is told of authors wherever they stand: works (all of the window, long bylines included),
/// works_by_name, works_above_cut, first_year, last_year. A line without author (k_none) has no works.
/// \complexity O(works of the authors)
void add_activity(Table& table, const Study& study, std::span<const Index> authors);

}  // namespace coterie
