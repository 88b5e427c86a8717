#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "coterie/error.hpp"
#include "coterie/writer.hpp"
#include "tests/report/readers.hpp"

namespace coterie {
namespace {

std::string csv_of(const Table& table, CsvStyle style = CsvStyle::guarded) {
  std::string result;
  write_csv(table, style, [&](std::string_view bytes) { result += bytes; });
  return result;
}

Table texts(std::vector<std::string> cells) {
  Table table{"titles", "one line per title", {}, {}};
  std::get<Column::Texts>(table.add_text("title", "title").values) = std::move(cells);
  return table;
}

TEST(Shortest, ReadsBackAsTheSameNumber) {
  for (const double value : {0.1, 1.0 / 3.0, 1e300, 5e-324, -2.5, 123456789.0, 0.1 + 0.2,
                             std::numeric_limits<double>::max(), 9007199254740993.0}) {
    EXPECT_EQ(std::strtod(shortest(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(2), "2");
  EXPECT_EQ(shortest(-0.5), "-0.5");
}

TEST(Shortest, MissingNumbersAreEmpty) {
  EXPECT_EQ(shortest(std::nan("")), "");
  EXPECT_EQ(shortest(std::numeric_limits<double>::infinity()), "");
  EXPECT_EQ(shortest(-std::numeric_limits<double>::infinity()), "");
}

TEST(WriteCsv, WritesEveryType) {
  Table table{"people", "one line per person", {"name"}, {}};
  std::get<Column::Texts>(table.add_text("name", "name").values) = {"Guo, Daya", ""};
  std::get<Column::Integers>(table.add_integer("works", "works").values) = {-3, Column::k_missing};
  std::get<Column::Reals>(table.add_real("strength", "strength").values) = {-0.25, std::nan("")};
  EXPECT_EQ(csv_of(table), "name,works,strength\n\"Guo, Daya\",-3,-0.25\n,,\n");
}

TEST(WriteCsv, TablesWithoutLinesHaveAHeader) { EXPECT_EQ(csv_of(texts({})), "title\n"); }

TEST(WriteCsv, RoundTripsHostileTexts) {
  const std::vector<std::string> hostile{"a,b", "say \"x\"", "two\nlines", "cr\rlf\r\n", " edge ",
                                         "",    "#1",        "é ü 郭",     "\"",         "a\tb"};
  const auto records = test::read_rfc4180(csv_of(texts(hostile), CsvStyle::raw));
  ASSERT_EQ(records.size(), hostile.size() + 1);
  for (std::size_t i = 0; i < hostile.size(); ++i) {
    EXPECT_EQ(records[i + 1], std::vector<std::string>{hostile[i]}) << i;
  }
}

TEST(WriteCsv, EmptyCellOfTheOnlyColumnIsNoEmptyLine) {
  EXPECT_EQ(csv_of(texts({"", "x"})), "title\n\"\"\nx\n");
}

TEST(WriteCsv, GuardsTextsThatSpreadsheetsRun) {
  const std::vector<std::string> formulas{
      "=1+1", "+1",   "-2+3",   "@SUM(1)", "\tx",
      "\rx",  "  =1", "\"=1\"", "\uFF1D1", "=HYPERLINK(\"http://x\",\"y\")"};
  const auto guarded = test::read_rfc4180(csv_of(texts(formulas)));
  const auto raw = test::read_rfc4180(csv_of(texts(formulas), CsvStyle::raw));
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    EXPECT_EQ(guarded.at(i + 1), std::vector<std::string>{"'" + formulas[i]});
    EXPECT_EQ(raw.at(i + 1), std::vector<std::string>{formulas[i]});
  }
}

TEST(WriteCsv, NeverGuardsNumbers) {
  Table table{"n", "numbers", {}, {}};
  std::get<Column::Integers>(table.add_integer("i", "i").values) = {-1};
  std::get<Column::Reals>(table.add_real("r", "r").values) = {-1.5};
  EXPECT_EQ(csv_of(table), "i,r\n-1,-1.5\n");
}

TEST(WriteCsv, RefusesAnUnevenTable) {
  Table table = texts({"a"});
  table.add_integer("works", "works");
  EXPECT_THROW(csv_of(table), Error);
}

TEST(WriteCsv, LargeTablesComeInPiecesAndWhole) {
  const Table table = texts(std::vector<std::string>(50000, "title"));
  std::size_t pieces = 0;
  std::string whole;
  write_csv(table, CsvStyle::raw, [&](std::string_view bytes) {
    ++pieces;
    whole += bytes;
  });
  EXPECT_GT(pieces, 1U);
  EXPECT_LT(pieces, 50U);
  EXPECT_EQ(whole.size(), 50001U * 6U);  // "title\n", the header alike
}

}  // namespace
}  // namespace coterie
