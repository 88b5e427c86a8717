#include "coterie/util/csv.hpp"

#include <gtest/gtest.h>

#include "coterie/error.hpp"

namespace coterie {
namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view text) {
  std::vector<Cells> result;
  for (csv::Record& record : csv::parse(text)) result.push_back(std::move(record.cells));
  return result;
}

/// The message of the refusal, empty if the text is taken.
std::string refusal(std::string_view text) {
  try {
    (void)csv::parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::configuration);
    return error.what();
  }
  return {};
}

TEST(CsvParse, ReadsRfc4180) {
  EXPECT_EQ(cells_of("a,b\r\nc,d\r\n"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(cells_of("a,b\nc,d"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(cells_of("\"a,\"\"x\"\"\",\"two\nlines\""), (std::vector<Cells>{{"a,\"x\"", "two\nlines"}}));
  EXPECT_EQ(cells_of("a,,\n,"), (std::vector<Cells>{{"a", "", ""}, {"", ""}}));
  EXPECT_EQ(cells_of("\"\"\n"), (std::vector<Cells>{{""}}));
  EXPECT_EQ(cells_of("a,\""
                     "\","),
            (std::vector<Cells>{{"a", "", ""}}));
}

TEST(CsvParse, SkipsMarkCommentsAndEmptyLines) {
  EXPECT_EQ(cells_of("\xEF\xBB\xBFname\n\n\r\n# said \"so\n x #y\n#"),
            (std::vector<Cells>{{"name"}, {" x #y"}}));
  EXPECT_EQ(cells_of("\"#1\"\n"), (std::vector<Cells>{{"#1"}}));
  EXPECT_TRUE(cells_of("").empty());
  EXPECT_TRUE(cells_of("\xEF\xBB\xBF").empty());
}

TEST(CsvParse, CarriageReturns) {
  EXPECT_EQ(cells_of("a\rb,c\r"), (std::vector<Cells>{{"a\rb", "c"}}));
  EXPECT_EQ(cells_of("\"a\"\r"), (std::vector<Cells>{{"a"}}));
}

TEST(CsvParse, TellsLines) {
  const auto records = csv::parse("# comment\n\na,\"b\n\nc\"\nd\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].line, 3U);
  EXPECT_EQ(records[1].line, 6U);
}

TEST(CsvParse, RefusesWithTheLine) {
  EXPECT_TRUE(
      refusal("a\nb \"c\"\n").starts_with("line 2: a quote inside a cell without quotes, after 'b '"));
  EXPECT_TRUE(refusal("a\n\"b\" c,d\n").starts_with("line 2: ' c' behind a closing quote"));
  EXPECT_TRUE(refusal("a\n\"b\n\n").starts_with("line 2: a quote is opened and never closed"));
  EXPECT_TRUE(refusal("a\nb\n\xE9t\xE9\n").starts_with("line 3: byte 0xe9 is not UTF-8"));
  EXPECT_NE(refusal("\"b\"\rx"), "");
}

TEST(CsvCell, QuotesWhereNeeded) {
  EXPECT_EQ(csv::cell("plain text"), "plain text");
  EXPECT_EQ(csv::cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv::cell("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv::cell("a\nb"), "\"a\nb\"");
  EXPECT_EQ(csv::cell("a\rb"), "\"a\rb\"");
  EXPECT_EQ(csv::cell(" a"), "\" a\"");
  EXPECT_EQ(csv::cell("a\u00A0"), "\"a\u00A0\"");
  EXPECT_EQ(csv::cell("#1"), "\"#1\"");
  EXPECT_EQ(csv::cell(""), "");
}

TEST(CsvCell, ReadsBackAsWritten) {
  const Cells hostile{"x",
                      "",
                      "a,b",
                      "\"",
                      "\"\"",
                      "a\r\nb",
                      "\n",
                      "\r",
                      " ",
                      "#",
                      "\t",
                      "'=1",
                      "é, \"ü\"",
                      ",",
                      "\xEF\xBB\xBF"
                      "mark",
                      "a\"b,\n\"c"};
  std::string line;
  for (const std::string& text : hostile) line += (line.empty() ? "" : ",") + csv::cell(text);
  EXPECT_EQ(cells_of(line + "\n"), (std::vector<Cells>{hostile}));
  // Every one of them, but an empty one, as the only cell of a file too.
  for (const std::string& text : hostile) {
    if (!text.empty()) {
      EXPECT_EQ(cells_of(csv::cell(text) + "\n"), (std::vector<Cells>{{text}})) << text;
    }
  }
}

TEST(CsvGuarded, DisarmsFormulas) {
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "  =1", "\"=1", "'=1",
                           " \" '=cmd|' /C calc'!A0", "\u00A0=1", "\u3000@x", "\uFEFF=1", "\n=1", "\u201C=1",
                           "\uFF1D1+1", "\uFF0B1", "\uFF0D1", "\uFF20x"}) {
    EXPECT_EQ(csv::guarded(text), "'" + std::string(text)) << text;
  }
}

TEST(CsvGuarded, LeavesTheRestAlone) {
  for (const char* text :
       {"", "a=b", "Attention is all you need", "(=1)", "1-2", "\u00E9=", " a", "\"", "''"}) {
    EXPECT_EQ(csv::guarded(text), text);
  }
}

}  // namespace
}  // namespace coterie
