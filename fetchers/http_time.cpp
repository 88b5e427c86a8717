#include "fetchers/http_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "coterie/date.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t k_day = 86400;

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const std::vector<std::string> parts = text::split(text, ' ');
  if (parts.size() != 6 || parts[5] != "GMT") return std::nullopt;
  const auto month = std::find(k_months.begin(), k_months.end(), parts[2]);
  if (month == k_months.end()) return std::nullopt;
  return parse_utc_timestamp(
      fmt::format("{}-{:02}-{}T{}Z", parts[3], month - k_months.begin() + 1, parts[1], parts[4]));
}

std::string server_time(const HttpResponse& response) {
  const auto seconds = parse_http_date(response.header("date"));
  return seconds ? utc_timestamp(*seconds) : std::string{};
}

std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response) {
  const std::string value = response.header("retry-after");
  std::int64_t seconds = 0;
  if (const auto until = parse_http_date(value)) {
    const auto now = parse_http_date(response.header("date"));
    if (!now) return std::nullopt;
    seconds = *until - *now;
  } else {
    const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (value.empty() || !digits) return std::nullopt;
    for (const char c : value) seconds = std::min(k_day, seconds * 10 + (c - '0'));
  }
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, k_day));
}

}  // namespace coterie
