#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coterie {

/// Takes secrets out of texts that people or files will see.
class Redactor {
 public:
  /// From now on the secret becomes `(key)`. Secrets of fewer than 4 characters are none, and are left alone.
  void hide(std::string_view secret);

  /// The text with every secret in it replaced, written as it is, percent-encoded or escaped as in JSON, each
  /// character in its own way. Texts must come here before they are shortened.
  [[nodiscard]] std::string redacted(std::string_view text) const;

 private:
  std::vector<std::string> m_secrets;
};

}  // namespace coterie
