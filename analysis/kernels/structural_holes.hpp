#pragma once

#include <vector>

#include "analysis/kernels/links.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// Burt's constraint: how far the contacts of a vertex are tied to one another.
///
///     p(i,j) = w(i,j) / sum_k w(i,k)
///     c(i)   = sum over contacts j of i of  ( p(i,j) + sum_q p(i,q) p(q,j) )^2
///
/// q runs over the common contacts of i and j. A vertex with one contact has 1, a vertex in a tiny closed
/// network can exceed 1, a vertex without contacts has NaN.
///
/// \complexity O(sum over vertices of degree^2) time, O(n) memory
/// \see R. S. Burt (1992), Structural Holes, Harvard University Press; Burt (2004), American J. Sociology
/// 110(2), 349-399,
///      doi 10.1086/421787
[[nodiscard]] std::vector<double> constraint(const Network& network, Links links);

/// Burt's effective size of the ego network, unweighted, in Borgatti's form: contacts less the mean number of
/// ties that a contact has to the others,
///
///     n - 2 e / n     n contacts, e ties among them
///
/// NaN without contacts.
/// \complexity that of triangles()
/// \see S. P. Borgatti (1997), Connections 20(1), 35-38
[[nodiscard]] std::vector<double> effective_size(const Network& network);

}  // namespace coterie
