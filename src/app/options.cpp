#include "src/app/options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "coterie/error.hpp"

namespace coterie {

std::optional<std::chrono::steady_clock::time_point> Options::deadline() const {
  if (max_time.empty()) return std::nullopt;
  long amount = 0;
  const char* const last = max_time.data() + max_time.size();
  const auto [end, error] = std::from_chars(max_time.data(), last, amount);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  const long factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (error != std::errc() || amount < 1 || amount > 1000000 || factor == 0) {
    throw Error(ErrorKind::usage, fmt::format("--max-time: '{}' is no duration (90s, 15m, 2h)", max_time));
  }
  return started + std::chrono::seconds(amount * factor);
}

void Options::check_time_left(std::string_view not_done) const {
  if (const auto end = deadline(); end && std::chrono::steady_clock::now() >= *end) {
    throw Error(ErrorKind::temporary,
                fmt::format("the time set for this run (--max-time {}) is over: {}", max_time, not_done));
  }
}

int Options::thread_count() const {
  if (threads > 0) return threads;
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : static_cast<int>(cores);
}

}  // namespace coterie
