#pragma once

#include <string>
#include <string_view>

namespace coterie {

/// What a server said, fit for a message: the key taken out first, as it is and percent-encoded, then one
/// line of printable text, shortened.
[[nodiscard]] std::string refusal_text(std::string_view said, const std::string& key);

}  // namespace coterie
