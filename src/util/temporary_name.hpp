#pragma once

#include <filesystem>

namespace coterie {

/// A hidden name in `folder` that nobody can guess. The name is not taken yet: whoever creates it must do so
/// exclusively and ask again if it exists.
[[nodiscard]] std::filesystem::path temporary_name(const std::filesystem::path& folder);

}  // namespace coterie
