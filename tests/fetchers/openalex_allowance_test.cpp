#include "fetchers/sources/openalex_allowance.hpp"

#include <gtest/gtest.h>

#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using Headers = std::map<std::string, std::string>;

std::optional<Allowance> read(const Headers& headers) {
  return openalex_allowance(test::response(200, "{}", headers));
}

TEST(OpenalexAllowance, AddsUpWhatIsLeft) {
  const auto allowance = read({{"x-ratelimit-remaining-usd", "0.9655"},
                               {"x-ratelimit-remaining", "9655"},
                               {"x-ratelimit-prepaid-remaining-usd", "2"},
                               {"x-ratelimit-onetime-remaining", "500"},
                               {"x-ratelimit-limit-usd", "1"},
                               {"x-ratelimit-cost-usd", "0.001"},
                               {"x-ratelimit-reset", "39959"}});
  ASSERT_TRUE(allowance);
  EXPECT_DOUBLE_EQ(allowance->remaining, 0.9655 + 2 + 500 * 0.0001);
  EXPECT_EQ(allowance->limit, 1.0);
  EXPECT_EQ(allowance->cost, 0.001);
  EXPECT_EQ(allowance->renewed_in, std::chrono::seconds(39959));
}

TEST(OpenalexAllowance, CreditsStandForDollars) {
  const auto allowance = read({{"x-ratelimit-remaining", "7"}, {"x-ratelimit-credits-used", "10"}});
  ASSERT_TRUE(allowance);
  EXPECT_DOUBLE_EQ(allowance->remaining, 0.0007);
  EXPECT_DOUBLE_EQ(allowance->cost.value_or(0), 0.001);
  EXPECT_FALSE(allowance->renewed_in);
}

TEST(OpenalexAllowance, NothingIsMadeUp) {
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read({{"ratelimit-remaining", "5"}}));
  for (const char* text : {"", "-1", "nan", "inf", "much", "1e99", "0x10", "1 "}) {
    EXPECT_FALSE(read({{"x-ratelimit-remaining-usd", text}})) << text;
  }
  const auto odd = read({{"x-ratelimit-remaining-usd", "1"}, {"x-ratelimit-reset", "1790000000"}});
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->renewed_in) << "seconds to midnight are no more than a day";
}

}  // namespace
}  // namespace coterie
