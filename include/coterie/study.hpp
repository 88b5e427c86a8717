#pragma once

#include "coterie/corpus.hpp"
#include "coterie/matrices.hpp"
#include "coterie/network.hpp"
#include "coterie/study_file.hpp"

namespace coterie {

/// A corpus with its matrices and networks under one counting method. Members are built in order and never
/// change.
struct Study {
  Study(Corpus frozen, Counting counting, Normalisation normalisation, int max_authors);
  Study(const Study&) = delete;
  Study& operator=(const Study&) = delete;

  const Corpus corpus;
  const Counting counting;
  const Normalisation normalisation;
  const int max_authors;
  const Matrix author_matrix;       ///< finished weights, not normalised
  const Matrix institution_matrix;  ///< the same for institutions as printed
  const Network authors;            ///< normalised weights; vertex i is corpus author i
  const Network
      institutions;  ///< vertex i is corpus institution i; institutions only above others are isolated
};

}  // namespace coterie
