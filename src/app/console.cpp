#include "src/app/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_show_bar_every{100};
constexpr milliseconds k_show_line_every{5000};
constexpr milliseconds k_log_every{30000};

/// Whether standard error is a terminal that can go back to the start of a line.
bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

/// Columns of the terminal, asked for each time: its window may change.
std::size_t terminal_width() {
  constexpr std::size_t k_usual = 80;
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const long told = columns == nullptr ? 0 : std::strtol(columns, nullptr, 10);
  return told > 0 && told < 10000 ? static_cast<std::size_t>(told) : k_usual;
}

}  // namespace

Console::Console(const Options& options)
    : m_options(options),
      m_meter(is_terminal() ? k_show_bar_every : k_show_line_every, k_log_every,
              std::chrono::steady_clock::now()) {
  if (options.progress == "always") {
    m_bars = is_terminal() ? Bars::bar : Bars::lines;
  } else if (options.progress == "auto" && is_terminal() && !options.quiet) {
    m_bars = Bars::bar;
  }
  if (!options.log_file.empty()) m_log = std::make_unique<LogFile>(options.log_file);
}

Console::~Console() { clear_bar(); }

void Console::print(std::FILE* stream, std::string_view line) {
  clear_bar();
  const std::string whole = text::printable(m_redactor.redacted(line)) + '\n';
  if (std::fwrite(whole.data(), 1, whole.size(), stream) != whole.size() && stream == stdout) {
    m_output_error = errno;
  }
}

void Console::result(std::string_view line) { print(stdout, line); }

void Console::flush() {
  if (std::fflush(stdout) != 0 && m_output_error == 0) m_output_error = errno;
  // Whoever reads only the first lines (`| head`) closes the pipe, which is no failure.
  if (m_output_error != 0 && m_output_error != EPIPE) {
    throw Error(ErrorKind::io, fmt::format("standard output cannot be written: {}",
                                           std::generic_category().message(m_output_error)));
  }
}

void Console::raw(std::string_view bytes) {
  clear_bar();
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) m_output_error = errno;
  flush();
}

void Console::note(std::string_view line) {
  if (!m_options.quiet) print(stderr, line);
}

void Console::detail(std::string_view line) {
  if (m_options.verbose) note(line);
}

void Console::warn(std::string_view line) {
  print(stderr, fmt::format("coterie: {}", line));
  log("warn", "warning", {{"message", std::string(line)}});
}

void Console::error(std::string_view line) {
  print(stderr, fmt::format("coterie: {}", line));
  log("error", "failed", {{"message", std::string(line)}});
}

void Console::event(std::string_view name, const Fields& fields) { log("info", name, fields); }

void Console::log(std::string_view level, std::string_view name, const Fields& fields) {
  if (!m_log) return;
  std::string source;
  std::string rest;
  for (const auto& [key, value] : fields) {
    if (value.empty()) continue;
    std::string& part = key == "src" ? source : rest;
    part += fmt::format(" {}={}", key, logfmt_value(m_redactor.redacted(value)));
  }
  if (!source.empty()) source = source.substr(1) + ' ';
  if (m_log->write(level, fmt::format("{}event={}{}", source, name, rest))) return;
  // A run does not fail for its log, and says so once.
  m_log.reset();
  print(stderr,
        fmt::format("coterie: --log-file: '{}' cannot be written any more", m_options.log_file.string()));
}

void Console::progress(std::string_view what, std::uint64_t done, std::optional<std::uint64_t> total) {
  Progress news;
  news.what = what;
  news.done = done;
  news.total = total;
  progress(news);
}

void Console::progress(const Progress& progress) {
  if (m_meter.begins(progress)) progress_done();
  const ProgressMeter::Due due = m_meter.take(progress, std::chrono::steady_clock::now());
  if (due.log) log_progress(progress, due.pace);
  if (!due.show || m_bars == Bars::none) return;
  if (m_bars == Bars::lines) {
    print(stderr, progress_line(progress, due.pace));
    return;
  }
  // The last column stays empty: a terminal that wraps there would leave a line behind.
  const std::string bar = progress_bar(progress, due.pace, terminal_width() - 1);
  const std::string shown = "\r\033[K" + m_redactor.redacted(bar);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fflush(stderr);
  m_bar_shown = true;
}

void Console::log_progress(const Progress& progress, const Pace& pace) {
  const auto number = [](std::optional<double> value) {
    return value ? fmt::format("{:.0f}", *value) : std::string();
  };
  log("info", "progress",
      {{"src", progress.source},
       {"step", progress.what},
       {"done", std::to_string(progress.done)},
       {"total", progress.total ? std::to_string(*progress.total) : std::string()},
       {"at_least", progress.total && progress.at_least ? "true" : ""},
       {"calls", std::to_string(progress.calls)},
       {"cost_usd", fmt::format("{:.4f}", progress.cost)},
       {"rate", number(pace.rate(progress))},
       {"left_s", number(pace.left(progress))}});
}

void Console::progress_done() {
  const auto last = m_meter.end(std::chrono::steady_clock::now());
  if (last && m_bars == Bars::lines) print(stderr, progress_line(last->progress, last->pace));
  clear_bar();
}

void Console::clear_bar() {
  if (!m_bar_shown) return;
  std::fputs("\r\033[K", stderr);
  m_bar_shown = false;
}

}  // namespace coterie
