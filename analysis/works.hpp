#pragma once

#include <vector>

#include "coterie/corpus.hpp"

namespace coterie {

/// Whether a work takes part in networks: its whole byline is no longer than `max_authors`.
[[nodiscard]] inline bool within_cut(const CorpusWork& work, int max_authors) {
  return max_authors > 0 && work.author_count <= static_cast<std::uint32_t>(max_authors);
}

/// Puts works in the order in which they are listed: by year, then key; an unknown year comes first.
void sort_by_year(const Corpus& corpus, std::vector<Index>& works);

/// Works of both authors within the cut, by year, then key. \complexity O(works of the two)
[[nodiscard]] std::vector<Index> joint_works(const Corpus& corpus, Index a, Index b, int max_authors);

}  // namespace coterie
