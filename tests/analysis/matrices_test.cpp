#include "coterie/matrices.hpp"

#include <gtest/gtest.h>

#include <map>

#include "coterie/error.hpp"
#include "coterie/network.hpp"
#include "tests/analysis/network_fixtures.hpp"
#include "tests/analysis/sample_networks.hpp"
#include "tests/support/fixtures.hpp"

namespace coterie {
namespace {

constexpr int k_no_cut = 1'000'000;
constexpr Counting k_countings[] = {Counting::full, Counting::fractional, Counting::pair};

std::vector<std::vector<Index>> random_bylines(std::size_t authors, std::size_t works, std::uint64_t seed) {
  test::Random random(seed);
  std::vector<std::vector<Index>> bylines(works);
  for (auto& byline : bylines) {
    const std::size_t length = 1 + random.below(7);
    while (byline.size() < length) {
      const Index author = random.below(authors);
      if (std::find(byline.begin(), byline.end(), author) == byline.end()) byline.push_back(author);
    }
  }
  return bylines;
}

void expect_well_formed(const Matrix& matrix) {
  EXPECT_TRUE(matrix.isCompressed());
  for (Matrix::Index row = 0; row < matrix.rows(); ++row) {
    Matrix::Index last = -1;
    for (Matrix::InnerIterator entry(matrix, row); entry; ++entry) {
      EXPECT_GT(entry.col(), last);
      EXPECT_NE(entry.value(), 0.0);
      last = entry.col();
    }
  }
}

void expect_equal(const Matrix& a, const Matrix& b) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  for (Matrix::Index i = 0; i < a.rows(); ++i) {
    for (Matrix::Index j = 0; j < a.cols(); ++j) EXPECT_EQ(a.coeff(i, j), b.coeff(i, j)) << i << ' ' << j;
  }
}

TEST(PairWeight, Formulas) {
  EXPECT_EQ(pair_weight(Counting::full, 5), 1.0);
  EXPECT_EQ(pair_weight(Counting::fractional, 5), 1.0 / 4.0);
  EXPECT_EQ(pair_weight(Counting::pair, 5), 2.0 / (5.0 * 4.0));
  for (const Counting counting : k_countings) {
    EXPECT_EQ(pair_weight(counting, 2), 1.0);
    EXPECT_EQ(pair_weight(counting, 1), 0.0);
    EXPECT_EQ(pair_weight(counting, 0), 0.0);
  }
}

TEST(IncidenceMatrix, OneForEachAuthorshipWithinTheCut) {
  const Corpus corpus = test::corpus_of(4, {{2, 0}, {}, {3, 1, 0}, {1}});
  const Matrix B = incidence_matrix(corpus, 2);
  expect_well_formed(B);
  ASSERT_EQ(B.rows(), 4);
  ASSERT_EQ(B.cols(), 4);
  EXPECT_EQ(B.nonZeros(), 3);
  EXPECT_EQ(B.coeff(0, 0), 1.0);
  EXPECT_EQ(B.coeff(0, 2), 1.0);
  EXPECT_EQ(B.coeff(3, 1), 1.0);
  EXPECT_EQ(incidence_matrix(corpus, 3).nonZeros(), 6);
}

TEST(CoauthorshipMatrix, EqualsTheTripleLoop) {
  const auto bylines = random_bylines(30, 80, 11);
  const Corpus corpus = test::corpus_of(30, bylines);
  for (const Counting counting : k_countings) {
    const Matrix A = coauthorship_matrix(corpus, counting, 5);
    const Matrix B = incidence_matrix(corpus, 5);
    expect_well_formed(A);
    for (Matrix::Index i = 0; i < 30; ++i) {
      for (Matrix::Index j = 0; j < 30; ++j) {
        double sum = 0.0;
        for (Matrix::Index w = 0; w < 80; ++w) {
          const auto n = static_cast<std::uint32_t>(bylines[static_cast<std::size_t>(w)].size());
          if (i != j) sum += B.coeff(w, i) * B.coeff(w, j) * pair_weight(counting, n);
        }
        // The same sum in the same order, so equal to the last bit.
        EXPECT_EQ(A.coeff(i, j), sum) << i << ' ' << j;
      }
    }
  }
}

TEST(CoauthorshipMatrix, RowSumsCountWorksWithCoauthors) {
  const auto bylines = random_bylines(25, 120, 12);
  const Matrix A = coauthorship_matrix(test::corpus_of(25, bylines), Counting::fractional, k_no_cut);
  std::vector<double> works(25, 0.0);
  for (const auto& byline : bylines) {
    for (const Index author : byline) works[author] += byline.size() > 1 ? 1.0 : 0.0;
  }
  for (Matrix::Index i = 0; i < 25; ++i) {
    double sum = 0.0;
    for (Matrix::InnerIterator entry(A, i); entry; ++entry) sum += entry.value();
    EXPECT_NEAR(sum, works[static_cast<std::size_t>(i)], 1e-12);
  }
}

TEST(CoauthorshipMatrix, MissingCoauthorsKeepTheirShare) {
  Corpus corpus = test::corpus_of(2, {{0, 1}});
  corpus.works[0].author_count = 5;
  EXPECT_EQ(coauthorship_matrix(corpus, Counting::fractional, 100).coeff(0, 1), 1.0 / 4.0);
  EXPECT_EQ(coauthorship_matrix(corpus, Counting::fractional, 5).nonZeros(), 2);
  // The cut is of the whole byline, not of the part in the corpus.
  EXPECT_EQ(coauthorship_matrix(corpus, Counting::fractional, 4).nonZeros(), 0);
}

TEST(CoauthorshipMatrix, SingleAuthorsAndNothingGiveNoLink) {
  auto bylines = random_bylines(10, 20, 13);
  const Matrix before = coauthorship_matrix(test::corpus_of(10, bylines), Counting::fractional, k_no_cut);
  bylines.push_back({3});
  bylines.push_back({});
  expect_equal(coauthorship_matrix(test::corpus_of(10, bylines), Counting::fractional, k_no_cut), before);
  EXPECT_EQ(coauthorship_matrix(test::corpus_of(0, {}), Counting::full, 100).rows(), 0);
  EXPECT_EQ(coauthorship_matrix(test::corpus_of(3, {}), Counting::full, 100).nonZeros(), 0);
}

TEST(CoauthorshipMatrix, LongBylinesBelowTheCut) {
  std::vector<Index> byline(2000);
  for (Index i = 0; i < byline.size(); ++i) byline[i] = static_cast<Index>(byline.size()) - 1 - i;
  const Matrix A = coauthorship_matrix(test::corpus_of(2000, {byline}), Counting::fractional, 2000);
  EXPECT_EQ(A.nonZeros(), 2000 * 1999);
  EXPECT_EQ(A.coeff(0, 1999), 1.0 / 1999.0);
  EXPECT_EQ(coauthorship_matrix(test::corpus_of(2000, {byline}), Counting::fractional, 1999).nonZeros(), 0);
}

/// The manual's example: works {A1,A2,A3}, {A1,A3}, {A2,A4}.
TEST(CoauthorshipMatrix, VosviewerManual) {
  COTERIE_FIXTURE(folder, "vosviewer");
  std::map<std::string, Index> work;
  std::map<std::string, Index> author;
  std::vector<std::vector<Index>> bylines;
  const auto papers = test::lines_of(folder / "papers.csv");
  for (std::size_t line = 1; line < papers.size(); ++line) {
    const auto cells = test::cells_of(papers[line], ',');
    if (work.emplace(cells.at(0), static_cast<Index>(bylines.size())).second) bylines.emplace_back();
    const Index a = author.emplace(cells.at(1), static_cast<Index>(author.size())).first->second;
    bylines[work[cells.at(0)]].push_back(a);
  }
  const Corpus corpus = test::corpus_of(author.size(), bylines);
  const Matrix full = coauthorship_matrix(corpus, Counting::full, 100);
  const Matrix fractional = coauthorship_matrix(corpus, Counting::fractional, 100);
  const auto edges = test::lines_of(folder / "expected_edges.csv");
  for (std::size_t line = 1; line < edges.size(); ++line) {
    const auto cells = test::cells_of(edges[line], ',');
    const Index a = author.at(cells.at(0));
    const Index b = author.at(cells.at(1));
    EXPECT_EQ(full.coeff(a, b), std::stod(cells.at(2))) << edges[line];
    EXPECT_EQ(fractional.coeff(b, a), std::stod(cells.at(3))) << edges[line];
  }
  EXPECT_EQ(full.nonZeros(), 2 * static_cast<Matrix::Index>(edges.size() - 1));
}

/// The same example by hand, for when the fixtures are absent.
TEST(CoauthorshipMatrix, ThreeWorksByHand) {
  const Corpus corpus = test::corpus_of(4, {{0, 1, 2}, {0, 2}, {1, 3}});
  const Matrix fractional = coauthorship_matrix(corpus, Counting::fractional, 100);
  EXPECT_EQ(fractional.coeff(0, 1), 0.5);
  EXPECT_EQ(fractional.coeff(0, 2), 0.5 + 1.0);
  EXPECT_EQ(fractional.coeff(1, 2), 0.5);
  EXPECT_EQ(fractional.coeff(1, 3), 1.0);
  EXPECT_EQ(fractional.nonZeros(), 8);
  const Matrix pair = coauthorship_matrix(corpus, Counting::pair, 100);
  EXPECT_EQ(pair.coeff(0, 2), 2.0 / (3.0 * 2.0) + 1.0);
  EXPECT_EQ(pair.coeff(1, 2), 2.0 / (3.0 * 2.0));
}

/// Work 0: author 0 at X and Y, author 1 at Y. Work 1: author 0 at X, author 2 at Z. Work 2 (three authors):
/// X, Y, Z.
Corpus corpus_with_institutions() {
  Corpus corpus = test::corpus_of(3, {{0, 1}, {0, 2}, {0, 1, 2}});
  corpus.institutions.resize(4);
  const std::vector<std::vector<Index>> slots{{0, 1}, {1}, {0}, {2}, {0}, {1}, {2}};
  corpus.slot_institutions = {};
  for (const auto& slot : slots) {
    for (const Index institution : slot) corpus.slot_institutions.values.push_back(institution);
    corpus.slot_institutions.end_row();
  }
  return corpus;
}

TEST(InstitutionMatrix, EachInstitutionOncePerWork) {
  const Corpus corpus = corpus_with_institutions();
  const Matrix B = institution_incidence_matrix(corpus, 2);
  expect_well_formed(B);
  ASSERT_EQ(B.rows(), 3);
  ASSERT_EQ(B.cols(), 4);
  EXPECT_EQ(B.nonZeros(), 4);
  EXPECT_EQ(B.coeff(0, 1), 1.0);
  EXPECT_EQ(B.coeff(1, 2), 1.0);
}

TEST(InstitutionMatrix, CountsInstitutionsNotAuthors) {
  const Corpus corpus = corpus_with_institutions();
  const Matrix A = institution_matrix(corpus, Counting::fractional, 100);
  expect_well_formed(A);
  EXPECT_EQ(A.coeff(0, 1), 1.0 + 1.0 / 2.0);
  EXPECT_EQ(A.coeff(0, 2), 1.0 + 1.0 / 2.0);
  EXPECT_EQ(A.coeff(1, 2), 1.0 / 2.0);
  EXPECT_EQ(A.nonZeros(), 6);
  EXPECT_EQ(institution_matrix(corpus, Counting::pair, 100).coeff(2, 0), 1.0 + 2.0 / 6.0);
  EXPECT_EQ(institution_matrix(corpus, Counting::full, 100).coeff(0, 1), 2.0);
  EXPECT_EQ(institution_matrix(corpus, Counting::full, 2).coeff(0, 1), 1.0);
}

TEST(Normalised, Formulas) {
  // Strengths 0.5+1.5, 0.5+0.5+1, 1.5+0.5, 1, and one author without links.
  const Corpus corpus = test::corpus_of(5, {{0, 1, 2}, {0, 2}, {1, 3}, {4}});
  const Matrix A = coauthorship_matrix(corpus, Counting::fractional, 100);
  const double twice_total = 2.0 + 2.0 + 2.0 + 1.0;
  const Matrix strength = normalised(A, Normalisation::association_strength);
  EXPECT_DOUBLE_EQ(strength.coeff(0, 2), 1.5 * twice_total / (2.0 * 2.0));
  EXPECT_DOUBLE_EQ(strength.coeff(3, 1), 1.0 * twice_total / (1.0 * 2.0));
  const Matrix fractions = normalised(A, Normalisation::fractionalization);
  EXPECT_DOUBLE_EQ(fractions.coeff(0, 2), 1.5 * (4.0 / 2.0 + 4.0 / 2.0) / 2.0);
  EXPECT_DOUBLE_EQ(fractions.coeff(1, 3), 1.0 * (4.0 / 2.0 + 4.0 / 1.0) / 2.0);
  expect_equal(normalised(A, Normalisation::none), A);
  for (const auto how : {Normalisation::association_strength, Normalisation::fractionalization}) {
    EXPECT_EQ(Network(normalised(A, how)).edges(), 4U) << "stays symmetric to the last bit";
    EXPECT_EQ(normalised(Matrix(3, 3), how).nonZeros(), 0);
  }
}

Matrix matrix_of(Matrix::Index rows, Matrix::Index columns,
                 const std::vector<Eigen::Triplet<double, std::int32_t>>& entries) {
  Matrix matrix(rows, columns);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

void expect_refused(const Matrix& matrix) {
  try {
    const Network network(matrix);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bug);
  }
}

TEST(Network, RefusesWhatIsNoNetwork) {
  const double inf = std::numeric_limits<double>::infinity();
  expect_refused(Matrix(2, 3));
  expect_refused(matrix_of(2, 2, {{0, 1, 1.0}}));
  expect_refused(matrix_of(2, 2, {{0, 1, 1.0}, {1, 0, 2.0}}));
  expect_refused(matrix_of(2, 2, {{0, 0, 1.0}}));
  expect_refused(matrix_of(2, 2, {{0, 1, -1.0}, {1, 0, -1.0}}));
  expect_refused(matrix_of(2, 2, {{0, 1, 0.0}, {1, 0, 0.0}}));
  expect_refused(matrix_of(2, 2, {{0, 1, inf}, {1, 0, inf}}));
  expect_refused(matrix_of(3, 3, {{0, 1, 1.0}, {1, 0, 1.0}, {1, 2, 1.0}, {0, 2, 1.0}}));
  expect_refused(matrix_of(3, 3, {{0, 1, 1.0}, {1, 2, 1.0}, {2, 0, 1.0}}));
}

TEST(Network, RowsAreThoseOfTheMatrix) {
  const Network network = test::network_of(4, test::WeightedEdges{{3, 0, 0.5}, {0, 1, 2.0}});
  EXPECT_EQ(network.size(), 4U);
  EXPECT_EQ(network.edges(), 2U);
  EXPECT_EQ(network.degree(0), 2U);
  EXPECT_EQ(network.degree(2), 0U);
  EXPECT_EQ(network.neighbours(0)[0], 1U);
  EXPECT_EQ(network.neighbours(0)[1], 3U);
  EXPECT_EQ(network.weights(0)[1], 0.5);
  EXPECT_EQ(network.weights(3)[0], 0.5);
  EXPECT_EQ(Network(Matrix(0, 0)).size(), 0U);
}

}  // namespace
}  // namespace coterie
