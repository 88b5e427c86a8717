#include "analysis/kernels/links.hpp"

namespace coterie {

std::vector<double> link_sums(const Network& network, Links links) {
  std::vector<double> sums(network.size(), 0.0);
  for (Index v = 0; v < network.size(); ++v) {
    if (links == Links::unweighted) {
      sums[v] = static_cast<double>(network.degree(v));
    } else {
      for (const double weight : network.weights(v)) sums[v] += weight;
    }
  }
  return sums;
}

}  // namespace coterie
