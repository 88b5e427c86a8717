#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace coterie {

/// SHA-256 of bytes that come in pieces. \see FIPS 180-4
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  /// The digest in lower-case hexadecimal; nothing may be added afterwards.
  [[nodiscard]] std::string hex();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace coterie
