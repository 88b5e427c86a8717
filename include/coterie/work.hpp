#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coterie {

/// An institution as a source knows it.
struct Institution {
  std::string id;  ///< the source's own: I4210113369
  std::string name;
  std::string ror;                   ///< nine characters, or empty
  std::string country;               ///< ISO 3166 alpha-2, or empty
  std::string type;                  ///< the source's word; it drifts
  std::vector<std::string> lineage;  ///< ids of itself and of every institution above it; empty when not told

  bool operator==(const Institution&) const = default;
};

/// An affiliation as printed on an authorship, with the institutions a source read in it.
struct PrintedAffiliation {
  std::string text;
  std::vector<std::string> institution_ids;

  bool operator==(const PrintedAffiliation&) const = default;
};

/// One author on one work, as one source tells it.
struct Authorship {
  std::string raw_name;   ///< as printed; empty when the source does not tell
  std::string name;       ///< the source's name of the author; empty when there is no author
  std::string author_id;  ///< in the source; empty: no author known (null or a placeholder)
  std::string orcid;      ///< of the author, or as supplied with the byline; or empty
  std::optional<bool> corresponding;
  std::vector<Institution> institutions;         ///< in the source's order
  std::vector<PrintedAffiliation> affiliations;  ///< in printed order

  bool operator==(const Authorship&) const = default;
};

/// A funder, or one of its awards, behind a work.
struct Funding {
  std::string funder_id;  ///< the source's own: F4320321001; empty when only a name is told
  std::string funder_name;
  std::string award_id;  ///< number of the award as printed; empty when only the funder is told

  bool operator==(const Funding&) const = default;
};

/// A publication of any type, as one source tells it.
///
/// `author_count` stands apart from `authorships.size()` because sources shorten long bylines.
struct Work {
  std::string source;  ///< openalex, arxiv, or the name of an imported source
  std::string id;      ///< in that source: W2741809807, 2501.12948
  std::string doi;     ///< lower case, without prefix, or empty
  std::string arxiv;   ///< without version, or empty
  std::string title;
  std::optional<int> year;
  std::string date;  ///< ISO, as far as told, or empty
  std::string type;
  std::string venue;
  std::string language;
  std::string journal_reference;  ///< as arXiv tells it
  int version = 0;                ///< newest version told; 0 when the source has none
  std::string updated;            ///< when the source last changed the record, as it writes it
  std::optional<std::int64_t> cited_by;
  bool retracted = false;
  std::string vanished;                 ///< date since when the source does not have it any more, or empty
  std::uint32_t author_count = 0;       ///< length of the whole byline, whatever the source sent of it
  bool byline_truncated = false;        ///< `authorships` is shorter than the byline
  std::vector<Authorship> authorships;  ///< in printed order, repeated and unknown authors included
  std::vector<Funding> funding;
  std::vector<std::string> references;  ///< ids of cited works in the same source

  bool operator==(const Work&) const = default;
};

/// An author record of a source: a candidate when people are looked up by name.
struct AuthorRecord {
  std::string source;
  std::string id;
  std::string name;
  std::vector<std::string> alternative_names;
  std::string orcid;
  std::int64_t works_count = 0;
  std::int64_t cited_by = 0;

  struct Affiliation {
    Institution institution;
    std::vector<int> years;
  };
  std::vector<Affiliation> affiliations;
  std::vector<Institution> last_known_institutions;
};

/// A record that could not be read: counted, named, and never stored.
struct Rejected {
  std::string id;        ///< as far as it could be read
  std::size_t line = 0;  ///< in a file; 0 in an answer
  std::string reason;
};

}  // namespace coterie
