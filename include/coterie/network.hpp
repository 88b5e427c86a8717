#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coterie/matrices.hpp"

namespace coterie {

/// An undirected weighted network without loops, in compressed rows: neighbours of v sorted, each edge stored
/// in both directions. Immutable.
class Network {
 public:
  /// \param weights symmetric with zero diagonal; entries must be > 0
  /// \throws Error{bug} if the matrix is not square, not symmetric, or holds a weight that is not positive
  /// and finite
  explicit Network(const Matrix& weights);

  [[nodiscard]] std::size_t size() const { return m_offsets.size() - 1; }
  [[nodiscard]] std::size_t edges() const { return m_neighbours.size() / 2; }
  [[nodiscard]] std::size_t degree(Index v) const { return m_offsets[v + 1] - m_offsets[v]; }
  [[nodiscard]] std::span<const Index> neighbours(Index v) const {
    return {m_neighbours.data() + m_offsets[v], degree(v)};
  }
  [[nodiscard]] std::span<const double> weights(Index v) const {
    return {m_weights.data() + m_offsets[v], degree(v)};
  }

 private:
  std::vector<std::uint64_t> m_offsets;
  std::vector<Index> m_neighbours;
  std::vector<double> m_weights;
};

}  // namespace coterie
