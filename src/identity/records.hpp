#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/work.hpp"
#include "src/identity/name_tally.hpp"
#include "src/identity/string_pool.hpp"

namespace coterie {

/// An institution as the sources know it, under its key `SOURCE:ID` (or `ror:ID` when a source tells no id of
/// its own).
struct SourceInstitution {
  Text key = k_no_text;
  std::string openalex;  ///< id, or empty
  std::string ror;       ///< the smallest told, as for the country: sources may change their mind
  std::string country;
  std::set<std::uint32_t> above;  ///< institutions of its lineage, perhaps with itself
};

/// A funder, under its key `SOURCE:ID`, or `name:TEXT` when only a name is told.
struct SourceFunder {
  Text key = k_no_text;
};

/// What was printed together about where an author works: texts and the institutions the source read in them.
/// Usually one text; several when the source does not tell which text an institution was read in.
struct Affiliation {
  std::vector<Text> texts;
  std::vector<std::uint32_t> institutions;  ///< numbers of SourceInstitution, sorted

  bool operator==(const Affiliation&) const = default;
};

/// Hashes of numbers that depend on the order of arrival: for look-ups alone.
struct AffiliationHash {
  [[nodiscard]] std::size_t operator()(const Affiliation& affiliation) const;
};

/// One entry of a byline.
struct Mention {
  Text printed = k_no_text;    ///< as printed, else as the source names the author
  Text name = k_no_text;       ///< as the source names the author
  Text author_id = k_no_text;  ///< SOURCE:ID
  Text orcid = k_no_text;
  std::uint32_t first_affiliation = 0;  ///< into Records::mention_affiliations
  std::uint32_t affiliation_count = 0;
};

/// A work as one source told it, without what a corpus does not hold.
struct Record {
  Text source = k_no_text;
  std::string id;
  std::string doi;
  std::string arxiv;
  std::string title;
  std::optional<int> year;
  std::string date;
  std::string type;
  std::string venue;
  std::uint32_t author_count = 0;
  bool truncated = false;
  std::string vanished;
  std::size_t first_mention = 0;
  std::size_t mention_count = 0;
  std::vector<std::uint32_t> funders;  ///< numbers of SourceFunder
};

/// The records of all sources, with repeated texts, institutions and affiliations kept once.
class Records {
 public:
  void add(const Work& work);

  [[nodiscard]] const std::vector<Record>& all() const { return m_records; }
  [[nodiscard]] std::span<const Mention> byline(const Record& record) const {
    return std::span(m_mentions).subspan(record.first_mention, record.mention_count);
  }
  /// Numbers of Affiliation.
  [[nodiscard]] std::span<const std::uint32_t> affiliations(const Mention& mention) const {
    return std::span(m_mention_affiliations).subspan(mention.first_affiliation, mention.affiliation_count);
  }
  [[nodiscard]] const Affiliation& affiliation(std::uint32_t number) const { return *m_affiliations[number]; }
  [[nodiscard]] std::size_t affiliation_count() const { return m_affiliations.size(); }
  [[nodiscard]] const std::vector<SourceInstitution>& institutions() const { return m_institutions; }
  [[nodiscard]] const NameTally& institution_names() const { return m_institution_names; }
  [[nodiscard]] const std::vector<SourceFunder>& funders() const { return m_funders; }
  [[nodiscard]] const NameTally& funder_names() const { return m_funder_names; }
  [[nodiscard]] StringPool& texts() { return m_texts; }
  [[nodiscard]] const StringPool& texts() const { return m_texts; }

 private:
  StringPool m_texts;
  std::vector<Record> m_records;
  std::vector<Mention> m_mentions;
  std::vector<std::uint32_t> m_mention_affiliations;
  std::unordered_map<Affiliation, std::uint32_t, AffiliationHash> m_affiliation_numbers;
  std::vector<const Affiliation*> m_affiliations;
  ByText<std::uint32_t> m_institution_numbers{k_none};
  std::vector<SourceInstitution> m_institutions;
  std::vector<Institution> m_last_told;  // of each institution, as it was last told
  NameTally m_institution_names;
  std::unordered_map<Text, std::uint32_t> m_funder_numbers;
  std::vector<SourceFunder> m_funders;
  NameTally m_funder_names;

  void add_mention(const std::string& source, const Authorship& authorship);
  void add_affiliation(Affiliation affiliation);
  [[nodiscard]] std::uint32_t institution_number(Text key);
  [[nodiscard]] std::optional<std::uint32_t> institution(const std::string& source, const Institution& told);
  [[nodiscard]] std::optional<std::uint32_t> funder(const std::string& source, const Funding& told);
};

}  // namespace coterie
