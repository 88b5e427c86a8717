#include "src/app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "coterie/util/text.hpp"

namespace coterie {
namespace {

std::string duration(double seconds) {
  // A rate near zero would make a time that no clock holds.
  constexpr double k_longest = 100.0 * 3600;
  const auto whole = static_cast<long>(std::min(seconds, k_longest) + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string amount(const Progress& progress) {
  if (!progress.total) return grouped(progress.done);
  return fmt::format("{} of {}{}", grouped(progress.done), progress.at_least ? "at least " : "",
                     grouped(*progress.total));
}

/// The facts behind the amount, in the order in which they stand on the line.
struct Facts {
  std::string calls, cost, rate, left;
};

Facts facts_of(const Progress& progress, const Pace& pace) {
  Facts facts;
  if (progress.calls > 0) {
    facts.calls = fmt::format("{} call{}", grouped(progress.calls), progress.calls == 1 ? "" : "s");
  }
  if (progress.cost > 0) facts.cost = fmt::format("${:.4f}", progress.cost);
  if (const auto rate = pace.rate(progress); rate && *rate > 0) {
    facts.rate = *rate < 1 ? fmt::format("{:.1f}/s", *rate) : fmt::format("{:.0f}/s", *rate);
  }
  if (const auto left = pace.left(progress)) facts.left = duration(*left) + " left";
  return facts;
}

std::string with(std::string line, const std::string& fact) {
  if (!fact.empty()) line += ", " + fact;
  return line;
}

std::string line_of(const Progress& progress, const Facts& facts) {
  std::string line = step_of(progress);
  if (!progress.detail.empty()) line += fmt::format(" ({})", progress.detail);
  line += ": " + amount(progress);
  return with(with(with(with(std::move(line), facts.calls), facts.cost), facts.rate), facts.left);
}

std::string bar_of(const Progress& progress) {
  constexpr std::uint64_t k_width = 24;
  if (!progress.total || *progress.total == 0) return {};
  const double share =
      static_cast<double>(std::min(progress.done, *progress.total)) / static_cast<double>(*progress.total);
  const auto filled = static_cast<std::size_t>(share * k_width);
  return fmt::format("[{}{}] ", std::string(filled, '#'), std::string(k_width - filled, '.'));
}

/// The first `columns` characters of a UTF-8 text.
std::string front(const std::string& text, std::size_t columns) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && characters++ == columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string step_of(const Progress& progress) {
  return progress.source.empty() ? progress.what : progress.source + ": " + progress.what;
}

std::optional<double> Pace::rate(const Progress& progress) const {
  constexpr double k_soon = 0.5;
  if (seconds < k_soon) return std::nullopt;
  return static_cast<double>(progress.done - std::min(progress.done, first_done)) / seconds;
}

std::optional<double> Pace::left(const Progress& progress) const {
  const auto per_second = rate(progress);
  if (!per_second || *per_second <= 0 || !progress.total || *progress.total <= progress.done)
    return std::nullopt;
  return static_cast<double>(*progress.total - progress.done) / *per_second;
}

std::string progress_line(const Progress& progress, const Pace& pace) {
  return text::printable(line_of(progress, facts_of(progress, pace)));
}

std::string progress_bar(const Progress& progress, const Pace& pace, std::size_t width) {
  Facts facts = facts_of(progress, pace);
  std::string bar = bar_of(progress);
  std::string line;
  for (std::string* const less : {&facts.cost, &facts.calls, &facts.rate, &bar, &facts.left}) {
    line = text::printable(bar + line_of(progress, facts));
    if (front(line, width) == line) return line;
    less->clear();
  }
  return front(text::printable(line_of(progress, facts)), width);
}

bool ProgressMeter::begins(const Progress& progress) const {
  return !m_step || step_of(progress) != step_of(*m_step);
}

ProgressMeter::Due ProgressMeter::take(const Progress& progress, Moment now) {
  const bool first = begins(progress);
  if (first) {
    m_start = now;
    m_first_done = progress.done;
  }
  m_step = progress;
  Due due;
  due.pace = {m_first_done, std::chrono::duration<double>(now - m_start).count()};
  due.show = first || now - m_shown >= m_show_every;
  due.log = now - m_logged >= m_log_every;
  if (due.show) m_shown = now;
  if (due.log) m_logged = now;
  m_unshown = !due.show;
  return due;
}

std::optional<ProgressMeter::Last> ProgressMeter::end(Moment now) {
  std::optional<Last> last;
  if (m_step && m_unshown) {
    last = Last{*m_step, {m_first_done, std::chrono::duration<double>(now - m_start).count()}};
  }
  m_step.reset();
  m_unshown = false;
  return last;
}

}  // namespace coterie
