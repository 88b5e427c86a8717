#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "coterie/work.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Keys of rows already looked up, by content. Emptied when it is full, so that a harvest or an import of any
/// size stays in bounded memory.
class KeyCache {
 public:
  /// The key, or 0 if the content is not known here.
  [[nodiscard]] std::int64_t find(const std::string& content) const;
  void insert(const std::string& content, std::int64_t key);
  void clear();
  /// Sets how much may be kept; bytes, roughly.
  void limit(std::size_t bytes);

 private:
  std::unordered_map<std::string, std::int64_t> m_keys;
  std::size_t m_bytes = 0;
  std::size_t m_most_bytes = std::size_t{4} << 20;
};

/// Gives institutions and printed affiliations the key of their row, making the row if the dataset lacks it.
class ContentRows {
 public:
  explicit ContentRows(const sqlite::Connection& connection);

  [[nodiscard]] std::int64_t institution(const Institution& institution);
  [[nodiscard]] std::int64_t affiliation(const PrintedAffiliation& affiliation);

  /// To be called after a rollback: rows made since may be gone.
  void forget();
  /// Sets how much memory the keys may take together; bytes, roughly.
  void limit(std::size_t bytes);

 private:
  const sqlite::Connection& m_connection;
  KeyCache m_institutions;
  KeyCache m_affiliations;
  std::string m_content;
  sqlite::Statement m_find_institution;
  sqlite::Statement m_insert_institution;
  sqlite::Statement m_find_affiliation;
  sqlite::Statement m_insert_affiliation;
};

}  // namespace coterie::dataset
