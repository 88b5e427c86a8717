#pragma once

#include "coterie/dataset.hpp"
#include "coterie/study.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// coverage.csv: one line per source and person (how many works the source told of them in the window), per
/// source as a whole, and per query: how many records it should have and has, what was rejected, and as of
/// when it is complete.
[[nodiscard]] Table coverage_table(const Study& study, const Dataset& dataset);

}  // namespace coterie
