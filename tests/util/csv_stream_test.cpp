#include <gtest/gtest.h>

#include <algorithm>

#include "coterie/error.hpp"
#include "coterie/util/csv.hpp"
#include "coterie/util/csv_stream.hpp"

namespace coterie {
namespace {

using Cells = std::vector<std::string>;

/// The records of a text that comes in pieces of that size.
std::vector<Cells> records_of(std::string_view text, std::size_t piece = 1000,
                              std::size_t longest = std::size_t{1} << 20U) {
  std::size_t at = 0;
  csv::Stream stream(
      [&] {
        const std::string_view next = text.substr(at, piece);
        at += next.size();
        return next;
      },
      longest);
  std::vector<Cells> records;
  while (stream.next()) records.emplace_back(stream.cells().begin(), stream.cells().end());
  EXPECT_FALSE(stream.next());
  return records;
}

TEST(CsvStream, ReadsRecordsWhateverThePieces) {
  const std::string text = "a,b\r\n\"x,\"\"y\"\"\n\",\n,\"\"\n#c,é\n\nlast,1";
  const std::vector<Cells> expected{{"a", "b"}, {"x,\"y\"\n", ""}, {"", ""}, {"#c", "é"},
                                    {""},       {"last", "1"}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece)
    EXPECT_EQ(records_of(text, piece), expected) << piece;
}

TEST(CsvStream, ReadsWhatCellsAreWrittenAs) {
  const Cells hostile{"\"", "\"\"", ",", "\n", "\r\n", "a\"b", " x ", "", "\"a\"", "x\r"};
  std::string line;
  for (const std::string& text : hostile) line += (line.empty() ? "" : ",") + csv::cell(text);
  for (const std::size_t piece : {1U, 3U, 100U})
    EXPECT_EQ(records_of(line + "\n", piece), std::vector<Cells>{hostile});
}

TEST(CsvStream, NothingHasNoRecord) { EXPECT_TRUE(records_of("").empty()); }

TEST(CsvStream, RefusesWithTheNumberOfTheRecord) {
  for (const char* text : {"a\nb\"c\n", "a\n\"b\"c\n", "a\n\"b\n", "a\n\xFF\n", "a\n\"b\"\"\n"}) {
    for (const std::size_t piece : {1U, 100U}) {
      try {
        records_of(text, piece);
        ADD_FAILURE() << text;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::data);
        EXPECT_TRUE(std::string_view(error.what()).starts_with("record 2: ")) << error.what();
      }
    }
  }
}

TEST(CsvStream, ARecordWithoutEndFillsNoMemory) {
  std::size_t asked = 0;
  const std::string zeros(1000, '0');
  csv::Stream stream(
      [&]() -> std::string_view {
        ++asked;
        return zeros;
      },
      10000);
  EXPECT_THROW(stream.next(), Error);
  EXPECT_LE(asked, 12U);
}

TEST(CsvStream, LongRecordsWithinTheLimitAreRead) {
  const std::string longer(9000, 'x');
  EXPECT_EQ(records_of(longer + "," + longer + "\n", 100, 20000), (std::vector<Cells>{{longer, longer}}));
}

TEST(CsvUnguarded, GivesBackWhatWasGuarded) {
  for (const char* text :
       {"=1", "'=1", "''=1", "'x", "x", "", "'", "-1", "@a", "\t", " =1", "\uFF1D1", "a'=b"}) {
    EXPECT_EQ(csv::unguarded(csv::guarded(text)), text) << text;
  }
}

}  // namespace
}  // namespace coterie
