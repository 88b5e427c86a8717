#include "analysis/works.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coterie {

void sort_by_year(const Corpus& corpus, std::vector<Index>& works) {
  // Indices are in the order of the keys.
  std::ranges::sort(works, {}, [&](Index work) { return std::pair(corpus.works[work].year, work); });
}

std::vector<Index> joint_works(const Corpus& corpus, Index a, Index b, int max_authors) {
  std::vector<Index> joint;
  std::ranges::set_intersection(corpus.works_of_author[a], corpus.works_of_author[b],
                                std::back_inserter(joint));
  std::erase_if(joint, [&](Index work) { return !within_cut(corpus.works[work], max_authors); });
  sort_by_year(corpus, joint);
  return joint;
}

}  // namespace coterie
