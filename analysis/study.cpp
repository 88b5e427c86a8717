#include "coterie/study.hpp"

#include <utility>

namespace coterie {

Study::Study(Corpus frozen, Counting counting_method, Normalisation finishing, int cut)
    : corpus(std::move(frozen)),
      counting(counting_method),
      normalisation(finishing),
      max_authors(cut),
      author_matrix(coauthorship_matrix(corpus, counting, max_authors)),
      institution_matrix(coterie::institution_matrix(corpus, counting, max_authors)),
      authors(normalised(author_matrix, normalisation)),
      institutions(normalised(institution_matrix, normalisation)) {}

}  // namespace coterie
