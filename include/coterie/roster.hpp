#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coterie {

/// A person whom the study is about: one line of people.csv.
struct Person {
  std::string key;                             ///< ours and stable; made from the name when the file has none
  std::string name;                            ///< as the study writes it
  std::vector<std::string> aliases;            ///< further forms of the name
  std::vector<std::string> teams;              ///< teams the person belongs to
  std::string orcid;                           ///< 0000-0002-1825-0097, checked; empty if unknown
  std::vector<std::string> openalex;           ///< known OpenAlex author ids, A...
  std::vector<std::string> dblp;               ///< known DBLP pids
  std::vector<std::string> arxiv;              ///< known arXiv author identifiers, guo_d_1
  std::vector<std::string> semantic_scholar;   ///< known Semantic Scholar author ids
  std::vector<std::string> affiliation_hints;  ///< names of institutions, or keys of institutions.csv
  std::string note;
  std::size_t line = 0;  ///< line of people.csv, for messages
};

/// An institution the study watches: one line of institutions.csv.
struct WatchedInstitution {
  std::string key;
  std::string name;
  std::string parent;                 ///< key of the institution above it; empty at the top
  std::vector<std::string> openalex;  ///< OpenAlex ids, I...
  std::string ror;
  std::vector<std::string> patterns;  ///< texts looked for in printed affiliations, case and accents folded
  std::string note;
  std::size_t line = 0;
};

/// What a person decided about an identity: one line of identities.csv.
struct IdentityDecision {
  enum class Verdict { same, different };

  std::string person;     ///< key of people.csv
  std::string source;     ///< openalex, arxiv, or the name of an imported source
  std::string author_id;  ///< the author's id in that source; empty: the person's name as printed there
  std::string work;       ///< a work's identifier: the line then speaks of that work alone; empty: of all
  Verdict verdict = Verdict::same;
  std::string by;
  std::string date;
  std::string why;
  std::size_t line = 0;
};

/// A tie that no paper shows: one line of relations.csv. Reported beside the measured ties, never mixed into
/// them.
struct Relation {
  std::string from;
  std::string to;
  std::string kind;
  std::string from_date;
  std::string to_date;
  std::string source_url;
  std::size_t line = 0;
};

/// Everybody and everything the study's CSV files name.
struct Roster {
  std::vector<Person> people;  ///< in file order, keys unique
  std::vector<WatchedInstitution>
      institutions;                         ///< in file order, keys unique, parents known and without a cycle
  std::vector<IdentityDecision> decisions;  ///< in file order
  std::vector<Relation> relations;          ///< in file order

  /// The person with that key, or nullptr.
  [[nodiscard]] const Person* person(std::string_view key) const;
  /// The institution with that key, or nullptr.
  [[nodiscard]] const WatchedInstitution* institution(std::string_view key) const;
  /// The names of all teams, sorted, each once.
  [[nodiscard]] std::vector<std::string> teams() const;
};

/// Reads people.csv (a table with a header, or a plain list of names, one a line) and, where they exist,
/// institutions.csv, identities.csv and relations.csv of a study's folder.
///
/// \throws Error{no_input} if people.csv is missing
/// \throws Error{configuration} naming file, line, value and what would be right: text that is not UTF-8,
/// unknown or
///         repeated column (with the nearest known one), a wrong number of cells, empty roster, empty name,
///         repeated key, bad ORCID checksum, malformed id, unknown parent, person or decision
/// \complexity O(lines) time and memory, plus O(institutions^2) for the check of parents
[[nodiscard]] Roster read_roster(const std::filesystem::path& folder);

}  // namespace coterie
