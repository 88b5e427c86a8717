#include "coterie/matrices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analysis/works.hpp"
#include "coterie/error.hpp"

namespace coterie {
namespace {

using Stored = Matrix::StorageIndex;

/// Sizes of a matrix are 32 bits wide, so more must be refused before it wraps around.
Stored stored(std::uint64_t number) {
  constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<Stored>::max());
  if (number > limit) {
    throw Error(
        ErrorKind::system,
        fmt::format("a matrix would need '{}' rows, columns or entries, at most {} fit", number, limit));
  }
  return static_cast<Stored>(number);
}

/// Who stands on which work, both ways, and what each work adds to its pairs.
struct Occurrences {
  Rows<Index> of_work;
  Rows<Index> of_item;
  std::vector<double> pair_weights;  ///< 0: the work gives no link
};

Rows<Index> transposed(const Rows<Index>& rows, std::size_t columns) {
  Rows<Index> result;
  result.offsets.assign(columns + 1, 0);
  for (const Index value : rows.values) ++result.offsets[value + 1];
  for (std::size_t i = 0; i < columns; ++i) result.offsets[i + 1] += result.offsets[i];
  result.values.resize(rows.values.size());
  std::vector<std::uint64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const Index value : rows[row]) result.values[next[value]++] = static_cast<Index>(row);
  }
  return result;
}

/// Institutions of each work, sorted, each once; works above the cut have none.
Rows<Index> institutions_of_works(const Corpus& corpus, int max_authors) {
  Rows<Index> result;
  std::vector<Index> row;
  for (std::size_t w = 0; w < corpus.works.size(); ++w) {
    row.clear();
    if (within_cut(corpus.works[w], max_authors)) {
      for (std::uint64_t slot = corpus.byline.offsets[w]; slot < corpus.byline.offsets[w + 1]; ++slot) {
        const auto printed = corpus.slot_institutions[slot];
        row.insert(row.end(), printed.begin(), printed.end());
      }
      std::ranges::sort(row);
      row.erase(std::ranges::unique(row).begin(), row.end());
    }
    result.values.insert(result.values.end(), row.begin(), row.end());
    result.end_row();
  }
  return result;
}

/// The 0/1 matrix of those rows.
Matrix incidence(const Rows<Index>& rows, std::size_t columns) {
  Matrix result(stored(rows.size()), stored(columns));
  result.resizeNonZeros(stored(rows.values.size()));
  std::copy(rows.offsets.begin(), rows.offsets.end(), result.outerIndexPtr());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto first = result.innerIndexPtr() + rows.offsets[row];
    std::ranges::copy(rows[row], first);
    std::sort(first, first + rows[row].size());
  }
  std::fill_n(result.valuePtr(), rows.values.size(), 1.0);
  return result;
}

/// The part of the product above the diagonal, its rows not sorted.
struct UpperTriangle {
  std::vector<std::uint64_t> offsets;
  std::vector<Index> columns;
  std::vector<double> weights;
};

UpperTriangle upper_triangle(const Rows<Index>& of_work, const Rows<Index>& of_item,
                             const std::vector<double>& pair_weights) {
  const std::size_t items = of_item.size();
  UpperTriangle upper;
  upper.offsets.reserve(items + 1);
  upper.offsets.push_back(0);
  std::vector<double> sums(items, 0.0);
  for (std::size_t i = 0; i < items; ++i) {
    for (const Index work : of_item[i]) {
      const double weight = pair_weights[work];
      if (weight == 0.0) continue;
      for (const Index j : of_work[work]) {
        if (j <= i) continue;
        if (sums[j] == 0.0) upper.columns.push_back(j);
        sums[j] += weight;
      }
    }
    for (std::size_t k = upper.offsets.back(); k < upper.columns.size(); ++k) {
      double& sum = sums[upper.columns[k]];
      upper.weights.push_back(sum);
      sum = 0.0;
    }
    upper.offsets.push_back(upper.columns.size());
  }
  return upper;
}

