#pragma once

#include <string>
#include <string_view>

#include "coterie/writer.hpp"

namespace coterie {

/// Collects small pieces of text, so that a sink is called once per many lines.
class LineBuffer {
 public:
  explicit LineBuffer(const Sink& sink) : m_sink(sink) {}

  LineBuffer& operator<<(std::string_view text) {
    m_text += text;
    if (m_text.size() >= k_limit) flush();
    return *this;
  }

  /// Must be called at the end: what a destructor flushed could not report a failure.
  void flush() {
    if (!m_text.empty()) m_sink(m_text);
    m_text.clear();
  }

 private:
  static constexpr std::size_t k_limit = 64U << 10U;
  const Sink& m_sink;
  std::string m_text;
};

}  // namespace coterie
