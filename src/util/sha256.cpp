#include "coterie/util/sha256.hpp"

// The digest alone, which takes no memory. The way that OpenSSL 3 recommends sets up the whole library first,
// and crashes where memory runs out meanwhile.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <array>

namespace coterie {

struct Sha256::State {
  SHA256_CTX context{};

  State() { SHA256_Init(&context); }
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { SHA256_Update(&m_state->context, bytes.data(), bytes.size()); }

std::string Sha256::hex() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &m_state->context);
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += k_digits[byte >> 4];
    text += k_digits[byte & 15];
  }
  return text;
}

}  // namespace coterie
