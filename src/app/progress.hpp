#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coterie {

/// How far a step of a run has come.
struct Progress {
  std::string what;  ///< the step, such as "works"
  std::uint64_t done = 0;
  std::optional<std::uint64_t> total;
  bool at_least = false;  ///< there may be more than `total`
  std::uint64_t calls = 0;
  double cost = 0;          ///< US dollars
  std::string source = {};  ///< the source that is asked; empty: none
  std::string detail = {};  ///< what is done at this moment; no step of its own
};

/// The step's name for people: `openalex: works`.
[[nodiscard]] std::string step_of(const Progress& progress);

/// How fast a step goes.
struct Pace {
  std::uint64_t first_done = 0;  ///< done when the step began, in an earlier run for example
  double seconds = 0;            ///< since then

  /// Per second, nullopt while it is too early to tell.
  [[nodiscard]] std::optional<double> rate(const Progress& progress) const;
  /// Seconds to the total at that rate; nullopt if either is unknown or nothing is left.
  [[nodiscard]] std::optional<double> left(const Progress& progress) const;
};

/// The plain line of a log: `openalex: works: 1,200 of about 4,000, 12 calls, $0.0012, 35/s, 1 min 20 s
/// left`.
[[nodiscard]] std::string progress_line(const Progress& progress, const Pace& pace);

/// The same after a bar, at most `width` columns wide: what does not fit is left out, first the cost, then
/// the calls, the rate, the bar itself and the time left.
[[nodiscard]] std::string progress_bar(const Progress& progress, const Pace& pace, std::size_t width);

/// A number with commas between thousands.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// Decides when a step's progress is worth showing and logging; no clock of its own.
class ProgressMeter {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// \param show_every pause between two showings of one step
  /// \param log_every pause between two log lines, whatever the step; nothing is logged before one has passed
  ProgressMeter(std::chrono::milliseconds show_every, std::chrono::milliseconds log_every, Moment start)
      : m_show_every(show_every), m_log_every(log_every), m_logged(start) {}

  /// What is to be done with a step's news.
  struct Due {
    bool show = false;
    bool log = false;
    Pace pace;
  };
  [[nodiscard]] Due take(const Progress& progress, Moment now);
  /// The last news of the step under way if they have not been shown yet, and its end.
  struct Last {
    Progress progress;
    Pace pace;
  };
  [[nodiscard]] std::optional<Last> end(Moment now);
  /// Whether the news are of another step than the one under way.
  [[nodiscard]] bool begins(const Progress& progress) const;

 private:
  std::chrono::milliseconds m_show_every;
  std::chrono::milliseconds m_log_every;
  Moment m_logged;
  Moment m_start;
  Moment m_shown;
  std::uint64_t m_first_done = 0;
  std::optional<Progress> m_step;
  bool m_unshown = false;
};

}  // namespace coterie
