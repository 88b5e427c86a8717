#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "coterie/corpus.hpp"
#include "coterie/identity.hpp"
#include "coterie/roster.hpp"
#include "src/identity/bylines.hpp"
#include "src/identity/string_pool.hpp"

namespace coterie {

/// Who a byline entry is.
struct Attributed {
  Index person = k_none;  ///< index into Roster::people
  Text key = k_no_text;   ///< SOURCE:ID or name:KEY if it is nobody of the roster
  bool by_name = false;   ///< told apart by the printed name alone
  Text id = k_no_text;    ///< the author id, as SOURCE:ID, that told it; k_no_text if none did
  [[nodiscard]] bool nobody() const { return person == k_none && key == k_no_text; }
};

/// Decides who the entries of bylines are. In this order:
///
/// 1. a line of identities.csv that names the work and a person: `same` makes the entry with its author id,
/// or else
///    with one of the person's names, the person; `different` forbids the person for the entry with its
///    author id, or else for the whole work;
/// 2. an author id that is the person's: by identities.csv, people.csv, or as a confirmed or probable
/// Identity. An id
///    that is probable for two people is nobody's, and a line `different` outweighs everything else;
/// 3. without any author id: a name that one person of the roster has and no other, unless a line `different`
/// for the
///    source refuses it; and a name that a line `same` without author id gives to a person in that source;
/// 4. otherwise the first author id, or the name.
class Attribution {
 public:
  Attribution(const Roster& roster, const std::vector<Identity>& identities, StringPool& texts,
              NameReading& names);

  /// One Attributed per entry; nobody() for collectives and for entries without name and id.
  /// \param work_ids every identifier of the work, as scheme:value
  [[nodiscard]] std::vector<Attributed> attributed(std::span<const std::string> work_ids,
                                                   const Byline& byline);

  /// Whether the entry is a collective. People of the roster never are.
  [[nodiscard]] bool is_collective(const BylineEntry& entry);

  /// The author ids used for the person, as SOURCE:ID, sorted.
  [[nodiscard]] std::vector<std::string> ids_of(Index person) const;
  [[nodiscard]] bool confirmed(Index person) const { return m_confirmed[person]; }
  [[nodiscard]] bool probable(Index person) const { return m_probable[person]; }
  [[nodiscard]] bool ambiguous(Index person) const { return m_ambiguous[person]; }

 private:
  struct WorkDecision {
    Index person = k_none;
    bool same = false;
    Text author_id = k_no_text;  // SOURCE:ID
    Text name_key = k_no_text;   // of the author id, which may be a printed name
    bool whole_work = false;     // no author id is named
  };
  using PersonOnEntry = std::pair<Index, std::size_t>;

  StringPool& m_texts;
  NameReading& m_names;
  std::vector<std::set<Text>> m_names_of;          // of each person, as name keys
  std::unordered_map<Text, Index> m_person_named;  // k_none if several people have the name
  std::unordered_map<Text, Index> m_person_with_id;
  std::map<std::pair<Text, Text>, Index> m_same_name;                           // source and name key
  std::set<std::pair<Index, std::pair<Text, Text>>> m_refused;                  // person, source and name key
  std::unordered_map<std::string, std::vector<WorkDecision>> m_work_decisions;  // by identifier of the work
  std::vector<bool> m_confirmed;
  std::vector<bool> m_probable;
  std::vector<bool> m_ambiguous;

  void read_names(const Roster& roster);
  void read_ids(const Roster& roster, const std::vector<Identity>& identities);
  void read_decision(const IdentityDecision& decision, Index person);
  void read_work_decision(const IdentityDecision& decision, Index person);
  void apply_decisions(std::span<const std::string> work_ids, const Byline& byline,
                       std::vector<Attributed>& result, std::set<PersonOnEntry>& forbidden) const;
  [[nodiscard]] std::vector<std::size_t> entries_meant(const WorkDecision& decision,
                                                       const Byline& byline) const;
  [[nodiscard]] bool has_name(Index person, const BylineEntry& entry) const;
  [[nodiscard]] Attributed attributed_entry(const BylineEntry& entry, std::size_t position,
                                            const std::set<PersonOnEntry>& forbidden);
  [[nodiscard]] Index person_by_name(const BylineEntry& entry) const;
};

}  // namespace coterie
