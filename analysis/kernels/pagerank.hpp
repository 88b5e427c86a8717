#pragma once

#include <vector>

#include "analysis/kernels/links.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// PageRank: where a walker is found who follows links and, with probability 1 - 0.85, jumps to any vertex.
///
///     x(v) = (1 - a)/n + a ( sum_u x(u) w(u,v) / s(u)  +  sum over isolated u of x(u) / n ),   a = 0.85
///
/// s = strength (or degree). The walker leaves a vertex without links for any vertex, itself included. The
/// values add up to 1.
///
/// Solved by Gauss-Seidel sweeps on S - aA, until a sweep moves less than 4e-15 of the mass; results are good
/// to about 1e-14. \complexity O(sweeps (n + m)), about 100 sweeps \see S. Brin, L. Page (1998), Computer
/// Networks and ISDN Systems 30, 107-117, doi 10.1016/S0169-7552(98)00110-X
[[nodiscard]] std::vector<double> pagerank(const Network& network, Links links);

}  // namespace coterie
