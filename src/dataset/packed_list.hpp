#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coterie::dataset {

/// A list of texts in one column: each text is followed by a line feed; a line feed inside a text is written
/// `\n` and a backslash `\\`. Loss-free for every list, the empty one and empty texts included. \complexity
/// O(length)
[[nodiscard]] std::string packed(const std::vector<std::string>& list);

/// The list that packed() wrote. Of a damaged text it gives what can be read.
[[nodiscard]] std::vector<std::string> unpacked(std::string_view text);

}  // namespace coterie::dataset
