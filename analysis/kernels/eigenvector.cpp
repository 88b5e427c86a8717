#include "analysis/kernels/eigenvector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/kernels/components.hpp"

namespace coterie {
namespace {

constexpr double k_residual = 1e-13;
constexpr int k_most_steps = 5000;
/// Products that are carried along by linear combination drift from the true ones; so often they are computed
/// anew.
constexpr int k_refresh = 25;

using Vector = std::vector<double>;

/// The weight matrix of the largest component.
struct Part {
  std::vector<Index> vertices;
  std::vector<std::uint64_t> offsets{0};
  std::vector<Index> columns;
  Vector weights;

  Part(const Network& network, Links links) {
    const Components parts = components(network);
    std::vector<Index> place(network.size(), k_none);
    for (Index v = 0; v < network.size(); ++v) {
      if (parts.of_vertex[v] != 0) continue;
      place[v] = static_cast<Index>(vertices.size());
      vertices.push_back(v);
    }
    for (const Index v : vertices) {
      for (std::size_t k = 0; k < network.degree(v); ++k) {
        columns.push_back(place[network.neighbours(v)[k]]);
        weights.push_back(links == Links::weighted ? network.weights(v)[k] : 1.0);
      }
      offsets.push_back(columns.size());
    }
  }

  [[nodiscard]] Vector times(const Vector& x) const {
    Vector y(x.size());
    for (std::size_t v = 0; v < x.size(); ++v) {
      double sum = 0.0;
      for (std::uint64_t k = offsets[v]; k < offsets[v + 1]; ++k) sum += weights[k] * x[columns[k]];
      y[v] = sum;
    }
    return y;
  }
};

double dot(const Vector& a, const Vector& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add(Vector& to, double factor, const Vector& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

void scale(Vector& vector, double factor) {
  for (double& value : vector) value *= factor;
}

/// A direction with its product, so that combining directions combines products.
struct Direction {
  Vector x;
  Vector ax;

  /// Makes it orthogonal to the others and of length 1; false if nothing is left of it.
  bool orthonormalise(const std::vector<const Direction*>& others) {
    const double before = std::sqrt(dot(x, x));
    // Twice, because one pass leaves rounding in the directions that were taken out.
    for (int pass = 0; pass < 2; ++pass) {
      for (const Direction* other : others) {
        const double part = dot(x, other->x);
        add(x, -part, other->x);
        if (!ax.empty()) add(ax, -part, other->ax);
      }
    }
    const double length = std::sqrt(dot(x, x));
    if (!(length > 1e-8 * before)) return false;
    scale(x, 1.0 / length);
    if (!ax.empty()) scale(ax, 1.0 / length);
    return true;
  }
};

using Small = std::array<std::array<double, 3>, 3>;

/// The eigenvector of the largest eigenvalue of the leading size x size part of a symmetric matrix, by
/// Jacobi's rotations.
std::array<double, 3> leading_eigenvector(Small a, std::size_t size) {
  Small vectors{};
  for (std::size_t i = 0; i < size; ++i) vectors[i][i] = 1.0;
  for (int round = 0; round < 30; ++round) {
    for (std::size_t p = 0; p + 1 < size; ++p) {
      for (std::size_t q = p + 1; q < size; ++q) {
        if (a[p][q] == 0.0) continue;
        const double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
        const double t = (theta < 0.0 ? -1.0 : 1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
        const double c = 1.0 / std::sqrt(t * t + 1.0);
        const double s = t * c;
        for (std::size_t k = 0; k < size; ++k) {
          const double kp = a[k][p];
          const double kq = a[k][q];
          a[k][p] = c * kp - s * kq;
          a[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < size; ++k) {
          const double pk = a[p][k];
          const double qk = a[q][k];
          a[p][k] = c * pk - s * qk;
          a[q][k] = s * pk + c * qk;
          const double vp = vectors[k][p];
          const double vq = vectors[k][q];
          vectors[k][p] = c * vp - s * vq;
          vectors[k][q] = s * vp + c * vq;
        }
      }
    }
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (a[i][i] > a[best][best]) best = i;
  }
  return {vectors[0][best], vectors[1][best], vectors[2][best]};
}

/// Best combination of the present vector, the gradient there and the last step.
void improve(const Part& part, Direction& current, Direction gradient, Direction& last_step) {
  std::vector<const Direction*> basis{&current};
  if (!gradient.orthonormalise(basis)) return;
  gradient.ax = part.times(gradient.x);
  basis.push_back(&gradient);
  if (!last_step.x.empty() && last_step.orthonormalise(basis)) basis.push_back(&last_step);

  Small projected{};
  for (std::size_t i = 0; i < basis.size(); ++i) {
    for (std::size_t j = i; j < basis.size(); ++j) {
      projected[i][j] = dot(basis[i]->x, basis[j]->ax);
      projected[j][i] = projected[i][j];
    }
  }
  const auto factors = leading_eigenvector(projected, basis.size());
  Direction step{Vector(current.x.size(), 0.0), Vector(current.x.size(), 0.0)};
  for (std::size_t i = 1; i < basis.size(); ++i) {
    add(step.x, factors[i], basis[i]->x);
    add(step.ax, factors[i], basis[i]->ax);
  }
  scale(current.x, factors[0]);
  scale(current.ax, factors[0]);
  add(current.x, 1.0, step.x);
  add(current.ax, 1.0, step.ax);
  last_step = std::move(step);
}

Vector leading_vector(const Part& part) {
  // The row sums are positive, so the start is never orthogonal to the vector sought.
  Direction current{part.times(Vector(part.vertices.size(), 1.0)), {}};
  Direction last_step;
  for (int i = 0; i < k_most_steps; ++i) {
    if (i % k_refresh == 0) {
      scale(current.x, 1.0 / std::sqrt(dot(current.x, current.x)));
      current.ax = part.times(current.x);
      if (!last_step.x.empty()) last_step.ax = part.times(last_step.x);
    }
    const double value = dot(current.x, current.ax);
    Direction gradient{current.ax, {}};
    add(gradient.x, -value, current.x);
    if (std::sqrt(dot(gradient.x, gradient.x)) <= k_residual * value) break;
    improve(part, current, std::move(gradient), last_step);
  }
  return std::move(current.x);
}

}  // namespace

std::vector<double> eigenvector_centrality(const Network& network, Links links) {
  Vector result(network.size(), std::numeric_limits<double>::quiet_NaN());
  if (network.edges() == 0) return result;
  const Part part(network, links);
  Vector leading = leading_vector(part);
  double largest = 0.0;
  for (const double value : leading) {
    if (std::abs(value) > std::abs(largest)) largest = value;
  }
  for (std::size_t i = 0; i < leading.size(); ++i) {
    result[part.vertices[i]] = std::max(0.0, leading[i] / largest);
  }
  return result;
}

}  // namespace coterie
