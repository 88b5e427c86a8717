#include "analysis/kernels/eigenvector.hpp"

#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns eigenvector(const Network& network, const MetricSettings& /*settings*/) {
  return {{"eigenvector", "eigenvector centrality in the largest connected part, links as 1", "share (0..1)",
           eigenvector_centrality(network, Links::unweighted)},
          {"eigenvector_weighted", "eigenvector centrality in the largest connected part, by weight",
           "share (0..1)", eigenvector_centrality(network, Links::weighted)}};
}

}  // namespace coterie::metric
