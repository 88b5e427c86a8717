#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Marks a SQLite file as a dataset of coterie: the letters "cote".
inline constexpr std::int32_t k_application_id = 0x636f7465;

/// A step from one version of a file to the next.
struct Migration {
  const char* sql;
  const char* stamp;  ///< PRAGMA takes no parameters, so the version is written out
};

/// A kind of SQLite file that coterie keeps: how it is told from others, and how it came to its newest form.
struct FileKind {
  std::string_view noun;  ///< what messages call it
  std::int32_t application_id;
  const char* new_file;  ///< settings that must stand before the first table
  const char* stamp;     ///< sets the application id
  std::span<const Migration> migrations;

  [[nodiscard]] int newest() const { return static_cast<int>(migrations.size()); }
};

/// The dataset.
[[nodiscard]] const FileKind& dataset_file();

/// Version of the schema that this build reads and writes; the number of migrations.
[[nodiscard]] int newest_schema();

/// Schema version of the file, 0 for a file with nothing in it.
/// \param name what the messages call the file
/// \throws Error{data} if the file is none of that kind or damaged, Error{configuration} if a newer
/// version wrote it
[[nodiscard]] int schema_version(const sqlite::Connection& connection, const std::string& name,
                                 const FileKind& kind = dataset_file());

/// Applies the migrations that the dataset lacks, up to version `target`, in one transaction; an empty file
/// becomes a dataset. \throws Error as schema_version(), and Error of any kind of Connection::fail()
void migrate(sqlite::Connection& connection, const std::string& name, int target = newest_schema());
/// The same for a file of another kind, up to its newest version.
void migrate(sqlite::Connection& connection, const std::string& name, const FileKind& kind);

/// Looks through the whole file for damage. \throws Error{data} naming the first damage found
/// \complexity O(size of the file)
void check_for_damage(const sqlite::Connection& connection, const std::string& name,
                      const FileKind& kind = dataset_file());

}  // namespace coterie::dataset
