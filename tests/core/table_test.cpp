#include "coterie/table.hpp"

#include <gtest/gtest.h>

#include "coterie/error.hpp"

namespace coterie {
namespace {

Table two_columns() {
  Table table{"people", "one line per person", {"key"}, {}};
  table.add_text("key", "key").values = Column::Texts{"a", "b"};
  table.add_integer("works", "works", "works").values = Column::Integers{1, 2};
  return table;
}

void expect_bug(const Table& table, const char* part) {
  try {
    check(table);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bug);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Table, SoundTablesPass) {
  const Table table = two_columns();
  EXPECT_NO_THROW(check(table));
  EXPECT_EQ(table.rows(), 2u);
  EXPECT_NE(table.column("works"), nullptr);
  EXPECT_EQ(table.column("work"), nullptr);
}

TEST(Table, UnevenColumnsRepeatedIdsAndOddNamesAreBugs) {
  Table uneven = two_columns();
  std::get<Column::Integers>(uneven.columns[1].values).pop_back();
  expect_bug(uneven, "has 1 cells");
  Table repeated = two_columns();
  repeated.columns[1].id = "key";
  expect_bug(repeated, "stands twice");
  Table odd = two_columns();
  odd.columns[1].id = "Works";
  expect_bug(odd, "snake_case");
  Table keyless = two_columns();
  keyless.key = {"name"};
  expect_bug(keyless, "no key column 'name'");
}

TEST(Table, ColumnsStayWhereTheyAreWhileOthersAreAdded) {
  Table table{"t", "", {}, {}};
  Column& first = table.add_text("a", "");
  for (int i = 0; i < 50; ++i) table.add_real("r" + std::to_string(i), "");
  EXPECT_EQ(&first, &table.columns.front());
}

}  // namespace
}  // namespace coterie
