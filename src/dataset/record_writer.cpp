#include "src/dataset/record_writer.hpp"

#include <optional>

#include "src/dataset/digest.hpp"
#include "src/dataset/fingerprint.hpp"
#include "src/dataset/packed_list.hpp"

namespace coterie::dataset {

RecordWriter::RecordWriter(sqlite::Connection& connection)
    : m_connection(connection),
      m_content(connection),
      m_find_source(connection, "SELECT source FROM source WHERE name = ?1"),
      m_insert_source(connection, "INSERT INTO source (name) VALUES (?1)"),
      m_find_work(connection,
                  "SELECT work, updated, byline_truncated, digest FROM work WHERE source = ?1 AND id = ?2"),
      m_insert_work(
          connection,
          "INSERT INTO work (source, id, doi, arxiv, title, year, date, type, venue, language, "
          "journal_reference, version, updated, cited_by, retracted, author_count, byline_truncated, "
          "fetched_at, reference_list, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
          "?13, "
          "?14, ?15, ?16, ?17, ?18, ?19, ?20)"),
      m_update_work(
          connection,
          "UPDATE work SET doi = ?2, arxiv = ?3, title = ?4, year = ?5, date = ?6, type = ?7, venue = ?8, "
          "language = ?9, journal_reference = ?10, version = ?11, updated = ?12, cited_by = ?13, "
          "retracted = ?14, author_count = ?15, byline_truncated = ?16, fetched_at = ?17, "
          "reference_list = ?18, digest = ?19, vanished = '', checked = '', merged_into = '' WHERE work = "
          "?1"),
      m_touch_work(
          connection,
          "UPDATE work SET fetched_at = ?2, vanished = '', checked = '', merged_into = '' WHERE work = "
          "?1"),
      m_check_work(connection, "UPDATE work SET checked = ?3 WHERE source = ?1 AND id = ?2"),
      m_mark_vanished(
          connection,
          "UPDATE work SET vanished = ?3, checked = ?4 WHERE source = ?1 AND id = ?2 AND vanished = "
          "''"),
      m_mark_merged(connection, "UPDATE work SET merged_into = ?3 WHERE source = ?1 AND id = ?2"),
      m_delete_authorships(connection, "DELETE FROM authorship WHERE work = ?1"),
      m_delete_funding(connection, "DELETE FROM funding WHERE work = ?1"),
      m_insert_authorship(
          connection,
          "INSERT INTO authorship (work, position, raw_name, name, author_id, orcid, corresponding) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      m_insert_institution(
          connection,
          "INSERT INTO authorship_institution (work, position, place, institution) VALUES (?1, ?2, ?3, "
          "?4)"),
      m_insert_affiliation(
          connection,
          "INSERT INTO authorship_affiliation (work, position, place, affiliation) VALUES (?1, ?2, ?3, "
          "?4)"),
      m_insert_funding(
          connection,
          "INSERT INTO funding (work, place, funder_id, funder_name, award_id) VALUES (?1, ?2, ?3, ?4, "
          "?5)") {}

Stored RecordWriter::store(const Work& work, std::string_view fetched_at) {
  const auto [key, stored] = write_work(work, fetched_at);
  if (key == 0) return stored;
  std::int64_t position = 0;
  for (const Authorship& authorship : work.authorships) write_authorship(key, position++, authorship);
  std::int64_t place = 0;
  for (const Funding& funding : work.funding) {
    m_insert_funding.run(key, place++, funding.funder_id, funding.funder_name, funding.award_id);
  }
  return stored;
}

void RecordWriter::store_single(const Work& work, std::string_view fetched_at) {
  static_cast<void>(store(work, fetched_at));
  m_check_work.run(source_key(work.source), work.id, fetched_at);
}

void RecordWriter::mark_vanished(const std::string& source, const std::string& id, std::string_view now) {
  constexpr std::size_t k_date = 10;
  m_mark_vanished.run(source_key(source), id, now.substr(0, k_date), now);
}

void RecordWriter::mark_merged(const std::string& source, const std::string& id, const std::string& into) {
  m_mark_merged.run(source_key(source), id, into);
}

bool RecordWriter::holds_whole(const Work& work) {
  m_find_work.start(source_key(work.source), work.id);
  const bool whole = m_find_work.step() && !work.updated.empty() && m_find_work.text(1) == work.updated &&
                     m_find_work.integer(2) == 0;
  m_find_work.reset();
  return whole;
}

RecordWriter::Written RecordWriter::write_work(const Work& work, std::string_view fetched_at) {
  const std::int64_t source = source_key(work.source);
  const std::int64_t digest = digest_of(content_of(work));
  const std::string references = packed(work.references);
  m_find_work.start(source, work.id);
  if (!m_find_work.step()) {
    m_find_work.reset();
    m_insert_work.run(source, work.id, work.doi, work.arxiv, work.title, work.year, work.date, work.type,
                      work.venue, work.language, work.journal_reference, work.version, work.updated,
                      work.cited_by, work.retracted, work.author_count, work.byline_truncated, fetched_at,
                      references, digest);
    return {m_connection.last_key(), Stored::added};
  }
  const std::int64_t key = m_find_work.integer(0);
  const bool same_state = m_find_work.text(1) == work.updated;
  const bool stored_whole = m_find_work.integer(2) == 0;
  const std::int64_t stored_digest = m_find_work.integer(3);
  m_find_work.reset();
  if ((work.byline_truncated && stored_whole && same_state) || stored_digest == digest) {
    m_touch_work.run(key, fetched_at);
    return {0, Stored::same};
  }
  m_update_work.run(key, work.doi, work.arxiv, work.title, work.year, work.date, work.type, work.venue,
                    work.language, work.journal_reference, work.version, work.updated, work.cited_by,
                    work.retracted, work.author_count, work.byline_truncated, fetched_at, references, digest);
  m_delete_authorships.run(key);
  m_delete_funding.run(key);
  // Of a record that an older version stored only the date of its last change can be compared.
  const bool changed = stored_digest != 0 || !same_state;
  return {key, changed ? Stored::changed : Stored::same};
}

void RecordWriter::write_authorship(std::int64_t key, std::int64_t position, const Authorship& authorship) {
  // Sources often repeat the printed name as the author's; NULL stands for "the same".
  const auto name = authorship.name == authorship.raw_name ? std::nullopt
                                                           : std::optional<std::string_view>(authorship.name);
  m_insert_authorship.run(key, position, authorship.raw_name, name, authorship.author_id, authorship.orcid,
                          authorship.corresponding);
  std::int64_t place = 0;
  for (const Institution& institution : authorship.institutions) {
    m_insert_institution.run(key, position, place++, m_content.institution(institution));
  }
  place = 0;
  for (const PrintedAffiliation& affiliation : authorship.affiliations) {
    m_insert_affiliation.run(key, position, place++, m_content.affiliation(affiliation));
  }
}

std::int64_t RecordWriter::source_key(const std::string& source) {
  const auto known = m_sources.find(source);
  if (known != m_sources.end()) return known->second;
  m_find_source.start(source);
  std::int64_t key = 0;
  if (m_find_source.step()) key = m_find_source.integer(0);
  m_find_source.reset();
  if (key == 0) {
    m_insert_source.run(source);
    key = m_connection.last_key();
  }
  m_sources.emplace(source, key);
  return key;
}

void RecordWriter::forget() {
  m_content.forget();
  m_sources.clear();
}

}  // namespace coterie::dataset
