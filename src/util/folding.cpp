#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <array>
#include <span>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "src/util/utf8.hpp"

namespace coterie::text {
namespace {

struct Spelling {
  char32_t letter;
  std::string_view ascii;
};

// Letters that Unicode does not decompose, in lower case and sorted.
constexpr std::array k_spellings = std::to_array<Spelling>({
    {U'\u00DF', "ss"}, {U'\u00E6', "ae"}, {U'\u00F0', "d"}, {U'\u00F8', "o"}, {U'\u00FE', "th"},
    {U'\u0111', "d"},  {U'\u0127', "h"},  {U'\u0131', "i"}, {U'\u0138', "k"}, {U'\u0142', "l"},
    {U'\u014B', "n"},  {U'\u0153', "oe"}, {U'\u0167', "t"}, {U'\u0180', "b"}, {U'\u0188', "c"},
    {U'\u018C', "d"},  {U'\u0192', "f"},  {U'\u0199', "k"}, {U'\u019A', "l"}, {U'\u019E', "n"},
    {U'\u01A5', "p"},  {U'\u01AD', "t"},  {U'\u01B4', "y"}, {U'\u01B6', "z"}, {U'\u01DD', "e"},
    {U'\u01E5', "g"},  {U'\u0225', "z"},  {U'\u0234', "l"}, {U'\u0235', "n"}, {U'\u0236', "t"},
    {U'\u0237', "j"},  {U'\u023C', "c"},  {U'\u0247', "e"}, {U'\u0249', "j"}, {U'\u024D', "r"},
    {U'\u024F', "y"},  {U'\u0253', "b"},  {U'\u0256', "d"}, {U'\u0257', "d"}, {U'\u0259', "e"},
    {U'\u025B', "e"},  {U'\u0260', "g"},  {U'\u0268', "i"}, {U'\u026B', "l"}, {U'\u0272', "n"},
    {U'\u0289', "u"},  {U'\u2C65', "a"},  {U'\u2C66', "t"},
});

static_assert(std::is_sorted(k_spellings.begin(), k_spellings.end(),
                             [](const Spelling& a, const Spelling& b) { return a.letter < b.letter; }));

std::string_view spelling(char32_t letter) {
  const auto found = std::lower_bound(k_spellings.begin(), k_spellings.end(), letter,
                                      [](const Spelling& s, char32_t value) { return s.letter < value; });
  return found != k_spellings.end() && found->letter == letter ? found->ascii : std::string_view();
}

const UNormalizer2& nfkd() {
  static const UNormalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* const found = unorm2_getNFKDInstance(&status);
    if (U_FAILURE(status)) {
      throw Error(ErrorKind::system, "the Unicode data of the ICU library cannot be loaded");
    }
    return found;
  }();
  return *instance;
}

bool is_ascii_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/// Takes characters in and keeps what folding leaves of them.
class Folder {
 public:
  explicit Folder(std::size_t length) { m_result.reserve(length); }

  void ascii(char32_t c) {
    if (!is_ascii_word(c)) {
      m_gap = true;
      return;
    }
    close_gap();
    m_result += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }

  void decomposed(char32_t c) {
    std::array<UChar, 64> units{};  // the longest decomposition of Unicode, U+FDFA, has 18
    UErrorCode status = U_ZERO_ERROR;
    const int32_t length = unorm2_getDecomposition(&nfkd(), static_cast<UChar32>(c), units.data(),
                                                   static_cast<int32_t>(units.size()), &status);
    if (length < 0 || U_FAILURE(status)) {
      single(c);
      return;
    }
    const std::u16string_view part(units.data(), static_cast<std::size_t>(length));
    for (std::size_t i = 0; i < part.size(); ++i) {
      char32_t value = part[i];
      if (value >= 0xD800 && value < 0xDC00 && i + 1 < part.size()) {
        value = 0x10000U + ((value - 0xD800U) << 10U) + (part[++i] - 0xDC00U);
      }
      single(value);
    }
  }

  [[nodiscard]] std::string take() { return std::move(m_result); }

 private:
  std::string m_result;
  bool m_gap = false;

  void close_gap() {
    if (m_gap && !m_result.empty()) m_result += ' ';
    m_gap = false;
  }

  void single(char32_t c) {
    if (c < 0x80) {
      ascii(c);
      return;
    }
    const auto point = static_cast<UChar32>(c);
    if ((U_GET_GC_MASK(point) & U_GC_M_MASK) != 0) return;
    if (u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return;
    // Modifier letters of this range are the apostrophes of transcriptions.
    const bool apostrophe = c >= 0x02B9 && c <= 0x02BF;
    if (apostrophe || u_isalnum(point) == 0) {
      m_gap = true;
      return;
    }
    close_gap();
    const auto folded = static_cast<char32_t>(u_foldCase(point, U_FOLD_CASE_DEFAULT));
    const std::string_view ascii_form = spelling(folded);
    if (ascii_form.empty()) {
      utf8::append(m_result, folded);
    } else {
      m_result += ascii_form;
    }
  }
};

}  // namespace

std::string folded(std::string_view text) {
  Folder folder(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const auto first = static_cast<unsigned char>(text[offset]);
    if (first < 0x80) {
      folder.ascii(first);
      ++offset;
      continue;
    }
    const utf8::CodePoint point = utf8::at(text, offset);
    folder.decomposed(point.value);
    offset += point.length;
  }
  return folder.take();
}

}  // namespace coterie::text
