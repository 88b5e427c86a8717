#pragma once

#include <span>
#include <vector>

#include "coterie/study.hpp"
#include "coterie/table.hpp"

namespace coterie {

/// Pairs of authors with their joint works.
struct JointPairs {
  struct Pair {
    Index a;  ///< a < b
    Index b;
  };
  std::vector<Pair> pairs;  ///< by falling number of joint works, then a, then b
  Rows<Index> works;        ///< pair -> joint works, sorted by index
};

/// Pairs on the works within the cut. \complexity O(P log P), P = pairs counted once per joint work
[[nodiscard]] JointPairs pairs_within_cut(const Study& study);

/// Pairs on the works above the cut that hold a person of the roster: O(authors) of a work's pairs instead of
/// O(authors^2). \complexity O(P log P), P = such pairs counted once per joint work
[[nodiscard]] JointPairs people_pairs_above_cut(const Study& study);

/// Appends author_a, name_a, author_b, name_b.
void add_authors(Table& table, const Corpus& corpus, const JointPairs& joint);

/// Appends joint_works, first_year, last_year, works.
void add_joint_works(Table& table, const Corpus& corpus, const JointPairs& joint);

}  // namespace coterie
