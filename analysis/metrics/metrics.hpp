#pragma once

#include <vector>

#include "coterie/metric.hpp"

/// The metrics of the registry. All of them take every network: an empty one gives empty columns, vertices
/// without links and several components are provided for as each docstring says. `coterie::Metric` is their
/// common form.
namespace coterie::metric {

using Columns = std::vector<Column>;

/// `degree`: number of vertices linked to it. Weights are not read.
[[nodiscard]] Columns degree(const Network& network, const MetricSettings& settings);

/// `strength`: sum of the weights of its links. Under fractional counting, without normalisation, it is the
/// author's number of co-authored works, as far as their bylines are in the corpus.
[[nodiscard]] Columns strength(const Network& network, const MetricSettings& settings);

/// `component`: connected part, from 1 by decreasing size, of equal sizes the one with the smallest vertex
/// first; `component_size`: its number of vertices. A vertex without links is a part of its own.
[[nodiscard]] Columns components(const Network& network, const MetricSettings& settings);

/// `betweenness`: shortest paths by hops that pass through the vertex; `betweenness_weighted`: by the
/// distance 1/weight, so that strong links are short. Neither is normalised; each unordered pair counts once,
/// a share for each of its shortest paths, its ends excluded; unconnected pairs count nothing. \see
/// analysis/kernels/betweenness.hpp
[[nodiscard]] Columns betweenness(const Network& network, const MetricSettings& settings);

/// `closeness`: nearness by hops, corrected for parts of different size (Wasserman and Faust),
///
///     closeness(v) = r/(n-1) * r/(sum of the distances to the r vertices it reaches)
///
/// In a connected network it is (n-1)/sum. Without links it is 0. Weights are not read.
/// \see S. Wasserman, K. Faust (1994), Social Network Analysis, 5.2.2, doi 10.1017/CBO9780511815478
[[nodiscard]] Columns closeness(const Network& network, const MetricSettings& settings);

/// `harmonic`: mean of 1/hop distance to the n-1 others, 0 for those out of reach. Without links it is 0.
/// Weights are not read. \see M. Marchiori, V. Latora (2000), Physica A 285, 539-546,
/// doi 10.1016/S0378-4371(00)00311-3
[[nodiscard]] Columns harmonic(const Network& network, const MetricSettings& settings);

/// `eigenvector` and `eigenvector_weighted` (weight = similarity): on the largest component, the largest
/// value 1, missing elsewhere. \see analysis/kernels/eigenvector.hpp
[[nodiscard]] Columns eigenvector(const Network& network, const MetricSettings& settings);

/// `pagerank` and `pagerank_weighted` (weight = similarity): damping 0.85; the values of a network add up to
/// 1; vertices without links spread their mass over all. \see analysis/kernels/pagerank.hpp
[[nodiscard]] Columns pagerank(const Network& network, const MetricSettings& settings);

/// `coreness`: the largest k for which it belongs to a k-core. Weights are not read. \see
/// analysis/kernels/coreness.hpp
[[nodiscard]] Columns coreness(const Network& network, const MetricSettings& settings);

/// `clustering`: share of the pairs of its neighbours that are linked; 0 with less than two neighbours.
/// Weights are not read. \see D. J. Watts, S. H. Strogatz (1998), Nature 393, 440-442, doi 10.1038/30918
[[nodiscard]] Columns clustering(const Network& network, const MetricSettings& settings);

/// `constraint` (each link 1), `constraint_weighted` (weight = share of attention) and `effective_size`
/// (unweighted): how far its contacts are tied to one another; missing without links. \see
/// analysis/kernels/structural_holes.hpp
[[nodiscard]] Columns constraint(const Network& network, const MetricSettings& settings);

/// `community`: densely linked part, from 1 by decreasing size, of equal sizes the one with the smallest
/// vertex first. Read it together with the stability of the community. \see analysis/communities.hpp
[[nodiscard]] Columns community(const Network& network, const MetricSettings& settings);

}  // namespace coterie::metric
