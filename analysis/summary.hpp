#pragma once

#include <string>
#include <vector>

#include "coterie/metric.hpp"
#include "coterie/network.hpp"

namespace coterie {

/// One figure about a whole network.
struct Figure {
  std::string id;  ///< snake_case, a public format like the ids of columns
  std::string label;
  std::string unit;    ///< empty if it has none
  double value = 0.0;  ///< a whole number where `unit` is a count; NaN if it is not defined for this network
};

/// Global figures of a network, always the same ids in the same order:
///
///     nodes, edges, total_weight (each link once)
///     density                     2m / (n (n-1))
///     mean_degree                 2m / n
///     max_degree
///     triangles
///     transitivity                3 triangles / paths of length two
///     mean_clustering             mean of the local clustering over all nodes, degree < 2 counted as 0
///     mean_clustering_degree_2    the same over the nodes of degree >= 2
///     components, isolates
///     largest_component_nodes, largest_component_edges
///     diameter                    largest hop distance in the largest component
///     mean_distance               mean hop distance of its ordered pairs u != v
///     effective_diameter          hop distance, interpolated, within which 90 % of its pairs lie
///     degree_assortativity        Pearson correlation of the degrees at both ends of a link
///     max_coreness
///
/// The effective diameter interpolates the cumulative numbers of pairs: with h(d) = ordered pairs u != v at
/// distance <= d and d the first distance with h(d) >= 0.9 h(diameter), it is d - 1 + (0.9 h(diameter) -
/// h(d-1)) / (h(d) - h(d-1)). It is below 1 where more than 90 % of the pairs are linked.
///
/// Of several largest components the one with the smallest vertex counts. Undefined figures are NaN: density
/// below two nodes, means over nothing, transitivity without paths of length two, assortativity without links
/// or with equal degrees, distances in a component of one node.
///
/// \complexity that of distances() (see analysis/kernels/distances.hpp)
/// \see M. E. J. Newman (2002), Phys. Rev. Lett. 89, 208701, doi 10.1103/PhysRevLett.89.208701;
///      J. Leskovec, J. Kleinberg, C. Faloutsos (2005), KDD '05, 177-187, doi 10.1145/1081870.1081893
[[nodiscard]] std::vector<Figure> summary(const Network& network, const MetricSettings& settings);

}  // namespace coterie
