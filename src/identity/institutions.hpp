#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/roster.hpp"
#include "src/identity/records.hpp"

namespace coterie {

/// Which institutions an affiliation means.
///
/// An institution has a number here: first the watched ones in file order, then those of the sources, then
/// those that are known by a printed text alone.
///
/// * A source's institution is a watched one if the OpenAlex id or the ROR id says so, or, for a watched
/// institution
///   without either, if its name holds one of the patterns.
/// * A printed text means, besides what the source read in it, every watched institution one of whose
/// patterns it
///   holds. Of two institutions one of which is above the other it means the lower one: "Microsoft Research
///   Asia" is not Microsoft as well.
/// * A text that nobody understood is an institution of its own, one for all texts that are equal when
/// folded.
class InstitutionReading {
 public:
  using Number = std::uint32_t;

  /// \complexity O(institutions x (lineage + watched institutions without id))
  InstitutionReading(const Roster& roster, const Records& records);

  /// The institutions of an affiliation, sorted; empty if its texts have neither letter nor digit and the
  /// source told none. Counts a use of its texts. \complexity O(length x patterns) the first time, then O(1)
  [[nodiscard]] const std::vector<Number>& read(std::uint32_t affiliation);

  /// How many numbers are given out.
  [[nodiscard]] std::size_t size() const { return m_above.size(); }
  [[nodiscard]] std::size_t watched() const { return m_roster.institutions.size(); }

  /// Institutions above one: from its lineage, and for watched ones along the parents of institutions.csv.
  /// Sorted, without itself.
  [[nodiscard]] const std::vector<Number>& above(Number institution) const { return m_above[institution]; }

  /// The institutions with these numbers, without `ancestors`.
  [[nodiscard]] std::vector<CorpusInstitution> described(std::span<const Number> institutions) const;

 private:
  struct Reading {
    std::vector<Number> institutions;
    Number printed = k_none;  // if it is known by its text alone
    bool known = false;
  };

  const Roster& m_roster;
  const Records& m_records;
  std::vector<std::vector<std::string>> m_patterns;  // of each watched institution, folded
  std::vector<Text> m_source_names;
  std::vector<Number> m_number_of;  // of each institution of the sources
  std::vector<std::vector<Number>> m_above;
  std::vector<Reading> m_readings;  // of each affiliation
  std::unordered_map<std::string, Number> m_printed;
  std::vector<std::string> m_printed_texts;  // folded
  NameTally m_printed_names;

  void find_watched_among_sources();
  void find_ancestors();
  [[nodiscard]] std::vector<Number> matching(const std::string& folded) const;
  [[nodiscard]] std::vector<Number> without_ancestors(const std::vector<Number>& institutions) const;
  [[nodiscard]] Number printed_number(const std::string& folded);
  [[nodiscard]] Number source_number(std::uint32_t institution) const {
    return static_cast<Number>(watched()) + institution;
  }
  [[nodiscard]] bool is_above(Number upper, Number lower) const;
  [[nodiscard]] CorpusInstitution described_watched(Number institution) const;
  [[nodiscard]] CorpusInstitution described_source(std::uint32_t institution) const;
  void read_anew(std::uint32_t affiliation, Reading& reading);
};

}  // namespace coterie
