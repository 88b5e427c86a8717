#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "coterie/work.hpp"
#include "src/dataset/content_rows.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// Writes works into the tables of records.
class RecordWriter {
 public:
  explicit RecordWriter(sqlite::Connection& connection);

  /// Stores the work in place of what was stored under its source and id; to be called inside a transaction.
  /// A shortened byline does not replace the whole byline of the same state (`updated`) of the record, so
  /// that it does not matter in which order a list's page and the single record came.
  void store(const Work& work, std::string_view fetched_at);

  /// To be called after a rollback.
  void forget();

 private:
  [[nodiscard]] std::int64_t source_key(const std::string& source);
  /// The work's row, written; 0 if the stored record is to stay.
  [[nodiscard]] std::int64_t write_work(const Work& work, std::string_view fetched_at);
  void write_authorship(std::int64_t key, std::int64_t position, const Authorship& authorship);

  sqlite::Connection& m_connection;
  ContentRows m_content;
  std::map<std::string, std::int64_t> m_sources;
  sqlite::Statement m_find_source;
  sqlite::Statement m_insert_source;
  sqlite::Statement m_find_work;
  sqlite::Statement m_insert_work;
  sqlite::Statement m_update_work;
  sqlite::Statement m_touch_work;
  sqlite::Statement m_delete_authorships;
  sqlite::Statement m_delete_funding;
  sqlite::Statement m_insert_authorship;
  sqlite::Statement m_insert_institution;
  sqlite::Statement m_insert_affiliation;
  sqlite::Statement m_insert_funding;
};

}  // namespace coterie::dataset
