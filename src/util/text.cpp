#include "coterie/util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "coterie/util/sha256.hpp"
#include "src/util/utf8.hpp"

namespace coterie::text {
namespace {

constexpr std::string_view k_no_break_space = "\xC2\xA0";

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edit distance in which a swap of neighbours costs one, and no part of the text is edited twice.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

/// Characters that reorder or hide the text around them, and line ends that terminals may obey.
bool changes_layout(char32_t value) {
  return value == 0x061C || value == 0x200E || value == 0x200F || (value >= 0x2028 && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069);
}

void append_escape(std::string& result, char32_t value) {
  switch (value) {
    case '\n':
      result += "\\n";
      return;
    case '\r':
      result += "\\r";
      return;
    case '\t':
      result += "\\t";
      return;
    default:
      result += value < 0x80 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(value))
                             : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
  }
}

}  // namespace

std::optional<std::size_t> first_bad_utf8(std::string_view text) {
  constexpr std::uint64_t k_high_bits = 0x8080808080808080U;
  std::size_t offset = 0;
  while (offset < text.size()) {
    if (text.size() - offset >= sizeof(std::uint64_t)) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + offset, sizeof(eight));
      if ((eight & k_high_bits) == 0) {
        offset += sizeof(eight);
        continue;
      }
    }
    const utf8::CodePoint point = utf8::at(text, offset);
    if (!point.valid) return offset;
    offset += point.length;
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    if (is_ascii_space(text.front())) {
      text.remove_prefix(1);
    } else if (text.starts_with(k_no_break_space)) {
      text.remove_prefix(k_no_break_space.size());
    } else {
      break;
    }
  }
  while (!text.empty()) {
    if (is_ascii_space(text.back())) {
      text.remove_suffix(1);
    } else if (text.ends_with(k_no_break_space)) {
      text.remove_suffix(k_no_break_space.size());
    } else {
      break;
    }
  }
  return text;
}

std::string single_spaced(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool gap = false;
  for (std::size_t offset = 0; offset < text.size();) {
    const utf8::CodePoint point = utf8::at(text, offset);
    if (point.valid && (utf8::is_white_space(point.value) || utf8::is_control(point.value))) {
      gap = true;
    } else {
      if (gap && !result.empty()) result += ' ';
      gap = false;
      result += text.substr(offset, point.length);
    }
    offset += point.length;
  }
  return result;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += separator;
    result += parts[i];
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_ascii);
  return result;
}

bool contains_words(std::string_view haystack, std::string_view needle) {
  if (needle.empty()) return false;
  for (std::size_t at = haystack.find(needle); at != std::string_view::npos;
       at = haystack.find(needle, at + 1)) {
    const std::size_t end = at + needle.size();
    if ((at == 0 || haystack[at - 1] == ' ') && (end == haystack.size() || haystack[end] == ' ')) return true;
  }
  return false;
}

std::optional<std::string> nearest(std::string_view text, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(text.size(), candidate.size());
    const std::size_t shorter = std::min(text.size(), candidate.size());
    // The difference in length is a lower bound of the distance; it also keeps hostile lengths cheap.
    if (shorter == 0 || 3 * (longer - shorter) > longer) continue;
    const std::size_t distance = edit_distance(text, candidate);
    if (3 * distance > longer) continue;
    if (!best || distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const utf8::CodePoint point = utf8::at(text, offset);
    if (!point.valid) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[offset]));
    } else if (utf8::is_control(point.value) || changes_layout(point.value)) {
      append_escape(result, point.value);
    } else {
      result += text.substr(offset, point.length);
    }
    offset += point.length;
  }
  return result;
}

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

}  // namespace coterie::text
