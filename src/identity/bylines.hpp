#pragma once

#include <vector>

#include "src/identity/records.hpp"
#include "src/identity/works.hpp"

namespace coterie {

/// What the name of a byline entry says, found once per name.
class NameReading {
 public:
  explicit NameReading(StringPool& texts) : m_texts(texts), m_facts({}) {}

  /// name_key() of the name.
  [[nodiscard]] Text key(Text name) { return facts(name).key; }
  [[nodiscard]] bool collective(Text name) { return facts(name).collective; }

 private:
  struct Facts {
    Text key = k_no_text;
    bool collective = false;
    bool known = false;
  };
  StringPool& m_texts;
  ByText<Facts> m_facts;
  Facts facts(Text name);
};

/// A byline entry with all that the records of the work tell of it.
struct BylineEntry {
  Text printed = k_no_text;
  Text key = k_no_text;          ///< name_key() of the printed name
  Text other_key = k_no_text;    ///< of the source's name of the author
  std::vector<Text> author_ids;  ///< SOURCE:ID, that of the byline's own record first
  Text orcid = k_no_text;
  Text source = k_no_text;  ///< of the record that prints it
  std::vector<std::uint32_t> affiliations;
};

/// The byline of a work.
struct Byline {
  std::vector<BylineEntry> entries;  ///< as printed, repeated and unnamed ones included
  std::uint32_t told_count = 0;      ///< entries of the whole byline
  bool truncated = false;
};

/// Chooses the first record's byline; if it is cut or absent, the first whole one that is at least as long.
/// An entry without author id, ORCID or affiliation gets it from the entry of the same name in another record
/// of the work, if the name stands there once.
[[nodiscard]] Byline merged_byline(const WorkRecords& work, const Records& records, NameReading& names);

}  // namespace coterie
