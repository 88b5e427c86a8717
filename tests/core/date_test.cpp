#include "coterie/date.hpp"

#include <gtest/gtest.h>

namespace coterie {
namespace {

TEST(Date, OnlyRealDaysAreRead) {
  EXPECT_EQ(parse_date("2025-01-22"), (Date{2025, 1, 22}));
  EXPECT_EQ(parse_date("2024-02-29T10:00:00"), (Date{2024, 2, 29}));
  for (const char* text :
       {"2023-02-29", "2025-13-01", "2025-1-22", "22.01.2025", "", "2025-01-2x", "-025-01-22"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

// 2026-11-23: 20454 days after 1970-01-01 are 2026-01-01; 326 further days; 3 h 17 min are 11820 s.
TEST(Date, TimestampsGoBothWays) {
  const std::int64_t moment = (20454LL + 326) * 86400 + 11820;
  EXPECT_EQ(utc_timestamp(moment), "2026-11-23T03:17:00Z");
  EXPECT_EQ(utc_file_stamp(moment), "2026-11-23T031700Z");
  EXPECT_EQ(parse_utc_timestamp("2026-11-23T03:17:00Z"), moment);
  EXPECT_EQ(parse_utc_timestamp("1970-01-01T00:00:00Z"), 0);
  for (const char* text :
       {"2026-11-23", "2026-11-23T25:00:00Z", "2026-11-23T03:17:00", "2026-02-30T03:17:00Z"}) {
    EXPECT_EQ(parse_utc_timestamp(text), std::nullopt) << text;
  }
}

TEST(Window, EndsAreIncludedAndMayBeOpen) {
  const Window window{2012, 2025};
  EXPECT_TRUE(window.contains(2012));
  EXPECT_TRUE(window.contains(2025));
  EXPECT_FALSE(window.contains(2011));
  EXPECT_FALSE(window.contains(2026));
  EXPECT_TRUE((Window{std::nullopt, 2025}).contains(1950));
  EXPECT_TRUE(Window{}.open());
}

}  // namespace
}  // namespace coterie
