#pragma once

#include <string>
#include <string_view>

namespace coterie {

/// The text with `(key)` in the place of the key, and of half of it or more.
///
/// Found too are keys that are percent-encoded, escaped as in JSON or HTML, broken by spaces, line ends or
/// quotes, and what is left of one that was cut. Less than half of a key opens nothing.
/// \complexity O(length of the text x length of the key)
[[nodiscard]] std::string without_key(std::string_view text, const std::string& key);

/// What a server said, fit for a message: the key taken out first, then one line of printable text,
/// shortened.
[[nodiscard]] std::string refusal_text(std::string_view said, const std::string& key);

}  // namespace coterie
