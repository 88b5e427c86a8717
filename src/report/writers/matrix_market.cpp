#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "src/report/matrix_market.hpp"
#include "src/report/writers/writers.hpp"

namespace coterie {

void write_network_matrix(const NetworkDocument& network, const Sink& sink) {
  SparseEntries matrix;
  matrix.rows = matrix.columns = network.ids.size();
  matrix.symmetric = true;
  matrix.entries.reserve(network.links.size());
  for (const NetworkDocument::Link& link : network.links) {
    matrix.entries.push_back({std::max(link.from, link.to), std::min(link.from, link.to), link.weight});
  }
  std::sort(matrix.entries.begin(), matrix.entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.row, a.column) < std::tie(b.row, b.column);
  });
  std::vector<std::string> comments;
  if (!network.title.empty()) comments.push_back(network.title);
  for (std::size_t i = 0; i < network.ids.size(); ++i) {
    comments.push_back(fmt::format("{} {} {}", i + 1, network.ids[i], network.labels.at(i)));
  }
  write_matrix_market(matrix, comments, sink);
}

}  // namespace coterie
