#include "src/identity/names.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "coterie/util/text.hpp"
#include "coterie/who_is_who.hpp"

namespace coterie {
namespace {

/// What stands in bylines in the place of people, as name_key() gives it: "et al" and its misreading "AL, E",
/// "and others", and the teams that print their bare name.
constexpr std::array<std::string_view, 9> k_collectives{
    "al et", "al e", "others", "and others", "qwen", "deepseek", "ai deepseek", "openai", "anonymous"};

/// A name that ends so is a body: "Qwen Team", "ATLAS Collaboration". Only the last word tells: somebody may
/// be called Team Lee.
constexpr std::array<std::string_view, 8> k_bodies{"team",       "teams", "collaboration", "collaborations",
                                                   "consortium", "group", "committee",     "initiative"};

/// "Zhipu-AI": one word that ends in capitals after a hyphen, which a given name like Xiao-Ai does not.
bool is_laboratory(std::string_view name) {
  name = text::trimmed(name);
  if (!name.ends_with("AI") || name.find(' ') != std::string_view::npos) return false;
  name.remove_suffix(2);
  return name.size() > 1 && (name.ends_with('-') || name.ends_with("\u2010") || name.ends_with("\u2011"));
}

bool has_letter(std::string_view folded) {
  return std::any_of(folded.begin(), folded.end(), [](char c) { return c != ' ' && (c < '0' || c > '9'); });
}

std::string key_of(std::string_view folded) {
  if (!has_letter(folded)) return {};
  std::vector<std::string_view> tokens;
  std::string_view rest = folded;
  while (!rest.empty()) {
    const std::size_t end = rest.find(' ');
    tokens.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  std::sort(tokens.begin(), tokens.end());
  std::string key;
  key.reserve(folded.size());
  for (const std::string_view token : tokens) {
    if (!key.empty()) key += ' ';
    key += token;
  }
  return key;
}

}  // namespace

NameParts name_parts(std::string_view name) {
  const std::string folded = text::folded(name);
  NameParts parts{key_of(folded), false};
  const std::string_view last = std::string_view(folded).substr(folded.rfind(' ') + 1);
  parts.collective =
      parts.key.empty() ||
      std::find(k_collectives.begin(), k_collectives.end(), parts.key) != k_collectives.end() ||
      std::find(k_bodies.begin(), k_bodies.end(), last) != k_bodies.end() || is_laboratory(name);
  return parts;
}

std::string name_key(std::string_view name) { return key_of(text::folded(name)); }

bool is_collective(std::string_view name) { return name_parts(name).collective; }

}  // namespace coterie