/// The symmetric matrix of an upper triangle. Transposing a triangle by counting sorts its rows, so the lower
/// half comes out sorted from the unsorted upper one, and the upper half from the lower.
Matrix symmetric(const UpperTriangle& upper) {
  const std::size_t n = upper.offsets.size() - 1;
  std::vector<std::uint64_t> lower_count(n, 0);
  for (const Index j : upper.columns) ++lower_count[j];

  Matrix result(stored(n), stored(n));
  result.resizeNonZeros(stored(2 * upper.columns.size()));
  Stored* const starts = result.outerIndexPtr();
  Stored* const columns = result.innerIndexPtr();
  double* const values = result.valuePtr();
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < n; ++i) {
    starts[i] = static_cast<Stored>(end);
    end += lower_count[i] + (upper.offsets[i + 1] - upper.offsets[i]);
  }
  starts[n] = static_cast<Stored>(end);

  std::vector<Stored> next(starts, starts + n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::uint64_t k = upper.offsets[i]; k < upper.offsets[i + 1]; ++k) {
      const Stored place = next[upper.columns[k]]++;
      columns[place] = static_cast<Stored>(i);
      values[place] = upper.weights[k];
    }
  }
  for (std::size_t j = 0; j < n; ++j) {
    const auto lower_end = starts[j] + static_cast<Stored>(lower_count[j]);
    for (Stored k = starts[j]; k < lower_end; ++k) {
      const Stored place = next[static_cast<std::size_t>(columns[k])]++;
      columns[place] = static_cast<Stored>(j);
      values[place] = values[k];
    }
  }
  return result;
}

std::vector<double> row_sums(const Matrix& weights) {
  std::vector<double> sums(static_cast<std::size_t>(weights.rows()), 0.0);
  for (Matrix::Index i = 0; i < weights.rows(); ++i) {
    for (Matrix::InnerIterator entry(weights, i); entry; ++entry)
      sums[static_cast<std::size_t>(i)] += entry.value();
  }
  return sums;
}

}  // namespace

double pair_weight(Counting counting, std::uint32_t author_count) {
  if (author_count < 2) return 0.0;
  const double n = author_count;
  switch (counting) {
    case Counting::full:
      return 1.0;
    case Counting::fractional:
      return 1.0 / (n - 1.0);
    case Counting::pair:
      return 2.0 / (n * (n - 1.0));
  }
  throw Error(ErrorKind::bug, fmt::format("unknown counting '{}'", static_cast<int>(counting)));
}

Matrix incidence_matrix(const Corpus& corpus, int max_authors) {
  Rows<Index> rows;
  for (std::size_t w = 0; w < corpus.works.size(); ++w) {
    if (within_cut(corpus.works[w], max_authors)) {
      const auto authors = corpus.byline[w];
      rows.values.insert(rows.values.end(), authors.begin(), authors.end());
    }
    rows.end_row();
  }
  return incidence(rows, corpus.authors.size());
}

Matrix coauthorship_matrix(const Corpus& corpus, Counting counting, int max_authors) {
  std::vector<double> pair_weights;
  pair_weights.reserve(corpus.works.size());
  for (const CorpusWork& work : corpus.works) {
    pair_weights.push_back(within_cut(work, max_authors) ? pair_weight(counting, work.author_count) : 0.0);
  }
  return symmetric(upper_triangle(corpus.byline, corpus.works_of_author, pair_weights));
}

Matrix institution_incidence_matrix(const Corpus& corpus, int max_authors) {
  return incidence(institutions_of_works(corpus, max_authors), corpus.institutions.size());
}

Matrix institution_matrix(const Corpus& corpus, Counting counting, int max_authors) {
  const Rows<Index> of_work = institutions_of_works(corpus, max_authors);
  std::vector<double> pair_weights;
  pair_weights.reserve(of_work.size());
  for (std::size_t w = 0; w < of_work.size(); ++w) {
    pair_weights.push_back(pair_weight(counting, static_cast<std::uint32_t>(of_work[w].size())));
  }
  return symmetric(upper_triangle(of_work, transposed(of_work, corpus.institutions.size()), pair_weights));
}

Matrix normalised(const Matrix& weights, Normalisation normalisation) {
  Matrix result = weights;
  if (normalisation == Normalisation::none) return result;
  const std::vector<double> strength = row_sums(weights);
  double twice_total = 0.0;
  double linked = 0.0;
  for (const double k : strength) {
    twice_total += k;
    if (k > 0.0) linked += 1.0;
  }
  for (Matrix::Index i = 0; i < result.rows(); ++i) {
    const double k_i = strength[static_cast<std::size_t>(i)];
    for (Matrix::InnerIterator entry(result, i); entry; ++entry) {
      const double k_j = strength[static_cast<std::size_t>(entry.col())];
      entry.valueRef() *= normalisation == Normalisation::association_strength
                              ? twice_total / (k_i * k_j)
                              : (linked / k_i + linked / k_j) / 2.0;
    }
  }
  return result;
}

}  // namespace coterie
