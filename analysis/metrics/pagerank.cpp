#include "analysis/kernels/pagerank.hpp"

#include "analysis/metrics/metrics.hpp"

namespace coterie::metric {

Columns pagerank(const Network& network, const MetricSettings& /*settings*/) {
  return {{"pagerank", "PageRank, links as 1", "share (0..1)", coterie::pagerank(network, Links::unweighted)},
          {"pagerank_weighted", "PageRank, by weight", "share (0..1)",
           coterie::pagerank(network, Links::weighted)}};
}

}  // namespace coterie::metric
