#include "coterie/ids.hpp"

#include <algorithm>
#include <charconv>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Takes `prefix` (ASCII, compared without case) off the front of `text`; false if it is not there.
bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() || text::lower(text.substr(0, prefix.size())) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes `http(s)://HOST/` off the front; false if the text is no URL of that host.
bool take_url(std::string_view& text, std::string_view host) {
  std::string_view rest = text;
  if (!take_prefix(rest, "https://") && !take_prefix(rest, "http://")) return false;
  take_prefix(rest, "www.");
  if (!take_prefix(rest, host) || rest.empty() || rest.front() != '/') return false;
  text = rest.substr(1);
  return true;
}

/// Length of the new-style (2501.12948) or old-style (hep-th/9901001) identifier at the front; 0 if there is
/// none.
std::size_t arxiv_core(std::string_view text) {
  const auto digits_from = [&](std::size_t start) {
    std::size_t end = start;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - start;
  };
  if (digits_from(0) == 4 && text.size() > 4 && text[4] == '.') {
    const std::size_t number = digits_from(5);
    return number == 4 || number == 5 ? 5 + number : 0;
  }
  std::size_t slash = 0;
  const auto archive_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  };
  while (slash < text.size() && archive_character(text[slash])) ++slash;
  if (slash == 0 || slash >= text.size() || text[slash] != '/') return 0;
  return digits_from(slash + 1) == 7 ? slash + 8 : 0;
}

/// The text without the ways in which an arXiv identifier is wrapped.
std::string_view unwrapped_arxiv(std::string_view text) {
  text = text::trimmed(text);
  if (take_url(text, "doi.org") || take_url(text, "dx.doi.org") || take_prefix(text, "doi:")) {
    return take_prefix(text, "10.48550/arxiv.") ? text : std::string_view{};
  }
  if (take_prefix(text, "10.48550/arxiv.")) return text;
  if (take_url(text, "arxiv.org") || take_url(text, "export.arxiv.org")) {
    return take_prefix(text, "abs/") || take_prefix(text, "pdf/") ? text : std::string_view{};
  }
  take_prefix(text, "arxiv:");
  return text;
}

struct ArxivParts {
  std::string_view id;
  std::optional<int> version;
};

std::optional<ArxivParts> arxiv_parts(std::string_view text) {
  text = unwrapped_arxiv(text);
  const std::size_t length = arxiv_core(text);
  if (length == 0) return std::nullopt;
  ArxivParts parts{text.substr(0, length), std::nullopt};
  std::string_view rest = text.substr(length);
  if (rest.size() > 4 && text::lower(rest.substr(rest.size() - 4)) == ".pdf") rest.remove_suffix(4);
  if (rest.empty()) return parts;
  rest.remove_prefix(rest.front() == 'v' || rest.front() == 'V' ? 1 : rest.size());
  if (!all_digits(rest) || rest.size() > 4) return std::nullopt;
  int version = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), version);
  parts.version = version;
  return parts;
}

}  // namespace

std::optional<std::string> openalex_id(std::string_view text, char letter) {
  text = text::trimmed(text);
  if (take_url(text, "openalex.org") || take_url(text, "api.openalex.org")) {
    // Older data writes https://openalex.org/works/W1.
    if (const std::size_t slash = text.rfind('/'); slash != std::string_view::npos)
      text.remove_prefix(slash + 1);
  }
  if (text.size() < 2 || text.size() > 20 || (text.front() & ~0x20) != letter) return std::nullopt;
  if (!all_digits(text.substr(1))) return std::nullopt;
  std::string id(text);
  id.front() = letter;
  return id;
}

std::optional<std::string> orcid(std::string_view text) {
  text = text::trimmed(text);
  if (!take_url(text, "orcid.org")) take_prefix(text, "orcid.org/");
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);
  const bool hyphens = text.size() == 19;
  if (!hyphens && text.size() != 16) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (hyphens && i % 5 == 4) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    digits += text[i] == 'x' ? 'X' : text[i];
  }
  if (!all_digits(std::string_view(digits).substr(0, 15)) || !(is_digit(digits[15]) || digits[15] == 'X')) {
    return std::nullopt;
  }
  int total = 0;
  for (std::size_t i = 0; i < 15; ++i) total = (total + (digits[i] - '0')) * 2;
  const int check = (12 - total % 11) % 11;
  if (digits[15] != (check == 10 ? 'X' : static_cast<char>('0' + check))) return std::nullopt;
  return digits.substr(0, 4) + '-' + digits.substr(4, 4) + '-' + digits.substr(8, 4) + '-' +
         digits.substr(12);
}

std::optional<std::string> doi(std::string_view text) {
  text = text::trimmed(text);
  if (!take_url(text, "doi.org") && !take_url(text, "dx.doi.org")) {
    if (!take_prefix(text, "doi:")) take_prefix(text, "doi.org/");
  }
  text = text::trimmed(text);
  const std::size_t slash = text.find('/');
  if (!text.starts_with("10.") || slash == std::string_view::npos || slash + 1 == text.size())
    return std::nullopt;
  const std::string_view registrant = text.substr(3, slash - 3);
  const bool sound =
      std::all_of(registrant.begin(), registrant.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (registrant.size() < 4 || !sound) return std::nullopt;
  const bool control =
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (control) return std::nullopt;
  return text::lower(text);
}

std::optional<std::string> arxiv_id(std::string_view text) {
  const auto parts = arxiv_parts(text);
  if (!parts) return std::nullopt;
  return std::string(parts->id);
}

std::optional<int> arxiv_version(std::string_view text) {
  const auto parts = arxiv_parts(text);
  return parts ? parts->version : std::nullopt;
}

std::optional<std::string> ror(std::string_view text) {
  text = text::trimmed(text);
  if (!take_url(text, "ror.org")) take_prefix(text, "ror.org/");
  // 0, six characters of Crockford's base 32, two check digits.
  if (text.size() != 9 || text.front() != '0' || !all_digits(text.substr(7))) return std::nullopt;
  std::string id = text::lower(text);
  const bool sound = std::all_of(id.begin(), id.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u');
  });
  if (!sound) return std::nullopt;
  return id;
}

}  // namespace coterie
