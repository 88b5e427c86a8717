#pragma once

#include <vector>

#include "analysis/kernels/links.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// Eigenvector centrality: the eigenvector of the largest eigenvalue of the adjacency (or weight) matrix, all
/// values positive, the largest 1. A high value means links to others of high value.
///
/// It is defined within a connected component only, so it is given for the largest (of equal ones that with
/// the smallest vertex) and is NaN elsewhere, and everywhere if there is no link.
///
/// Found by locally optimal conjugate gradients in plain loops, to a residual of 1e-13 of the eigenvalue; of
/// a network whose two largest eigenvalues nearly coincide the vector is less exact than that. \complexity
/// O(steps (n + m)), tens to hundreds of steps \see P. Bonacich (1972), J. Mathematical Sociology 2(1),
/// 113-120, doi 10.1080/0022250X.1972.9989806;
///      A. V. Knyazev (2001), SIAM J. Scientific Computing 23(2), 517-541, doi 10.1137/S1064827500366124
[[nodiscard]] std::vector<double> eigenvector_centrality(const Network& network, Links links);

}  // namespace coterie
