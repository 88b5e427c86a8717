#include "src/app/console.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

void write_line(std::FILE* stream, std::string_view line) {
  const std::string whole = std::string(line) + '\n';
  std::fwrite(whole.data(), 1, whole.size(), stream);
}

/// A value of a logfmt line: in quotes when it holds anything but plain characters.
std::string logfmt_value(std::string_view value) {
  const std::string safe = text::printable(value);
  const bool plain = !safe.empty() && safe.find_first_of(" =\"\\") == std::string::npos;
  if (plain) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace

Console::Console(const Options& options) : m_options(options) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (options.progress == "always") {
    m_bars = terminal ? Bars::bar : Bars::lines;
  } else if (options.progress == "auto" && terminal && !options.quiet) {
    m_bars = Bars::bar;
  }
  if (options.log_file.empty()) return;
  try {
    // Opened for appending, so that several runs and logrotate get along.
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.log_file.string(), false);
    m_log = std::make_shared<spdlog::logger>("coterie", std::move(sink));
  } catch (const spdlog::spdlog_ex&) {
    throw Error(ErrorKind::cannot_create,
                fmt::format("--log-file: '{}' cannot be opened", options.log_file.string()));
  }
  m_log->set_pattern("ts=%Y-%m-%dT%H:%M:%SZ level=%l %v", spdlog::pattern_time_type::utc);
  m_log->flush_on(spdlog::level::info);
}

Console::~Console() { clear_bar(); }

void Console::result(std::string_view line) {
  clear_bar();
  write_line(stdout, text::printable(line));
}

void Console::flush() {
  // Whoever reads only the first lines (`| head`) closes the pipe, which is no failure.
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && errno != EPIPE) {
    throw Error(ErrorKind::io, "standard output cannot be written");
  }
}

void Console::raw(std::string_view bytes) {
  clear_bar();
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  flush();
}

void Console::note(std::string_view line) {
  if (m_options.quiet) return;
  clear_bar();
  write_line(stderr, text::printable(line));
}

void Console::detail(std::string_view line) {
  if (m_options.verbose) note(line);
}

void Console::warn(std::string_view line) {
  clear_bar();
  write_line(stderr, "coterie: " + text::printable(line));
  if (m_log) m_log->warn("event=warning message={}", logfmt_value(line));
}

void Console::error(std::string_view line) {
  clear_bar();
  write_line(stderr, "coterie: " + text::printable(line));
  if (m_log) m_log->error("event=failed message={}", logfmt_value(line));
}

void Console::event(std::string_view name, const Fields& fields) {
  if (!m_log) return;
  std::string line = fmt::format("event={}", name);
  for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, logfmt_value(value));
  m_log->info(line);
}

void Console::progress(std::string_view what, std::uint64_t done, std::optional<std::uint64_t> total) {
  if (m_bars == Bars::none) return;
  const auto now = std::chrono::steady_clock::now();
  if (what != m_step) {
    clear_bar();
    m_step = what;
    m_step_start = now;
    m_first_done = done;
    m_last_shown = {};
  }
  const auto pause = m_bars == Bars::bar ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  const bool finished = total && done >= *total;
  if (now - m_last_shown < pause && !finished) return;
  m_last_shown = now;
  const double seconds = std::chrono::duration<double>(now - m_step_start).count();
  const double rate = seconds > 0.5 ? static_cast<double>(done - std::min(done, m_first_done)) / seconds : 0;
  std::string line =
      total ? fmt::format("{}: {}/{}", m_step, done, *total) : fmt::format("{}: {}", m_step, done);
  if (rate > 0) line += fmt::format(", {:.0f}/s", rate);
  if (rate > 0 && total && *total > done)
    line += ", " + duration(static_cast<double>(*total - done) / rate) + " left";
  if (m_bars == Bars::lines) {
    write_line(stderr, text::printable(line));
    return;
  }
  constexpr std::uint64_t k_width = 24;
  if (total && *total > 0) {
    const auto filled = static_cast<std::size_t>(std::min(done, *total) * k_width / *total);
    line = fmt::format("[{}{}] {}", std::string(filled, '#'), std::string(k_width - filled, '.'), line);
  }
  const std::string shown = "\r\033[K" + text::printable(line);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fflush(stderr);
  m_bar_shown = true;
}

void Console::progress_done() {
  clear_bar();
  m_step.clear();
}

void Console::clear_bar() {
  if (!m_bar_shown) return;
  std::fputs("\r\033[K", stderr);
  m_bar_shown = false;
}

}  // namespace coterie
