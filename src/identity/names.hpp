#pragma once

#include <string>
#include <string_view>

namespace coterie {

/// What a printed name says; name_key() and is_collective() in one go.
struct NameParts {
  std::string key;
  bool collective = false;
};

[[nodiscard]] NameParts name_parts(std::string_view name);

}  // namespace coterie
