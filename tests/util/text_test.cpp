#include "coterie/util/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "coterie/util/sha256.hpp"

namespace coterie {
namespace {

TEST(Folded, AsciiIsLowered) {
  EXPECT_EQ(text::folded("Daya GUO"), "daya guo");
  EXPECT_EQ(text::folded("  Guo,  Daya. "), "guo daya");
  EXPECT_EQ(text::folded("GPT-4"), "gpt 4");
  EXPECT_EQ(text::folded(""), "");
  EXPECT_EQ(text::folded("-.,"), "");
}

TEST(Folded, MarksAndCompatibilityFormsFall) {
  EXPECT_EQ(text::folded("Müller"), "muller");
  EXPECT_EQ(text::folded("Mu\u0308ller"), "muller");        // decomposed
  EXPECT_EQ(text::folded("Nguyễn Thị"), "nguyen thi");      // two marks on one letter
  EXPECT_EQ(text::folded("ＭＳＲ　Ａｓｉａ"), "msr asia");  // full width, ideographic space
  EXPECT_EQ(text::folded("ﬁne"), "fine");
  EXPECT_EQ(text::folded("İstanbul"), "istanbul");
  EXPECT_EQ(text::folded("H₂O²"), "h2o2");
}

TEST(Folded, LettersWithoutDecompositionAreSpelled) {
  EXPECT_EQ(text::folded("Øyvind Łukasz Đorđe Weiß Æsir Þór Ðísa"),
            "oyvind lukasz dorde weiss aesir thor disa");
  EXPECT_EQ(text::folded("WEIẞ ıŒœ Ħ"), "weiss ioeoe h");
}

TEST(Folded, PunctuationOfNamesSeparates) {
  for (const char* apostrophe : {"'", "\u2019", "\u02BC", "`", "\u00B4"}) {
    EXPECT_EQ(text::folded("O" + std::string(apostrophe) + "Brien"), "o brien") << apostrophe;
  }
  for (const char* hyphen : {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015"}) {
    EXPECT_EQ(text::folded("Jian" + std::string(hyphen) + "Guang"), "jian guang") << hyphen;
  }
}

TEST(Folded, InvisibleCharactersDoNotSeparate) {
  EXPECT_EQ(text::folded("Da\u00ADya"), "daya");  // soft hyphen
  EXPECT_EQ(text::folded("Da\u200Bya\uFE0F"), "daya");
}

TEST(Folded, OtherScriptsKeepTheirLetters) {
  EXPECT_EQ(text::folded("郭达雅"), "郭达雅");
  EXPECT_EQ(text::folded("ИВАНОВ"), "иванов");
  EXPECT_EQ(text::folded("ΣΟΦΟΣ"), text::folded("σοφος"));
  EXPECT_EQ(text::folded("\U00010400"), "\U00010428");  // beyond the basic plane: Deseret capital and small
}

TEST(Folded, BadBytesSeparateAndNothingIsLost) {
  EXPECT_EQ(text::folded("a\xFF\xFE"
                         "b"),
            "a b");
  EXPECT_EQ(text::folded("a\xC3"), "a");
  EXPECT_EQ(text::folded("\xED\xA0\x80x"), "x");  // a surrogate
}

TEST(Folded, IsIdempotent) {
  for (const char* name : {"Łukasz  Müller-O'Brien", "郭 达雅", "ﬃ ß ẞ", "ΣΟΦΟΣ", "İı", "\uFDFA", "가나"}) {
    const std::string once = text::folded(name);
    EXPECT_EQ(text::folded(once), once) << name;
  }
}

TEST(FirstBadUtf8, FindsTheFirst) {
  EXPECT_EQ(text::first_bad_utf8(""), std::nullopt);
  EXPECT_EQ(text::first_bad_utf8("plain ASCII of some length"), std::nullopt);
  EXPECT_EQ(text::first_bad_utf8("é\u0800\uFFFF\U00010000\U0010FFFF"), std::nullopt);
  EXPECT_EQ(text::first_bad_utf8("0123456789\xFF"), 10U);
  EXPECT_EQ(text::first_bad_utf8("\xC0\xAF"), 0U);             // overlong
  EXPECT_EQ(text::first_bad_utf8("x\xE0\x80\xAF"), 1U);        // overlong
  EXPECT_EQ(text::first_bad_utf8("\xF0\x8F\xBF\xBF"), 0U);     // overlong
  EXPECT_EQ(text::first_bad_utf8("\xED\xBF\xBF"), 0U);         // surrogate
  EXPECT_EQ(text::first_bad_utf8("\xF4\x90\x80\x80"), 0U);     // above U+10FFFF
  EXPECT_EQ(text::first_bad_utf8("ab\xE2\x82"), 2U);           // cut
  EXPECT_EQ(text::first_bad_utf8("\x80"), 0U);                 // continuation alone
  EXPECT_EQ(text::first_bad_utf8("1234567\xC3\xA9\xC3"), 9U);  // across the step of eight
}

TEST(Trimmed, TakesOffBothEnds) {
  EXPECT_EQ(text::trimmed(" \t\r\n\v\f\u00A0x y\u00A0 "), "x y");
  EXPECT_EQ(text::trimmed(" \u00A0 "), "");
  EXPECT_EQ(text::trimmed("à"), "à");  // its second byte is that of the no-break space
}

TEST(SingleSpaced, JoinsRuns) {
  EXPECT_EQ(text::single_spaced("  A \n\t B\u2003\u3000C\x01\x7F"
                                "D\u0085 "),
            "A B C D");
  EXPECT_EQ(text::single_spaced("\n"), "");
  EXPECT_EQ(text::single_spaced("a\xFFz"), "a\xFFz");
}

TEST(Split, LeavesEmptyPartsOut) {
  EXPECT_EQ(text::split(" a ;; b;", ';'), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(text::split("", ';').empty());
  EXPECT_TRUE(text::split(" ; ", ';').empty());
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(text::join(std::vector<std::string>{"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(text::join({}, ", "), "");
}

TEST(Lower, ChangesAsciiOnly) { EXPECT_EQ(text::lower("AZ[É"), "az[É"); }

TEST(ContainsWords, WantsWholeWords) {
  EXPECT_TRUE(text::contains_words("microsoft research asia beijing", "research asia"));
  EXPECT_TRUE(text::contains_words("research asia", "research asia"));
  EXPECT_FALSE(text::contains_words("microsoft research asian", "research asia"));
  EXPECT_FALSE(text::contains_words("eresearch asia", "research asia"));
  EXPECT_TRUE(text::contains_words("xpku pku", "pku"));  // a first hit inside a word hides no later one
  EXPECT_FALSE(text::contains_words("anything", ""));
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> known{"counting", "normalisation", "metrics"};
  EXPECT_EQ(text::nearest("metrcis", known), "metrics");  // one swap
  EXPECT_EQ(text::nearest("normalization", known), "normalisation");
  EXPECT_EQ(text::nearest("count", known), std::nullopt);  // 3 of 8 characters are missing, more than a third
  EXPECT_EQ(text::nearest("xyz", known), std::nullopt);
  EXPECT_EQ(text::nearest("", known), std::nullopt);
  EXPECT_EQ(text::nearest("", std::vector<std::string>{""}), std::nullopt);
  EXPECT_EQ(text::nearest(std::string(1U << 20U, 'a'), known), std::nullopt);
}

TEST(Nearest, TakesTheFirstOfEqualOnes) {
  EXPECT_EQ(text::nearest("cat", std::vector<std::string>{"bat", "cot", "cab"}), "bat");
  EXPECT_EQ(text::nearest("cat", std::vector<std::string>{"bat", "cat"}), "cat");
}

TEST(Printable, EscapesWhatTerminalsObey) {
  EXPECT_EQ(text::printable("a\x1B]52;c;x\x07"), "a\\x1b]52;c;x\\x07");
  EXPECT_EQ(text::printable("\u009B31m"), "\\u009b31m");
  EXPECT_EQ(text::printable("x\u202Ey\u2066z\u2069"), "x\\u202ey\\u2066z\\u2069");
  EXPECT_EQ(text::printable("\n2026 INFO ok\r\t\x7F"), "\\n2026 INFO ok\\r\\t\\x7f");
  EXPECT_EQ(text::printable("\xFF"), "\\xff");
  EXPECT_EQ(text::printable("Łukasz 郭 ok"), "Łukasz 郭 ok");
  EXPECT_EQ(text::printable(std::string_view("\0", 1)), "\\x00");
}

// The three messages are the examples of FIPS 180-4's companion "SHA Test Vectors" (empty, one block, two
// blocks).
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(text::sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(text::sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(text::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, PiecesEqualTheWhole) {
  Sha256 digest;
  digest.update("a");
  digest.update("");
  digest.update("bc");
  EXPECT_EQ(digest.hex(), text::sha256("abc"));
}

}  // namespace
}  // namespace coterie
