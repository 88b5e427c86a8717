#pragma once

#include <cstdint>
#include <string>

#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Marks a SQLite file as a dataset of coterie: the letters "cote".
inline constexpr std::int32_t k_application_id = 0x636f7465;

/// Version of the schema that this build reads and writes; the number of migrations.
[[nodiscard]] int newest_schema();

/// Schema version of the dataset, 0 for a file with nothing in it.
/// \param name what the messages call the file
/// \throws Error{data} if the file is no dataset of coterie or damaged, Error{configuration} if a newer
/// version wrote it
[[nodiscard]] int schema_version(const sqlite::Connection& connection, const std::string& name);

/// Applies the migrations that the dataset lacks, up to version `target`, in one transaction; an empty file
/// becomes a dataset. \throws Error as schema_version(), and Error of any kind of Connection::fail()
void migrate(sqlite::Connection& connection, const std::string& name, int target = newest_schema());

/// Looks through the whole file for damage. \throws Error{data} naming the first damage found
/// \complexity O(size of the file)
void check_for_damage(const sqlite::Connection& connection, const std::string& name);

}  // namespace coterie::dataset
