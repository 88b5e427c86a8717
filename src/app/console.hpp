#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/app/log_file.hpp"
#include "src/app/options.hpp"
#include "src/app/progress.hpp"
#include "src/app/redactor.hpp"

namespace coterie {

/// Everything a run says to people: results to stdout, notes and progress to stderr, events to the log file.
/// Control characters that a source put into a name or title are escaped on the way, secrets taken out.
class Console {
 public:
  /// \throws Error{cannot_create} if the log file cannot be opened
  explicit Console(const Options& options);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// From now on the secret is printed and logged as `(key)`, however it is written; see Redactor.
  void hide(std::string_view secret) { m_redactor.hide(secret); }

  /// The text without secrets, for what is stored.
  [[nodiscard]] std::string redacted(std::string_view text) const { return m_redactor.redacted(text); }

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
  /// One logfmt line in the log file: `ts=... level=info run=... src=openalex event=harvested calls=12`.
  /// Fields without a value are left out.
  void event(std::string_view name, const Fields& fields);

  /// How far a step has come: a bar on a terminal, a plain line every few seconds and one at the step's end
  /// otherwise (none unless asked for), and an event in the log every 30 seconds.
  void progress(const Progress& progress);
  /// The same for a step without calls or cost.
  void progress(std::string_view what, std::uint64_t done, std::optional<std::uint64_t> total);
  /// Ends the step under way.
  void progress_done();

 private:
  enum class Bars { none, lines, bar };
  void print(std::FILE* stream, std::string_view line);
  void log(std::string_view level, std::string_view name, const Fields& fields);
  void log_progress(const Progress& progress, const Pace& pace);
  void clear_bar();

  const Options& m_options;
  Bars m_bars = Bars::none;
  Redactor m_redactor;
  std::unique_ptr<LogFile> m_log;
  ProgressMeter m_meter;
  bool m_bar_shown = false;
  int m_output_error = 0;  // errno of the first failed write to stdout
};

}  // namespace coterie
