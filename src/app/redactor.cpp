#include "src/app/redactor.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace coterie {
namespace {

/// The number that `digits` hexadecimal digits at the front of the text name.
std::optional<unsigned> hexadecimal(std::string_view text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value, 16);
  if (error != std::errc() || end != text.data() + digits) return std::nullopt;
  return value;
}

/// How many bytes at the front of the text stand for the character when escapes are read; 0: none do.
std::size_t escaped_length(std::string_view text, char c) {
  const unsigned code = static_cast<unsigned char>(c);
  if (text.starts_with('%') && hexadecimal(text.substr(1), 2) == code) return 3;
  if (text.starts_with("\\u") && hexadecimal(text.substr(2), 4) == code) return 6;
  if (text.size() > 1 && text[0] == '\\' && text[1] == c) return 2;
  return !text.empty() && text[0] == c ? 1 : 0;
}

/// How many bytes at the front of the text stand for the secret; 0: none do.
std::size_t length_of(std::string_view secret, std::string_view text) {
  if (text.starts_with(secret)) return secret.size();
  std::size_t length = 0;
  for (const char c : secret) {
    const std::size_t step = escaped_length(text.substr(length), c);
    if (step == 0) return 0;
    length += step;
  }
  return length;
}

}  // namespace

void Redactor::hide(std::string_view secret) {
  constexpr std::size_t k_shortest = 4;
  const bool known = std::find(m_secrets.begin(), m_secrets.end(), secret) != m_secrets.end();
  if (secret.size() >= k_shortest && !known) m_secrets.emplace_back(secret);
  // The longest first, should one be part of another.
  std::stable_sort(m_secrets.begin(), m_secrets.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::redacted(std::string_view text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    for (const std::string& secret : m_secrets) {
      length = length_of(secret, text.substr(at));
      if (length > 0) break;
    }
    if (length > 0) {
      result += "(key)";
      at += length;
    } else {
      result += text[at++];
    }
  }
  return result;
}

}  // namespace coterie
