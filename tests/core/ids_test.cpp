#include "coterie/ids.hpp"

#include <gtest/gtest.h>

namespace coterie {
namespace {

TEST(Ids, OpenAlexIdIsFoundInEveryForm) {
  for (const char* text : {"I4210113369", "i4210113369", "https://openalex.org/I4210113369",
                           "http://openalex.org/institutions/I4210113369",
                           " https://api.openalex.org/institutions/I4210113369 "}) {
    EXPECT_EQ(openalex_id(text, 'I'), "I4210113369") << text;
  }
  for (const char* text :
       {"", "I", "A4210113369", "I42x", "https://example.org/I4210113369", "I123456789012345678901"}) {
    EXPECT_EQ(openalex_id(text, 'I'), std::nullopt) << text;
  }
}

// The check digit of ISO 7064 MOD 11-2 by hand for 0000-0002-1825-009?: the running total over the 15 digits,
// doubled after each, is 1314; 12 - 1314 % 11 = 12 - 5 = 7.
TEST(Ids, OrcidVerifiesItsCheckDigit) {
  EXPECT_EQ(orcid("0000-0002-1825-0097"), "0000-0002-1825-0097");
  EXPECT_EQ(orcid("https://orcid.org/0000-0002-1825-0097"), "0000-0002-1825-0097");
  EXPECT_EQ(orcid("0000000218250097"), "0000-0002-1825-0097");
  EXPECT_EQ(orcid("0000-0002-1694-233x"), "0000-0002-1694-233X");
  for (char digit = '0'; digit <= '9'; ++digit) {
    const std::string text = std::string("0000-0002-1825-009") + digit;
    EXPECT_EQ(orcid(text).has_value(), digit == '7') << text;
  }
  EXPECT_EQ(orcid("0000-0002-1825-00970"), std::nullopt);
  EXPECT_EQ(orcid("0000_0002_1825_0097"), std::nullopt);
  EXPECT_EQ(orcid("0000-000X-1825-0097"), std::nullopt);
}

TEST(Ids, DoiLosesItsPrefixAndCase) {
  EXPECT_EQ(doi("https://doi.org/10.48550/arXiv.2501.12948"), "10.48550/arxiv.2501.12948");
  EXPECT_EQ(doi("doi:10.18653/V1/P18-1034"), "10.18653/v1/p18-1034");
  EXPECT_EQ(doi("http://dx.doi.org/10.1016/j.joi.2016.10.006"), "10.1016/j.joi.2016.10.006");
  for (const char* text : {"", "10.1", "10./x", "10.1016/", "11.1016/x", "10.1016/a b", "10.ab16/x"}) {
    EXPECT_EQ(doi(text), std::nullopt) << text;
  }
}

TEST(Ids, ArxivIdLosesItsVersion) {
  for (const char* text : {"2501.12948", "2501.12948v2", "arXiv:2501.12948v1",
                           "https://arxiv.org/abs/2501.12948v1", "http://arxiv.org/pdf/2501.12948v3.pdf",
                           "10.48550/arXiv.2501.12948", "https://doi.org/10.48550/arxiv.2501.12948"}) {
    EXPECT_EQ(arxiv_id(text), "2501.12948") << text;
  }
  EXPECT_EQ(arxiv_id("hep-th/9901001v2"), "hep-th/9901001");
  EXPECT_EQ(arxiv_id("math.GT/0309136"), "math.GT/0309136");
  EXPECT_EQ(arxiv_version("2104.12255v3"), 3);
  EXPECT_EQ(arxiv_version("2104.12255"), std::nullopt);
  for (const char* text : {"", "abc", "2501.129", "2501.1294899", "2501.12948w2", "https://arxiv.org/list/cs",
                           "10.1000/2501.12948"}) {
    EXPECT_EQ(arxiv_id(text), std::nullopt) << text;
  }
}

TEST(Ids, RorIsNineCharacters) {
  EXPECT_EQ(ror("https://ror.org/042nb2s44"), "042nb2s44");
  EXPECT_EQ(ror("0300M5276"), "0300m5276");
  for (const char* text : {"", "142nb2s44", "042nb2s4", "042nb2sxx", "042ub2s44"})
    EXPECT_EQ(ror(text), std::nullopt) << text;
}

}  // namespace
}  // namespace coterie
