#include "fetchers/refusal_text.hpp"

#include <gtest/gtest.h>

namespace coterie {
namespace {

const std::string k_key = "canary-5f3a+Zq/81";

struct Case {
  const char* name;
  std::string text;
  std::string shown;
};

TEST(WithoutKey, FindsTheKeyHoweverItIsWritten) {
  const Case cases[] = {
      {"plain", "key " + k_key + " is bad", "key (key) is bad"},
      {"twice", k_key + k_key, "(key)(key)"},
      {"percent-encoded", "?api_key=canary-5f3a%2BZq%2F81&x=1", "?api_key=(key)&x=1"},
      {"percent-encoded in lower case", "canary-5f3a%2bZq%2f81", "(key)"},
      {"percent-encoded throughout", "%63%61%6e%61%72%79%2D%35%66%33%61%2B%5a%71%2F%38%31", "(key)"},
      {"escaped as in JSON", R"(canary\u002d5f3a+Zq\/81)", "(key)"},
      {"escaped as in HTML", "canary&#45;5f3a&#x2B;Zq&#x2f;81", "(key)"},
      {"broken by a line end", "canary-5f\r\n 3a+Zq/81", "(key)"},
      {"broken by an escaped line end", R"(canary-5f\n3a+Zq/81)", "(key)"},
      {"broken by quotes", R"("canary-5f" "3a+Zq/81" end)", "\"(key)\" end"},
      {"broken by what is not seen", "canary-\u200b5f3a\u00ad+Zq/81", "(key)"},
      {"its first part", "canary-5f3a...", "(key)..."},
      {"its last part", "...f3a+Zq/81", "...(key)"},
      {"its middle", "(nary-5f3a+Z)", "((key))"},
      {"in two parts", "canary-5f: 3a+Zq/81", "(key): 3a+Zq/81"},
      {"less than half of it", "canary-5 and a+Zq/81", "canary-5 and a+Zq/81"},
      {"something else", "a canary sang; status 42", "a canary sang; status 42"},
      {"nothing", "", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(without_key(c.text, k_key), c.shown) << c.name;
}

TEST(WithoutKey, WithoutAKeyNothingChanges) { EXPECT_EQ(without_key("a b", ""), "a b"); }

TEST(WithoutKey, AKeyWithAPercentSignIsFound) {
  EXPECT_EQ(without_key("x 9%2B8 x 9%252B8 x", "9%2B8"), "x (key) x (key) x");
}

TEST(WithoutKey, AShortKeyIsFoundWholeOnly) {
  EXPECT_EQ(without_key("too good to be true", "good"), "too (key) to be true");
}

TEST(RefusalText, TakesTheKeyOutBeforeShortening) {
  for (std::size_t filler = 270; filler <= 310; ++filler) {
    const std::string told = refusal_text(std::string(filler, '.') + k_key + " tail", k_key);
    EXPECT_EQ(told.find("canary"), std::string::npos) << filler;
    EXPECT_LE(told.size(), 303u);
  }
}

TEST(RefusalText, TakesOutAKeyThatTheReadingLimitCuts) {
  constexpr std::size_t k_most_read = 64 << 10;
  for (std::size_t kept = 1; kept <= k_key.size(); ++kept) {
    // Spaces fold into one, so that the limit on what is read is met and not the one on what is shown.
    const std::string told = refusal_text(std::string(k_most_read - kept, ' ') + k_key, k_key);
    if (2 * kept > k_key.size()) {
      EXPECT_EQ(told.find("canary-5f"), std::string::npos) << kept << ": " << told;
    }
  }
}

TEST(RefusalText, IsOneLineOfPrintableText) {
  EXPECT_EQ(refusal_text("a\n\n b\x1b[31m\u202e", ""), "a b [31m\\u202e");
}

}  // namespace
}  // namespace coterie
