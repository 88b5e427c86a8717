#pragma once

#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/roster.hpp"
#include "src/identity/attribution.hpp"
#include "src/identity/bylines.hpp"
#include "src/identity/institutions.hpp"
#include "src/identity/records.hpp"

namespace coterie {

/// Puts works, in the order of the corpus, into the columns of a Corpus; then numbers everything in the order
/// of keys.
class CorpusAssembly {
 public:
  CorpusAssembly(const Roster& roster, const std::vector<Identity>& identities, Records& records);

  /// Appends a work; `work` comes without what its byline tells.
  void add(CorpusWork work, const WorkRecords& records);

  /// The corpus of the works added; afterwards the assembly is empty.
  [[nodiscard]] Corpus finish();

 private:
  struct Author {
    Index person = k_none;
    Text key = k_no_text;
    std::vector<Text> ids;
    std::uint32_t by_name = 0;
  };
  /// A slot of the work that is being added.
  struct Slot {
    Index author = 0;
    std::uint16_t position = 0;
    bool affiliated = false;
    std::vector<InstitutionReading::Number> institutions;
  };

  const Roster& m_roster;
  Records& m_records;
  NameReading m_names;
  Attribution m_attribution;
  InstitutionReading m_institutions;
  Corpus m_corpus;  // authors, institutions and funders under provisional numbers until finish()
  std::vector<Author> m_authors;
  std::vector<Index> m_author_of_person;
  std::vector<std::pair<std::size_t, std::size_t>>
      m_last_slot;  // of each author: number of the work, slot in it
  ByText<Index> m_author_of_key{k_none};
  NameTally m_author_names;
  NameTally m_author_orcids;

  [[nodiscard]] Index author_number(const Attributed& attributed);
  void add_entry(const BylineEntry& entry, const Attributed& attributed, std::size_t position,
                 std::vector<Slot>& slots);
  void note_author(Index author, const BylineEntry& entry, const Attributed& attributed);
  void number_authors();
  void number_institutions();
  void number_funders();
  void describe_people();
  void transpose_byline();
};

}  // namespace coterie
