#pragma once

#include <filesystem>

#include "coterie/dataset.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Takes over from another dataset, row by row, what this one lacks or has in an older state.
/// \param other a dataset of the newest schema
[[nodiscard]] CarriedOver carry_over(sqlite::Connection& connection, const std::filesystem::path& other);

/// Puts the dataset at `from`, which nobody has open, in the place of the one at `target`: in one transaction
/// of that file, or by renaming if there is none.
void replace(const std::filesystem::path& target, const std::filesystem::path& from);

}  // namespace coterie::dataset
