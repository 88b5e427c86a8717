#include "analysis/kernels/structural_holes.hpp"

#include <cstdint>
#include <limits>

#include "analysis/kernels/triangles.hpp"

namespace coterie {
namespace {

constexpr double k_undefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<double> constraint(const Network& network, Links links) {
  const std::size_t n = network.size();
  const std::vector<double> sums = link_sums(network, links);
  const auto share = [&](Index from, std::size_t k) {
    return (links == Links::weighted ? network.weights(from)[k] : 1.0) / sums[from];
  };
  std::vector<double> result(n, k_undefined);
  std::vector<double> invested(n, 0.0);
  std::vector<Index> contact_of(n, k_none);
  for (Index i = 0; i < n; ++i) {
    const auto contacts = network.neighbours(i);
    if (contacts.empty()) continue;
    for (std::size_t k = 0; k < contacts.size(); ++k) {
      contact_of[contacts[k]] = i;
      invested[contacts[k]] = share(i, k);
    }
    for (std::size_t k = 0; k < contacts.size(); ++k) {
      const Index q = contacts[k];
      const double through = share(i, k);
      const auto others = network.neighbours(q);
      for (std::size_t l = 0; l < others.size(); ++l) {
        if (contact_of[others[l]] == i) invested[others[l]] += through * share(q, l);
      }
    }
    double sum = 0.0;
    for (const Index j : contacts) sum += invested[j] * invested[j];
    result[i] = sum;
  }
  return result;
}

std::vector<double> effective_size(const Network& network) {
  const std::vector<std::uint64_t> ties = triangles(network);
  std::vector<double> result(network.size(), k_undefined);
  for (Index v = 0; v < network.size(); ++v) {
    const auto contacts = static_cast<double>(network.degree(v));
    if (contacts > 0.0) result[v] = contacts - 2.0 * static_cast<double>(ties[v]) / contacts;
  }
  return result;
}

}  // namespace coterie
