#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coterie {

class Dataset;

/// A run that a signal ended; what() is the account of what is kept. The process ends with 128 + signal().
class Stopped : public std::runtime_error {
 public:
  Stopped(int signal, const std::string& account) : std::runtime_error(account), m_signal(signal) {}

  [[nodiscard]] int signal() const { return m_signal; }

 private:
  int m_signal;
};

/// While one of these lives, SIGINT, SIGTERM and SIGHUP ask the run to end after the page under way. A second
/// one ends it at once, by the signal's own action, and so does a run that has not ended 20 seconds after the
/// first; both are safe, since datasets and reports change in whole steps. A signal that was ignored when the
/// program began (nohup, a job in the background) stays ignored.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Whether a signal asked for the end.
  [[nodiscard]] static bool asked();
  /// Whether it did so longer ago than a request in flight is waited for, 5 seconds.
  [[nodiscard]] static bool impatient();
  /// \throws Stopped, with `account` as what is kept, if a signal asked for the end
  static void check(std::string_view account);
  /// The same with an account of the dataset: how many works of each source it holds.
  static void check(const Dataset& dataset);
  /// Sleeps; ends early when a signal asks for it.
  static void sleep(std::chrono::milliseconds duration);
};

}  // namespace coterie
