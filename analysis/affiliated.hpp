#pragma once

#include <vector>

#include "coterie/corpus.hpp"

namespace coterie {

/// Authors who print the institution, or one below it, on any work of the corpus, long bylines included;
/// sorted, each once. \complexity O(institutions + authorships)
[[nodiscard]] std::vector<Index> affiliated_authors(const Corpus& corpus, Index institution);

}  // namespace coterie
