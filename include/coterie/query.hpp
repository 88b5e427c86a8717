#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coterie/date.hpp"
#include "coterie/work.hpp"

namespace coterie {

/// One question to one source, paged through with cursors.
struct Query {
  enum class Kind {
    authors_by_id,          ///< values: one author id of the source
    authors_by_orcid,       ///< values: one ORCID iD
    authors_by_ids,         ///< values: author ids of the source, looked up together
    authors_by_orcids,      ///< values: ORCID iDs, looked up together
    authors_by_name,        ///< values: one name
    works_of_authors,       ///< values: author ids, or names where the source knows no ids
    works_of_institutions,  ///< values: `id:I...`, `lineage:I...` (with everything below it) or `ror:...`
    works_by_id,            ///< values: work ids of the source
  };

  std::string source;
  Kind kind = Kind::works_of_authors;
  std::vector<std::string> values;  ///< sorted, each once
  Window window;                    ///< of publication; open for lookups by id
  std::vector<std::string> people;  ///< keys of the people it is asked for, sorted; may be empty

  int page_size = 0;  ///< records per page; 0: the source's own

  /// What the query is, in words that stay the same from run to run: the key under which its cursor is
  /// stored. Holds the kind, the window and the values, not the people.
  [[nodiscard]] std::string key() const;

  /// Whether it asks for author records rather than for works.
  [[nodiscard]] bool is_lookup() const;

  /// Whether it asks for a list of works that goes on over pages.
  [[nodiscard]] bool lists_works() const;
};

/// One page of works. A page and its cursor are stored in one transaction.
struct WorkPage {
  std::vector<Work> works;
  std::vector<Rejected> rejected;
  std::optional<std::string> next_cursor;  ///< nullopt: the list ends here
  std::optional<std::uint64_t> expected;   ///< how many records the source says the query has
  std::uint64_t received = 0;              ///< records in the answer, those rejected or passed over included
  std::vector<std::string> shortened;      ///< ids of works whose byline the list cut; to be asked for singly
};

/// One page of author records.
struct AuthorPage {
  std::vector<AuthorRecord> authors;
  std::vector<Rejected> rejected;
  std::optional<std::string> next_cursor;
  std::optional<std::uint64_t> expected;
};

}  // namespace coterie
