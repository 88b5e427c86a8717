#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "coterie/error.hpp"
#include "coterie/writer.hpp"
#include "tests/report/readers.hpp"

namespace coterie {
namespace {

std::string written(const WriterEntry& writer, const NetworkDocument& network) {
  std::string result;
  writer.write(network, [&](std::string_view bytes) { result += bytes; });
  return result;
}

const WriterEntry& writer(std::string_view format) {
  return *std::find_if(writers().begin(), writers().end(),
                       [&](const WriterEntry& entry) { return entry.format == format; });
}

std::string matrix_of(const SparseEntries& matrix, std::string_view comment = "") {
  std::string result;
  write_matrix_market(matrix, comment, [&](std::string_view bytes) { result += bytes; });
  return result;
}

/// A triangle and a vertex alone, with hostile labels.
NetworkDocument triangle() {
  NetworkDocument network;
  network.title = "a\nb";
  network.ids = {"person:a", "name:b", "=c", "d"};
  network.labels = {"A, \"a\"", "=cmd()", "C\n%%MatrixMarket\n9 9 9", std::string(5000, 'x')};
  network.links = {{0, 1, 0.5}, {0, 2, 1.0 / 3.0}, {1, 2, 2}};
  return network;
}

using Entries = std::vector<std::tuple<std::size_t, std::size_t, double>>;

TEST(Writers, AreNamedOnce) {
  std::set<std::string_view> formats;
  for (const WriterEntry& entry : writers()) {
    EXPECT_TRUE(formats.insert(entry.format).second);
    EXPECT_TRUE(entry.extension.starts_with('.'));
    EXPECT_FALSE(entry.title.empty());
  }
}

TEST(Writers, TakeAnEmptyNetworkAndGiveTheSameBytesTwice) {
  for (const WriterEntry& entry : writers()) {
    EXPECT_FALSE(written(entry, NetworkDocument{}).empty()) << entry.format;
    EXPECT_EQ(written(entry, triangle()), written(entry, triangle())) << entry.format;
  }
}

TEST(EdgeList, ReadsBack) {
  const auto records = test::read_rfc4180(written(writer("csv"), triangle()));
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0],
            (std::vector<std::string>{"source", "source_label", "target", "target_label", "weight"}));
  EXPECT_EQ(records[1], (std::vector<std::string>{"person:a", "A, \"a\"", "name:b", "'=cmd()", "0.5"}));
  EXPECT_EQ(records[2][2], "'=c");
  EXPECT_EQ(std::stod(records[2][4]), 1.0 / 3.0);
  EXPECT_EQ(records[3][4], "2");
}

TEST(NetworkMatrix, ReadsBack) {
  const std::string text = written(writer("matrix-market"), triangle());
  const test::MatrixFile file = test::read_matrix_market(text);
  EXPECT_TRUE(file.sound);
  EXPECT_EQ(file.field, "real");
  EXPECT_EQ(file.symmetry, "symmetric");
  EXPECT_EQ(file.rows, 4U);
  EXPECT_EQ(file.columns, 4U);
  // The links 0-1, 0-2 and 1-2 below the diagonal, counted from 1.
  EXPECT_EQ(file.entries, (Entries{{2, 1, 0.5}, {3, 1, 1.0 / 3.0}, {3, 2, 2}}));
  ASSERT_EQ(file.comments.size(), 5U);
  EXPECT_EQ(file.comments[0], " a b");
  EXPECT_EQ(file.comments[2], " 2 name:b =cmd()");
  EXPECT_LT(file.comments[4].size(), 1024U);
}

TEST(MatrixMarket, IntegersAreNamedSo) {
  SparseEntries matrix{2, 3, false, {{0, 0, 1}, {0, 2, 5}, {1, 1, -2}}};
  EXPECT_EQ(
      matrix_of(matrix, "works x authors"),
      "%%MatrixMarket matrix coordinate integer general\n% works x authors\n2 3 3\n1 1 1\n1 3 5\n2 2 -2\n");
  matrix.entries[1].value = 0.5;
  EXPECT_EQ(test::read_matrix_market(matrix_of(matrix)).field, "real");
  matrix.entries[1].value = 1e300;  // a whole number that no reader of integers can hold
  EXPECT_EQ(test::read_matrix_market(matrix_of(matrix)).field, "real");
}

TEST(MatrixMarket, LongCommentsAreCutBetweenCharacters) {
  std::string comment = "x";
  for (int i = 0; i < 1000; ++i) comment += "é";
  const test::MatrixFile file = test::read_matrix_market(matrix_of({1, 1, true, {}}, comment));
  ASSERT_EQ(file.comments.size(), 1U);
  // A space, x, and as many whole characters of two bytes as fit.
  EXPECT_EQ(file.comments[0].size() % 2, 0U);
  EXPECT_LE(file.comments[0].size(), 1001U);
  EXPECT_TRUE(file.comments[0].ends_with("é"));
}

TEST(MatrixMarket, RefusesWhatIsNoMatrix) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<SparseEntries> wrong{
      {2, 3, true, {}},                       // symmetric and not square
      {2, 2, true, {{0, 1, 1}}},              // above the diagonal
      {2, 2, false, {{2, 0, 1}}},             // outside
      {2, 2, false, {{0, 2, 1}}},             // outside
      {2, 2, false, {{1, 0, 1}, {0, 0, 1}}},  // out of order
      {2, 2, false, {{0, 0, 1}, {0, 0, 1}}},  // twice
      {2, 2, false, {{0, 0, nan}}},           // no number
  };
  for (const SparseEntries& matrix : wrong) EXPECT_THROW(matrix_of(matrix), Error);
}

}  // namespace
}  // namespace coterie
