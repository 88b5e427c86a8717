#include "fetchers/refusal_text.hpp"

#include "coterie/util/text.hpp"
#include "fetchers/http_url.hpp"

namespace coterie {
namespace {

void take_out(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "(key)");
    at += 5;
  }
}

/// The front of a UTF-8 text, cut between characters.
std::string shortened(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  while (longest > 0 && (text[longest] & 0xC0) == 0x80) --longest;
  return text.substr(0, longest) + "...";
}

}  // namespace

std::string refusal_text(std::string_view said, const std::string& key) {
  constexpr std::size_t k_most_read = 64 << 10;
  constexpr std::size_t k_longest = 300;
  std::string text(said.substr(0, k_most_read));
  take_out(text, key);
  take_out(text, percent_encoded(key));
  return text::printable(shortened(text::single_spaced(text), k_longest));
}

}  // namespace coterie
