#include "analysis/kernels/pagerank.hpp"

#include <cmath>

namespace coterie {
namespace {

constexpr double k_damping = 0.85;
constexpr double k_enough = 4e-15;
constexpr int k_most_sweeps = 1000;

/// One sweep over y = x / s; returns how much mass it moved.
double sweep(const Network& network, Links links, const std::vector<double>& sums, double base,
             std::vector<double>& y) {
  double moved = 0.0;
  for (Index v = 0; v < network.size(); ++v) {
    if (network.degree(v) == 0) continue;
    const auto neighbours = network.neighbours(v);
    double inflow = 0.0;
    if (links == Links::unweighted) {
      for (const Index u : neighbours) inflow += y[u];
    } else {
      const auto weights = network.weights(v);
      for (std::size_t k = 0; k < neighbours.size(); ++k) inflow += weights[k] * y[neighbours[k]];
    }
    const double mass = base + k_damping * inflow;
    moved += std::abs(mass - y[v] * sums[v]);
    y[v] = mass / sums[v];
  }
  return moved;
}

}  // namespace

std::vector<double> pagerank(const Network& network, Links links) {
  if (network.size() == 0) return {};
  const auto n = static_cast<double>(network.size());
  const std::vector<double> sums = link_sums(network, links);
  double isolated = 0.0;
  for (Index v = 0; v < network.size(); ++v) isolated += network.degree(v) == 0 ? 1.0 : 0.0;

  // All isolated vertices have the same value b = (1-a)/n + a isolated b / n, and b is what everyone gets
  // without links.
  const double base = (1.0 - k_damping) / (n - k_damping * isolated);
  std::vector<double> y(network.size(), 0.0);
  for (Index v = 0; v < network.size(); ++v) {
    if (network.degree(v) > 0) y[v] = 1.0 / n / sums[v];
  }
  for (int i = 0; i < k_most_sweeps; ++i) {
    if (sweep(network, links, sums, base, y) < k_enough) break;
  }
  std::vector<double> result(network.size());
  double total = 0.0;
  for (Index v = 0; v < network.size(); ++v) {
    result[v] = network.degree(v) == 0 ? base : y[v] * sums[v];
    total += result[v];
  }
  for (double& value : result) value /= total;
  return result;
}

}  // namespace coterie
