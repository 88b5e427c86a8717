#pragma once

#include <cstdint>
#include <string_view>

namespace coterie::dataset {

/// The first 64 bits of the SHA-256 of the content, never 0. Two contents that share them are possible, but
/// nobody can make many of them on purpose. \see FIPS 180-4
[[nodiscard]] std::int64_t digest_of(std::string_view content);

}  // namespace coterie::dataset
