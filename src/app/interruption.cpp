#include "src/app/interruption.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <thread>
#include <vector>

#include "coterie/dataset.hpp"
#include "coterie/util/text.hpp"
#include "src/app/progress.hpp"

namespace coterie {
namespace {

constexpr std::array<int, 3> k_signals{SIGINT, SIGTERM, SIGHUP};
constexpr std::int64_t k_patience_ms = 5000;
// `timeout` sends a signal to the process and again to its group, a terminal that closes does the same.
constexpr std::int64_t k_same_ms = 250;
constexpr unsigned k_longest_end_s = 20;

// Written by the handler: nothing but these and calls that are safe in one.
std::atomic<int> g_signal{0};
std::atomic<std::int64_t> g_at{0};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t steady_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

/// Ends the process by the signal's own action as soon as the handler has returned.
void end_at_once(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

extern "C" void on_signal(int signal) {
  const int error = errno;
  const std::int64_t now = steady_ms();
  int none = 0;
  if (g_signal.compare_exchange_strong(none, signal)) {
    g_at = now;
    alarm(k_longest_end_s);
  } else if (now - g_at > k_same_ms) {
    end_at_once(signal);
  }
  errno = error;
}

extern "C" void on_alarm(int) { end_at_once(g_signal); }

void install(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

std::string_view name_of(int signal) {
  return signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "SIGHUP";
}

/// "1,200 of about 4,000 works of openalex"; empty if the source told all it was asked for.
std::string kept_of(const std::string& source, std::uint64_t records,
                    const std::vector<QueryState>& queries) {
  std::uint64_t expected = 0;
  bool whole = true;    // every question was answered to its end
  bool counted = true;  // of every question it is known how many works it has
  for (const QueryState& query : queries) {
    if (query.source != source || query.lookup) continue;
    whole = whole && query.complete;
    counted = counted && query.expected.has_value();
    expected += query.expected.value_or(query.fetched);
  }
  if (whole) return {};
  if (expected <= records) return fmt::format("{} works of {}", grouped(records), source);
  return fmt::format("{} of {} {} works of {}", grouped(records), counted ? "about" : "at least",
                     grouped(expected), source);
}

std::string account_of(const Dataset& dataset) {
  const std::vector<QueryState> queries = dataset.queries();
  const std::vector<SourceState> sources = dataset.sources();
  std::vector<std::string> kept;
  std::vector<std::string> asked;
  for (const QueryState& query : queries) {
    if (!query.lookup && std::find(asked.begin(), asked.end(), query.source) == asked.end())
      asked.push_back(query.source);
  }
  for (const std::string& name : asked) {
    const auto source = std::find_if(sources.begin(), sources.end(),
                                     [&](const SourceState& state) { return state.source == name; });
    std::string part = kept_of(name, source == sources.end() ? 0 : source->records, queries);
    if (!part.empty()) kept.push_back(std::move(part));
  }
  if (kept.empty()) return "everything that was told is kept; the next run goes on from here";
  return text::join(kept, " and ") + " are kept; the next run goes on from here";
}

}  // namespace

Interruption::Interruption() {
  g_signal = 0;
  for (const int signal : k_signals) {
    if (!is_ignored(signal)) install(signal, &on_signal);
  }
  install(SIGALRM, &on_alarm);
}

Interruption::~Interruption() {
  alarm(0);
  install(SIGALRM, SIG_DFL);
  for (const int signal : k_signals) {
    if (!is_ignored(signal)) install(signal, SIG_DFL);
  }
}

bool Interruption::asked() { return g_signal != 0; }

bool Interruption::impatient() { return asked() && steady_ms() - g_at > k_patience_ms; }

void Interruption::check(std::string_view account) {
  if (const int signal = g_signal; signal != 0) {
    throw Stopped(signal, fmt::format("stopped by {}: {}", name_of(signal), account));
  }
}

void Interruption::check(const Dataset& dataset) {
  if (asked()) check(account_of(dataset));
}

void Interruption::sleep(std::chrono::milliseconds duration) {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (!asked() && std::chrono::steady_clock::now() < end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    std::this_thread::sleep_for(
        std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(50)));
  }
}

}  // namespace coterie
