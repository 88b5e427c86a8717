#include "fetchers/sources/openalex_allowance.hpp"

#include <charconv>
#include <cmath>

namespace coterie {
namespace {

constexpr double k_credit = 0.0001;  // US dollars
constexpr double k_most = 1e9;
constexpr double k_day = 86400;

/// The number a header holds; nullopt if it holds none that can be true.
std::optional<double> number(const HttpResponse& response, const std::string& header) {
  const std::string text = response.header(header);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value < 0 || value > k_most) return std::nullopt;
  return value;
}

/// An amount told in dollars, else in credits.
std::optional<double> amount(const HttpResponse& response, const std::string& dollars,
                             const std::string& credits) {
  if (const auto told = number(response, dollars)) return told;
  const auto told = number(response, credits);
  return told ? std::optional(*told * k_credit) : std::nullopt;
}

}  // namespace

std::optional<Allowance> openalex_allowance(const HttpResponse& response) {
  const auto left = amount(response, "x-ratelimit-remaining-usd", "x-ratelimit-remaining");
  if (!left) return std::nullopt;
  Allowance allowance;
  allowance.remaining = *left + number(response, "x-ratelimit-prepaid-remaining-usd").value_or(0) +
                        number(response, "x-ratelimit-onetime-remaining").value_or(0) * k_credit;
  allowance.limit = amount(response, "x-ratelimit-limit-usd", "x-ratelimit-limit");
  allowance.cost = amount(response, "x-ratelimit-cost-usd", "x-ratelimit-credits-used");
  // Seconds to midnight UTC, not a moment.
  const auto seconds = number(response, "x-ratelimit-reset");
  if (seconds && *seconds <= k_day) {
    allowance.renewed_in = std::chrono::seconds(static_cast<std::int64_t>(std::ceil(*seconds)));
  }
  return allowance;
}

}  // namespace coterie
