#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coterie {

/// Dense index of a work, author, institution, funder or person in a Corpus.
using Index = std::uint32_t;

/// "None" where an Index may be absent.
inline constexpr Index k_none = std::numeric_limits<Index>::max();

/// Rows of different length over one array: row i is values[offsets[i]] up to values[offsets[i + 1]].
template <typename T>
struct Rows {
  std::vector<std::uint64_t> offsets{0};
  std::vector<T> values;

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const T> operator[](std::size_t row) const {
    return {values.data() + offsets[row], values.data() + offsets[row + 1]};
  }
  /// Ends the row under construction: the values appended since the last end belong to it.
  void end_row() { offsets.push_back(values.size()); }
};

/// A work of the corpus: one publication, told by one or more sources.
struct CorpusWork {
  std::string key;               ///< unique, stable: doi:..., else arxiv:..., else source:id
  std::vector<std::string> ids;  ///< scheme:value of every identifier, sorted
  int year = 0;
  std::string date;
  std::string title;
  std::string venue;
  std::string type;
  std::uint32_t author_count = 0;    ///< n: distinct people of the whole byline, in the corpus or not
  bool byline_truncated = false;     ///< no source told the whole byline
  std::vector<std::string> sources;  ///< that told it, sorted
  std::string vanished;              ///< date since when none of them has it any more, or empty
};

/// An author of the corpus: node i of the author network, row and column i of its matrix.
struct CorpusAuthor {
  std::string key;  ///< person:KEY, openalex:A..., or name:KEY
  std::string name;
  std::string orcid;
  Index person = k_none;         ///< index into Corpus::people
  std::vector<std::string> ids;  ///< source:id of every author id merged into it, sorted
  std::uint32_t by_name = 0;     ///< authorships that are this author's by name alone
};

/// An institution of the corpus: node i of the institution network.
struct CorpusInstitution {
  enum class Kind { watched, source, printed };
  std::string key;  ///< key of institutions.csv, else openalex:I..., else printed:TEXT
  std::string name;
  Kind kind = Kind::printed;  ///< from institutions.csv, from a source, or only as printed
  std::string country;
  std::string openalex;  ///< id, or empty
  std::string ror;
  std::vector<Index> ancestors;  ///< institutions above it, itself not included, sorted
};

/// A funder of the corpus.
struct CorpusFunder {
  std::string key;  ///< openalex:F..., else name:TEXT
  std::string name;
};

/// A roster person in the corpus.
struct CorpusPerson {
  std::string key;
  std::string name;
  std::vector<std::string> teams;
  std::string identity;  ///< confirmed, probable, by_name, ambiguous or none: how the works were found
  std::vector<std::string> ids;  ///< source:id of every author id used for the person, sorted
  Index author = k_none;         ///< absent if the person has no work in the corpus
};

/// What is studied: works, authors, institutions, funders and people, frozen, with dense indices in the order
/// of their keys. The same dataset and configuration give the same corpus, whatever the order in which works
/// were stored.
///
/// A *slot* is one author on one work. Slots of work w are byline.offsets[w] up to byline.offsets[w + 1];
/// each author stands once per work, in printed order of first appearance.
struct Corpus {
  std::vector<CorpusWork> works;
  std::vector<CorpusAuthor> authors;
  std::vector<CorpusInstitution> institutions;
  std::vector<CorpusFunder> funders;
  std::vector<CorpusPerson> people;  ///< in roster order
  std::vector<std::string> teams;    ///< sorted

  Rows<Index> byline;             ///< work -> authors
  Rows<Index> slot_institutions;  ///< slot -> institutions as printed on that authorship, sorted, each once
  std::vector<std::uint16_t> slot_position;   ///< slot -> printed position, from 1
  std::vector<std::uint8_t> slot_affiliated;  ///< slot -> 1 if any affiliation was told, understood or not
  Rows<Index> work_funders;                   ///< work -> funders, sorted, each once
  Rows<Index> works_of_author;                ///< author -> works, sorted: the transpose of byline

  [[nodiscard]] std::span<const Index> authors_of(Index work) const { return byline[work]; }
};

}  // namespace coterie
