#pragma once

#include <filesystem>

#include "coterie/dataset.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Takes over from another dataset, row by row, what this one lacks or has in an older state.
/// \param other a dataset of the newest schema
[[nodiscard]] CarriedOver carry_over(sqlite::Connection& connection, const std::filesystem::path& other);

/// Puts a copy of the dataset in the place of the one at `target`, in one transaction of that file, or under
/// its name at once if there is none. `scratch` is a free name in the same file system.
void put_in_place(sqlite::Connection& connection, const std::filesystem::path& target,
                  const std::filesystem::path& scratch);

}  // namespace coterie::dataset
