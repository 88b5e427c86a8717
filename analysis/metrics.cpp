#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/metrics/metrics.hpp"
#include "coterie/error.hpp"
#include "coterie/metric.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

constexpr std::array k_metrics{
    Metric{"degree", "Degree", metric::degree},
    Metric{"strength", "Strength", metric::strength},
    Metric{"components", "Connected components", metric::components},
    Metric{"betweenness", "Betweenness", metric::betweenness},
    Metric{"closeness", "Closeness", metric::closeness},
    Metric{"harmonic", "Harmonic centrality", metric::harmonic},
    Metric{"eigenvector", "Eigenvector centrality", metric::eigenvector},
    Metric{"pagerank", "PageRank", metric::pagerank},
    Metric{"coreness", "Coreness", metric::coreness},
    Metric{"clustering", "Local clustering", metric::clustering},
    Metric{"constraint", "Structural holes", metric::constraint},
    Metric{"communities", "Communities", metric::community},
};

[[noreturn]] void refuse(const std::string& id) {
  std::vector<std::string> known;
  for (const Metric& metric : k_metrics) known.emplace_back(metric.id);
  const auto nearest = text::nearest(id, known);
  throw Error(
      ErrorKind::configuration,
      fmt::format("unknown metric '{}' ({}known: {})", id,
                  nearest ? fmt::format("did you mean '{}'? ", *nearest) : "", fmt::join(known, ", ")));
}

}  // namespace

std::span<const Metric> metrics() { return k_metrics; }

std::vector<const Metric*> chosen_metrics(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    if (std::ranges::none_of(k_metrics, [&](const Metric& metric) { return metric.id == id; })) refuse(id);
  }
  std::vector<const Metric*> chosen;
  for (const Metric& metric : k_metrics) {
    if (std::ranges::find(ids, metric.id) != ids.end()) chosen.push_back(&metric);
  }
  return chosen;
}

}  // namespace coterie
