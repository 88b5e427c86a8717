#pragma once

#include <Eigen/SparseCore>

#include "coterie/corpus.hpp"
#include "coterie/study_file.hpp"

namespace coterie {

/// A sparse matrix of reals, compressed by rows, column indices sorted within each row.
using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor, std::int32_t>;

/// What one work adds to the weight of each of its author pairs, n = length of the whole byline.
///
///     full: 1    fractional: 1/(n-1)    pair: 2/(n(n-1))
///
/// \return 0 for n < 2
[[nodiscard]] double pair_weight(Counting counting, std::uint32_t author_count);

/// Incidence matrix B, works x authors: B(w,i) = 1 if author i stands on work w.
/// \param max_authors works with a longer byline give an empty row
/// \complexity O(authorships)
[[nodiscard]] Matrix incidence_matrix(const Corpus& corpus, int max_authors);

/// Co-authorship matrix A: symmetric, zero diagonal, in corpus author order.
///
///     A(i,j) = sum_w B(w,i) B(w,j) pair_weight(n_w)    for i != j
///
/// n_w is CorpusWork::author_count: every author of w, in the corpus or not, so a link does not grow when a
/// co-author is missing. Works with one author give no link, works with more than `max_authors` neither. The
/// sum runs in work order, so the weights do not depend on the machine.
///
/// \return weights in works; the row sum under fractional counting is the author's number of co-authored
/// works if every
///         byline is whole
/// \complexity O(sum_w k_w^2) time, k_w = authors of w; memory of the result
/// \see M. E. J. Newman (2001), Phys. Rev. E 64, 016132, doi 10.1103/PhysRevE.64.016132
[[nodiscard]] Matrix coauthorship_matrix(const Corpus& corpus, Counting counting, int max_authors);

/// Incidence of works x institutions: 1 if any author of w prints institution i. The institutions above a
/// printed one are not added.
[[nodiscard]] Matrix institution_incidence_matrix(const Corpus& corpus, int max_authors);

/// Co-authorship of institutions: symmetric, zero diagonal. Institutions take the place of authors: with m_w
/// institutions on work w, a pair gets 1 (full), 1/(m_w - 1) (fractional) or 2/(m_w (m_w - 1)) (pair).
[[nodiscard]] Matrix institution_matrix(const Corpus& corpus, Counting counting, int max_authors);

/// Normalised weights, in the sense of CWTS; W = total weight (each pair once), k = row sums, n = rows with k
/// > 0:
///
///     association strength  a'(i,j) = a(i,j) 2W / (k_i k_j)
///     fractionalization     a'(i,j) = a(i,j) (n/k_i + n/k_j) / 2
///
/// \see N. J. van Eck, L. Waltman (2009), JASIST 60(8), 1635-1651, doi 10.1002/asi.21075
[[nodiscard]] Matrix normalised(const Matrix& weights, Normalisation normalisation);

}  // namespace coterie
