#include "coterie/network.hpp"

#include <fmt/format.h>

#include <cmath>

#include "coterie/error.hpp"

namespace coterie {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(
      ErrorKind::bug,
      fmt::format("a network needs a symmetric matrix with zero diagonal and positive weights: {}", what));
}

}  // namespace

Network::Network(const Matrix& weights) {
  if (weights.rows() != weights.cols()) {
    refuse(fmt::format("it has '{}' rows and '{}' columns", weights.rows(), weights.cols()));
  }
  const auto n = static_cast<std::size_t>(weights.rows());
  m_offsets.reserve(n + 1);
  m_offsets.push_back(0);
  m_neighbours.reserve(static_cast<std::size_t>(weights.nonZeros()));
  m_weights.reserve(static_cast<std::size_t>(weights.nonZeros()));
  for (Matrix::Index row = 0; row < weights.rows(); ++row) {
    for (Matrix::InnerIterator entry(weights, row); entry; ++entry) {
      const double weight = entry.value();
      if (entry.col() == row) refuse(fmt::format("entry ({0}, {0}) is '{1}'", row, weight));
      if (!(weight > 0.0) || !std::isfinite(weight)) {
        refuse(fmt::format("entry ({}, {}) is '{}'", row, entry.col(), weight));
      }
      m_neighbours.push_back(static_cast<Index>(entry.col()));
      m_weights.push_back(weight);
    }
    m_offsets.push_back(m_neighbours.size());
  }

  // Rows are met in ascending order, so in a symmetric matrix with sorted rows the next unmatched entry of
  // row j is always the mirror of the entry (i, j) at hand.
  std::vector<std::uint64_t> next(m_offsets.begin(), m_offsets.end() - 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::uint64_t k = m_offsets[i]; k < m_offsets[i + 1]; ++k) {
      const Index j = m_neighbours[k];
      const std::uint64_t mirror = next[j]++;
      if (mirror >= m_offsets[j + std::size_t{1}] || m_neighbours[mirror] != i ||
          m_weights[mirror] != m_weights[k]) {
        refuse(fmt::format("entry ({}, {}) is '{}', its mirror differs", i, j, m_weights[k]));
      }
    }
  }
}

}  // namespace coterie
