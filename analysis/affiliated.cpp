#include "analysis/affiliated.hpp"

#include <algorithm>

namespace coterie {

std::vector<Index> affiliated_authors(const Corpus& corpus, Index institution) {
  std::vector<char> belongs(corpus.institutions.size(), 0);
  for (std::size_t i = 0; i < belongs.size(); ++i) {
    belongs[i] =
        i == institution || std::ranges::binary_search(corpus.institutions[i].ancestors, institution) ? 1 : 0;
  }
  std::vector<Index> authors;
  for (std::size_t slot = 0; slot < corpus.slot_institutions.size(); ++slot) {
    if (std::ranges::any_of(corpus.slot_institutions[slot], [&](Index i) { return belongs[i] != 0; })) {
      authors.push_back(corpus.byline.values[slot]);
    }
  }
  std::ranges::sort(authors);
  authors.erase(std::ranges::unique(authors).begin(), authors.end());
  return authors;
}

}  // namespace coterie
