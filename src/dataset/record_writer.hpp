#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "coterie/work.hpp"
#include "src/dataset/content_rows.hpp"
#include "src/dataset/sqlite.hpp"

namespace coterie::dataset {

/// What storing a work changed.
enum class Stored { added, changed, same };

/// Writes works into the tables of records.
class RecordWriter {
 public:
  explicit RecordWriter(sqlite::Connection& connection);

  /// Stores the work in place of what was stored under its source and id; to be called inside a transaction.
  /// A shortened byline does not replace the whole byline of the same state (`updated`) of the record, so
  /// that it does not matter in which order a list's page and the single record came.
  ///
  /// A record whose content is stored already is only stamped. Whatever was known of a work that had
  /// vanished, went into another, or was not listed is forgotten: here it is again.
  Stored store(const Work& work, std::string_view fetched_at);

  /// The same for a work that was asked for alone because no list brings it: it is not asked for again of
  /// late.
  void store_single(const Work& work, std::string_view fetched_at);

  /// Marks a work as one that the source does not have any more.
  void mark_vanished(const std::string& source, const std::string& id, std::string_view now);
  /// Marks a work as one that went into another, which is stored.
  void mark_merged(const std::string& source, const std::string& id, const std::string& into);
  /// Whether the whole byline of the record's state is stored.
  [[nodiscard]] bool holds_whole(const Work& work);

  /// To be called after a rollback.
  void forget();

  /// Sets how much memory may be kept of what was written; bytes, roughly.
  void limit(std::size_t bytes) { m_content.limit(bytes); }

 private:
  [[nodiscard]] std::int64_t source_key(const std::string& source);
  struct Written {
    std::int64_t key = 0;  ///< 0 if the stored byline is to stay
    Stored stored = Stored::same;
  };
  /// Writes the work's row.
  [[nodiscard]] Written write_work(const Work& work, std::string_view fetched_at);
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
  sqlite::Statement m_check_work;
  sqlite::Statement m_mark_vanished;
  sqlite::Statement m_mark_merged;
  sqlite::Statement m_delete_authorships;
  sqlite::Statement m_delete_funding;
  sqlite::Statement m_insert_authorship;
  sqlite::Statement m_insert_institution;
  sqlite::Statement m_insert_affiliation;
  sqlite::Statement m_insert_funding;
};

}  // namespace coterie::dataset
