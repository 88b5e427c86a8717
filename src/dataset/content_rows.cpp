#include "src/dataset/content_rows.hpp"

#include <string_view>

#include "src/dataset/digest.hpp"
#include "src/dataset/packed_list.hpp"

namespace coterie::dataset {

namespace {

constexpr std::size_t k_entry_overhead = 80;

/// Appends a field so that no two lists of fields give the same text.
void append_field(std::string& content, std::string_view field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  for (int shift = 0; shift < 32; shift += 8) content += static_cast<char>((size >> shift) & 0xff);
  content += field;
}

}  // namespace

std::int64_t KeyCache::find(const std::string& content) const {
  const auto found = m_keys.find(content);
  return found == m_keys.end() ? 0 : found->second;
}

void KeyCache::insert(const std::string& content, std::int64_t key) {
  if (m_bytes > m_most_bytes) clear();
  m_keys.emplace(content, key);
  m_bytes += content.size() + k_entry_overhead;
}

void KeyCache::clear() {
  m_keys.clear();
  m_bytes = 0;
}

void KeyCache::limit(std::size_t bytes) {
  m_most_bytes = bytes;
  if (m_bytes > m_most_bytes) m_keys = {};  // clear() would keep the table
  if (m_keys.empty()) m_bytes = 0;
}

ContentRows::ContentRows(const sqlite::Connection& connection)
    : m_connection(connection),
      m_find_institution(
          connection,
          "SELECT institution FROM institution WHERE digest = ?1 AND id = ?2 AND name = ?3 AND ror = ?4 "
          "AND country = ?5 AND type = ?6 AND lineage = ?7"),
      m_insert_institution(
          connection,
          "INSERT INTO institution (digest, id, name, ror, country, type, lineage) VALUES (?1, ?2, ?3, "
          "?4, ?5, ?6, ?7)"),
      m_find_affiliation(
          connection,
          "SELECT affiliation FROM affiliation WHERE digest = ?1 AND text = ?2 AND institution_ids = ?3"),
      m_insert_affiliation(connection,
                           "INSERT INTO affiliation (digest, text, institution_ids) VALUES (?1, ?2, ?3)") {}

std::int64_t ContentRows::institution(const Institution& institution) {
  m_content.clear();
  for (const std::string* field :
       {&institution.id, &institution.name, &institution.ror, &institution.country, &institution.type}) {
    append_field(m_content, *field);
  }
  for (const std::string& ancestor : institution.lineage) append_field(m_content, ancestor);
  if (const std::int64_t known = m_institutions.find(m_content)) return known;

  const std::int64_t hash = digest_of(m_content);
  const std::string lineage = packed(institution.lineage);
  std::int64_t key = 0;
  m_find_institution.start(hash, institution.id, institution.name, institution.ror, institution.country,
                           institution.type, lineage);
  if (m_find_institution.step()) key = m_find_institution.integer(0);
  m_find_institution.reset();
  if (key == 0) {
    m_insert_institution.run(hash, institution.id, institution.name, institution.ror, institution.country,
                             institution.type, lineage);
    key = m_connection.last_key();
  }
  m_institutions.insert(m_content, key);
  return key;
}

std::int64_t ContentRows::affiliation(const PrintedAffiliation& affiliation) {
  m_content.clear();
  append_field(m_content, affiliation.text);
  for (const std::string& id : affiliation.institution_ids) append_field(m_content, id);
  if (const std::int64_t known = m_affiliations.find(m_content)) return known;

  const std::int64_t hash = digest_of(m_content);
  const std::string ids = packed(affiliation.institution_ids);
  std::int64_t key = 0;
  m_find_affiliation.start(hash, affiliation.text, ids);
  if (m_find_affiliation.step()) key = m_find_affiliation.integer(0);
  m_find_affiliation.reset();
  if (key == 0) {
    m_insert_affiliation.run(hash, affiliation.text, ids);
    key = m_connection.last_key();
  }
  m_affiliations.insert(m_content, key);
  return key;
}

void ContentRows::limit(std::size_t bytes) {
  m_institutions.limit(bytes / 2);
  m_affiliations.limit(bytes / 2);
}

void ContentRows::forget() {
  m_institutions.clear();
  m_affiliations.clear();
}

}  // namespace coterie::dataset
