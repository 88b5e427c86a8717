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

/// Finds a party by key or by name (names compared by `name_key`): people of the roster first, then teams,
/// institutions (watched ones before those of sources, these before merely printed ones), then any author. An
/// author who is a person of the roster is found as the person.
///
/// The authors of a team are its people with works; those of an institution all who print it, or one below
/// it, on any work of the corpus.
/// \throws Error{usage} if nothing has that key or name, with the nearest names known, or if several of one
/// kind have that name, with their keys
/// \complexity O(people + institutions + authors), for an institution plus O(authorships)
[[nodiscard]] Party find_party(const Study& study, std::string_view text,
                               std::string (*name_key)(std::string_view));

/// How two parties are tied.
struct Explanation {
  Party from;
  Party to;
  std::vector<Index> shared_authors;  ///< people who belong to both
  /// Works with an author of each, two different ones, by year, then key; long bylines included.
  std::vector<Index> joint_works;
  struct Step {
    Index from;  ///< corpus author
    Index to;
    std::vector<Index> works;  ///< joint works of the two within the cut, by year, then key
  };
  using Path = std::vector<Step>;
  std::optional<int> distance;   ///< fewest steps between the two; nullopt if no path joins them
  std::vector<Path> paths;       ///< the first `max_paths` shortest ones in author order; none at distance 0
  std::uint64_t path_count = 0;  ///< how many shortest paths there are, at most 2^64 - 1; 0 at distance 0
};

/// Joint works and shortest paths (in hops, works above the cut left out) between two parties. Where somebody
/// belongs to both, the distance is 0 and `shared_authors` says it all. Between sets a path is counted from
/// any author of the one to any author of the other.
/// \complexity O(authors + pairs + authorships) time and memory, plus the paths listed
[[nodiscard]] Explanation explain(const Study& study, const Party& from, const Party& to,
                                  std::size_t max_paths);

}  // namespace coterie
