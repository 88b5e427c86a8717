#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/app/options.hpp"

namespace spdlog {
class logger;
}

namespace coterie {

/// Everything a run says to people: results to stdout, notes and progress to stderr, events to the log file.
/// Control characters that a source put into a name or title are escaped on the way.
class Console {
 public:
  /// \throws Error{cannot_create} if the log file cannot be opened
  explicit Console(const Options& options);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// A line of a command's result.
  void result(std::string_view line);
  /// Bytes of a command's result as they are (JSON, an exported file).
  void raw(std::string_view bytes);
  /// Makes sure that results arrived. \throws Error{io} if standard output cannot be written, a full disk
  /// included
  void flush();
  /// What is going on; left out with -q.
  void note(std::string_view line);
  /// The same, only with -v.
  void detail(std::string_view line);
  /// Something is missing or doubtful; printed even with -q.
  void warn(std::string_view line);
  /// The run failed.
  void error(std::string_view line);

  using Fields = std::vector<std::pair<std::string_view, std::string>>;
  /// One logfmt line in the log file: `ts=... level=info event=harvested src=openalex calls=12`.
  void event(std::string_view name, const Fields& fields);

  /// How far a step has come: a bar on a terminal, a plain line every few seconds otherwise (none unless
  /// asked for).
  void progress(std::string_view what, std::uint64_t done, std::optional<std::uint64_t> total);
  /// Ends the bar of the step under way.
  void progress_done();

 private:
  enum class Bars { none, lines, bar };
  void clear_bar();

  const Options& m_options;
  Bars m_bars = Bars::none;
  std::shared_ptr<spdlog::logger> m_log;
  std::string m_step;
  std::chrono::steady_clock::time_point m_step_start;
  std::chrono::steady_clock::time_point m_last_shown;
  std::uint64_t m_first_done = 0;
  bool m_bar_shown = false;
};

}  // namespace coterie
