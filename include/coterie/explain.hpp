#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coterie/study.hpp"

namespace coterie {

/// A person, author, team or institution of a study, as `coterie explain` takes it.
struct Party {
  enum class Kind { person, author, team, institution };
  Kind kind = Kind::person;
  std::string key;
  std::string name;
  std::vector<Index> authors;  ///< corpus authors that belong to it, sorted
};

/// Finds a party by key or by name (names compared by `name_key`); people of the roster first, then teams,
/// institutions, then any author.
/// \param name_key the comparison of names, identity's name_key()
/// \throws Error{usage} if nothing or more than one author has that name, with the nearest names known
[[nodiscard]] Party find_party(const Study& study, std::string_view text,
                               std::string (*name_key)(std::string_view));

/// How two parties are tied.
struct Explanation {
  Party from;
  Party to;
  std::vector<Index> shared_authors;  ///< people who belong to both
  std::vector<Index>
      joint_works;  ///< with an author of each, sorted by year, then key; long bylines included
  struct Step {
    Index from;  ///< corpus author
    Index to;
    std::vector<Index> works;  ///< joint works of the two, sorted
  };
  using Path = std::vector<Step>;
  std::optional<int> distance;   ///< fewest steps between the two; nullopt if no path joins them
  std::vector<Path> paths;       ///< shortest paths, at most `max_paths`, in author order
  std::uint64_t path_count = 0;  ///< how many shortest paths there are
};

/// Joint works and shortest paths (in hops, works above the cut left out) between two parties.
/// \complexity O(authors + pairs) time and memory, plus the paths listed
[[nodiscard]] Explanation explain(const Study& study, const Party& from, const Party& to,
                                  std::size_t max_paths);

}  // namespace coterie
