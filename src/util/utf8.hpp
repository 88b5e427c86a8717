#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coterie::utf8 {

/// A code point and the bytes it took. Bytes that are not well-formed UTF-8 are taken one at a time: `valid`
/// is then false and `value` U+FFFD.
struct CodePoint {
  char32_t value = U'\uFFFD';
  std::size_t length = 1;
  bool valid = false;
};

/// The code point that begins at `offset`, which must be inside the text. Overlong forms, surrogates and
/// values above U+10FFFF are not well-formed. \see Unicode 15, table 3-7
[[nodiscard]] CodePoint at(std::string_view text, std::size_t offset);

/// Appends the code point in UTF-8.
void append(std::string& text, char32_t value);

/// Whether Unicode gives the code point the property White_Space.
[[nodiscard]] bool is_white_space(char32_t value);

/// Whether it is a control character: C0, DEL or C1.
[[nodiscard]] bool is_control(char32_t value);

}  // namespace coterie::utf8
