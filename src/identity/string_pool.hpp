#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace coterie {

/// A text of a StringPool. Numbers depend on the order of arrival, so nothing that is written may depend on
/// them.
using Text = std::uint32_t;

/// The text that is empty, in every pool.
inline constexpr Text k_no_text = 0;

/// Keeps each text once: bylines repeat names, ids and affiliations many times.
class StringPool {
 public:
  StringPool() : m_slots(1U << 12U) { m_texts.emplace_back(); }

  Text intern(std::string_view text) {
    if (text.empty()) return k_no_text;
    if (2 * m_texts.size() >= m_slots.size()) grow();
    const std::uint64_t hash = std::hash<std::string_view>()(text);
    const auto mark = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t i = hash & (m_slots.size() - 1);; i = (i + 1) & (m_slots.size() - 1)) {
      Slot& slot = m_slots[i];
      if (slot.text == k_no_text) {
        slot = {mark, static_cast<Text>(m_texts.size())};
        m_texts.emplace_back(text);
        return slot.text;
      }
      if (slot.mark == mark && m_texts[slot.text] == text) return slot.text;
    }
  }

  /// `prefix:rest`, built without an allocation when it is known already.
  Text intern(std::string_view prefix, std::string_view rest) {
    m_buffer.assign(prefix).append(":").append(rest);
    return intern(m_buffer);
  }

  [[nodiscard]] std::size_t size() const { return m_texts.size(); }
  [[nodiscard]] const std::string& operator[](Text number) const { return m_texts[number]; }

 private:
  /// Open addressing: most look-ups touch one slot, where a chain of nodes costs a cache miss each.
  struct Slot {
    std::uint32_t mark = 0;  // upper half of the hash
    Text text = k_no_text;
  };
  std::deque<std::string> m_texts;  // a deque, so that references stay valid
  std::vector<Slot> m_slots;        // a power of two, at most half full
  std::string m_buffer;

  void grow() {
    std::vector<Slot> slots(m_slots.size() * 2);
    for (Text number = 1; number < m_texts.size(); ++number) {
      const std::uint64_t hash = std::hash<std::string_view>()(m_texts[number]);
      std::size_t i = hash & (slots.size() - 1);
      while (slots[i].text != k_no_text) i = (i + 1) & (slots.size() - 1);
      slots[i] = {static_cast<std::uint32_t>(hash >> 32U), number};
    }
    m_slots = std::move(slots);
  }
};

/// A value for some of the texts of a pool: texts are numbered densely, so a vector beats a map.
template <typename Value>
class ByText {
 public:
  explicit ByText(Value none) : m_none(none) {}

  [[nodiscard]] const Value& operator[](Text text) const {
    return text < m_values.size() ? m_values[text] : m_none;
  }
  void set(Text text, Value value) {
    if (text >= m_values.size()) {
      m_values.resize(std::max<std::size_t>(std::size_t{text} + 1, m_values.size() * 2), m_none);
    }
    m_values[text] = value;
  }

 private:
  Value m_none;
  std::vector<Value> m_values;
};

}  // namespace coterie
