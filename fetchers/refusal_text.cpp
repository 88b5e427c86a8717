#include "fetchers/refusal_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

/// Parts shorter than this are too common in sentences.
constexpr std::size_t k_shortest_part = 8;

/// A character as it is written somewhere in a text.
struct Written {
  std::uint32_t character = 0;
  std::size_t length = 0;  // of its writing; 0: nothing is written so
};

/// A number of so many digits (0: as many as there are) behind `start`, with `end` behind it.
Written numbered(std::string_view text, std::string_view start, int base, std::size_t digits,
                 std::string_view end) {
  if (!text.starts_with(start)) return {};
  const std::string_view rest = text.substr(start.size(), digits == 0 ? 8 : digits);
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
  const auto length = static_cast<std::size_t>(stop - rest.data());
  if (error != std::errc() || (digits != 0 && length != digits)) return {};
  if (!text.substr(start.size() + length).starts_with(end)) return {};
  return {number, start.size() + length + end.size()};
}

/// The escaped character at the front, in whichever manner.
Written escaped(std::string_view text) {
  if (text.empty() || (text[0] != '%' && text[0] != '\\' && text[0] != '&')) return {};
  for (const Written& written : {numbered(text, "%", 16, 2, ""), numbered(text, "\\u", 16, 4, ""),
                                 numbered(text, "\\x", 16, 2, ""), numbered(text, "&#x", 16, 0, ";"),
                                 numbered(text, "&#X", 16, 0, ";"), numbered(text, "&#", 10, 0, ";")}) {
    if (written.length > 0) return written;
  }
  constexpr std::pair<std::string_view, char> k_named[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"\\n", '\n'},
      {"\\r", '\r'},  {"\\t", '\t'}, {"\\/", '/'},  {"\\\"", '"'},   {"\\\\", '\\'}};
  for (const auto& [writing, character] : k_named) {
    if (text.starts_with(writing)) return {static_cast<unsigned char>(character), writing.size()};
  }
  return {};
}

/// Length of what may break a key without changing it: space, line end, control, quote.
std::size_t break_length(std::string_view text) {
  const auto breaks = [](std::uint32_t c) { return c <= 0x20 || c == 0x7f || c == '"' || c == '\''; };
  if (const Written written = escaped(text); written.length > 0) {
    return breaks(written.character) ? written.length : 0;
  }
  for (const std::string_view unseen : {"\u00ad", "\u200b", "\u2060", "\ufeff"}) {
    if (text.starts_with(unseen)) return unseen.size();
  }
  return !text.empty() && breaks(static_cast<unsigned char>(text[0])) ? 1 : 0;
}

/// Length of the writing of `c` at the front; 0 if something else stands there.
std::size_t writing_of(std::string_view text, char c) {
  const Written written = escaped(text);
  if (written.length > 0 && written.character == static_cast<unsigned char>(c)) return written.length;
  return !text.empty() && text[0] == c ? 1 : 0;
}

/// Length of the front of the text that writes the longest part of the key; 0 if it is less than half of it.
std::size_t key_length(std::string_view text, std::string_view key) {
  const std::size_t enough = std::min(key.size(), std::max(k_shortest_part, (key.size() + 1) / 2));
  std::size_t longest = 0;
  for (std::size_t start = 0; start + enough <= key.size(); ++start) {
    std::size_t at = 0;
    std::size_t found = 0;
    while (start + found < key.size() && at < text.size()) {
      std::size_t length = writing_of(text.substr(at), key[start + found]);
      if (length > 0) {
        at += length;
        if (++found >= enough) longest = std::max(longest, at);
      } else if (found == 0 || (length = break_length(text.substr(at))) == 0) {
        break;
      } else {
        at += length;
      }
    }
  }
  return longest;
}

/// The front of a UTF-8 text, cut between characters.
std::string shortened(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  while (longest > 0 && (text[longest] & 0xC0) == 0x80) --longest;
  return text.substr(0, longest) + "...";
}

}  // namespace

std::string without_key(std::string_view text, const std::string& key) {
  if (key.empty()) return std::string(text);
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t length = key_length(text.substr(at), key); length > 0) {
      clean += "(key)";
      at += length;
    } else {
      clean += text[at++];
    }
  }
  return clean;
}

std::string refusal_text(std::string_view said, const std::string& key) {
  constexpr std::size_t k_most_read = 64 << 10;
  constexpr std::size_t k_longest = 300;
  // A key that this cuts leaves less than half of itself, or is found by the half that is left.
  const std::string text = without_key(said.substr(0, k_most_read), key);
  return text::printable(shortened(text::single_spaced(text), k_longest));
}

}  // namespace coterie
