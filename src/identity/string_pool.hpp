#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace coterie {

/// A text of a StringPool. Numbers depend on the order of arrival, so nothing that is written may depend on
/// them.
using Text = std::uint32_t;

/// The text that is empty, in every pool.
inline constexpr Text k_no_text = 0;

/// Keeps each text once: bylines repeat names, ids and affiliations many times.
class StringPool {
 public:
  StringPool() { intern(""); }

  Text intern(std::string_view text) {
    if (const auto found = m_numbers.find(text); found != m_numbers.end()) return found->second;
    const auto number = static_cast<Text>(m_texts.size());
    m_numbers.emplace(m_texts.emplace_back(text), number);
    return number;
  }

  /// `prefix:rest`, built without an allocation when it is known already.
  Text intern(std::string_view prefix, std::string_view rest) {
    m_buffer.assign(prefix).append(":").append(rest);
    return intern(m_buffer);
  }

  [[nodiscard]] const std::string& operator[](Text number) const { return m_texts[number]; }

 private:
  std::deque<std::string> m_texts;  // a deque, so that the views of the map stay valid
  std::unordered_map<std::string_view, Text> m_numbers;
  std::string m_buffer;
};

}  // namespace coterie
