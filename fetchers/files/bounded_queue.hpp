#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace coterie {

/// Hands values from one thread to another; the giving thread waits while `limit` values wait to be taken.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t limit) : m_limit(limit) {}

  /// False if nobody takes values any more.
  [[nodiscard]] bool push(T value) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_values.size() < m_limit || m_closed; });
    if (m_closed) return false;
    m_values.push_back(std::move(value));
    m_changed.notify_all();
    return true;
  }

  /// The next value; nullopt once the giving side has ended and every value is taken.
  [[nodiscard]] std::optional<T> pop() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return !m_values.empty() || m_ended; });
    if (m_values.empty()) return std::nullopt;
    T value = std::move(m_values.front());
    m_values.pop_front();
    m_changed.notify_all();
    return value;
  }

  /// No more values will be given.
  void end() {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
  }

  /// No more values will be taken.
  void close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_changed.notify_all();
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<T> m_values;
  std::size_t m_limit;
  bool m_ended = false;
  bool m_closed = false;
};

}  // namespace coterie
