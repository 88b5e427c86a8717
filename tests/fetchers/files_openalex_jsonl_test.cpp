#include <gtest/gtest.h>

#include "tests/fetchers/files_support.hpp"

namespace coterie::test {
namespace {

TEST(OpenalexJsonl, WorksAreReadAndACutBylineStaysMarked) {
  const Reading reading = read_text(gzipped(
      R"({"id":"https://openalex.org/W11","title":"One","publication_year":2024,"authorships":[{"author":{"id":"https://openalex.org/A1","display_name":"Ann Bee"},"raw_author_name":"A. Bee","institutions":[]}]})"
      "\n"
      R"({"id":"https://openalex.org/W12","title":"Two","is_authors_truncated":true,"authorships":[{"author":{"id":null},"raw_author_name":"C. Dee","institutions":[]}]})"
      "\n"));
  ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.result.format, "openalex-jsonl");
  ASSERT_EQ(reading.works.size(), 2U);
  EXPECT_EQ(reading.works[0].source, "openalex");
  EXPECT_EQ(reading.works[0].id, "W11");
  EXPECT_EQ(reading.works[0].year, 2024);
  ASSERT_EQ(reading.works[0].authorships.size(), 1U);
  EXPECT_EQ(reading.works[0].authorships[0].author_id, "A1");
  EXPECT_EQ(reading.works[0].authorships[0].raw_name, "A. Bee");
  EXPECT_FALSE(reading.works[0].byline_truncated);
  EXPECT_TRUE(reading.works[1].byline_truncated);
  EXPECT_EQ(reading.works[1].authorships[0].author_id, "");
}

TEST(OpenalexJsonl, ARecordWithoutAWorkIdIsRejected) {
  const Reading reading = read_text(
      "{\"id\":\"https://openalex.org/W11\"}\n{\"id\":\"https://openalex.org/"
      "A5000000001\"}\n{\"title\":\"x\"}\n"
      "{\"id\":\"https://openalex.org/W13\",\"authorships\":7}\n{\"id\":\"https://openalex.org/W14\"}\n");
  ASSERT_FALSE(reading.error.has_value()) << reading.error->what();
  EXPECT_EQ(reading.works.size(), 2U);
  std::vector<std::size_t> lines;
  for (const Rejected& rejected : reading.result.rejected) lines.push_back(rejected.line);
  EXPECT_EQ(lines, (std::vector<std::size_t>{2, 3, 4}));
}

}  // namespace
}  // namespace coterie::test
