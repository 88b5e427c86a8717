#include <array>

#include "src/report/writers/writers.hpp"

namespace coterie {

std::span<const WriterEntry> writers() {
  static constexpr std::array k_writers = std::to_array<WriterEntry>({
      {"csv", "edge list, one line per link", ".csv", write_edge_list},
      {"matrix-market", "Matrix Market, symmetric", ".mtx", write_network_matrix},
  });
  return k_writers;
}

}  // namespace coterie
