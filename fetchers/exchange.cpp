#include "fetchers/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coterie/date.hpp"
#include "fetchers/http_time.hpp"
#include "fetchers/http_url.hpp"

namespace coterie {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_shortest_wait = std::chrono::seconds(1);
constexpr milliseconds k_longest_wait = std::chrono::seconds(120);
constexpr milliseconds k_longest_backoff = std::chrono::seconds(60);
constexpr double k_dust = 1e-9;  // sums of prices are no exact numbers

/// Seconds 1, 2, 4, ... after the first, second, third, ... failure, up to half as long again by `chance` so
/// that many clients do not come back together; or what the source asks for if that is longer.
milliseconds wait_after(int failures, std::optional<milliseconds> told, double chance) {
  milliseconds backoff = k_shortest_wait;
  for (int n = 1; n < failures && backoff < k_longest_backoff; ++n) backoff *= 2;
  backoff = std::min(backoff, k_longest_backoff);
  backoff += milliseconds(static_cast<std::int64_t>(static_cast<double>(backoff.count()) * chance / 2));
  return std::clamp(std::max(backoff, told.value_or(milliseconds(0))), k_shortest_wait, k_longest_wait);
}

/// What the pace is kept for: a server, not every path on it.
std::string server_of(const HttpRequest& request) {
  const Url url = parse_url(request.url);
  const bool usual = url.port == (url.scheme == "https" ? 443 : 80);
  return usual ? url.host : fmt::format("{}:{}", url.host, url.port);
}

/// When the allowance is renewed, in words that go on a sentence; empty if that is not told.
std::string renewed_in(std::optional<std::chrono::seconds> wait, const std::string& told_at) {
  if (!wait) return {};
  const auto then = parse_utc_timestamp(told_at);
  return then ? fmt::format("; it is renewed at {}", utc_timestamp(*then + wait->count()))
              : fmt::format("; it is renewed in {} s", wait->count());
}

}  // namespace

std::optional<Stop> Exchange::ask(const Query& query, const std::string& cursor, const Read& read) {
  const HttpRequest request = m_source.request(query, cursor);
  const int attempts = std::max(1, m_tools.attempts);
  for (int attempt = 1;; ++attempt) {
    if (const std::optional<Stop> hindered = hindrance(query)) return hindered;
    Result result = try_once(query, request, read);
    if (!result.failure) {
      // An answer, if only a refusal, shows that the source is there; one that must not be taken does not.
      m_run.given_up = result.untrusted ? m_run.given_up + 1 : 0;
      if (result.untrusted && m_run.given_up >= k_most_given_up) result.stop->stop_source = true;
      return result.stop;
    }
    if (attempt == attempts) return given_up(std::move(result.failure->stop));
    const milliseconds wait = wait_after(attempt, result.failure->wait, m_tools.pacing.chance());
    try {
      m_tools.pacing.pause(wait);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::temporary) throw;
      return out_of_time(request, std::move(result.failure->stop), wait, error.what());
    }
  }
}

std::optional<Stop> Exchange::hindrance(const Query& query) const {
  std::string why;
  if (m_tools.stopping && m_tools.stopping()) {
    why = "the run was stopped";
  } else if (m_run.given_up >= k_most_given_up) {
    why = fmt::format("not asked any more in this run, after {} questions in vain", m_run.given_up);
  } else if (m_run.allowance && m_run.allowance->remaining + k_dust < m_source.cost(query)) {
    why = fmt::format("the day's allowance does not cover the next call (${:.4f}, ${:.4f} are left{})",
                      m_source.cost(query), m_run.allowance->remaining,
                      renewed_in(m_run.allowance->renewed_in, m_run.allowance_told_at));
  } else {
    return std::nullopt;
  }
  Stop hindered = stop(ErrorKind::temporary, why);
  hindered.stop_source = true;
  return hindered;
}

/// What is left of the question when every attempt failed.
Stop Exchange::given_up(Stop stop) {
  ++m_run.given_up;
  const int attempts = std::max(1, m_tools.attempts);
  if (attempts > 1) stop.reason += fmt::format(" (asked {} times)", attempts);
  if (m_run.given_up >= k_most_given_up) stop.stop_source = true;
  return stop;
}

/// The run ends before the wait is over. The wait holds for the next run too.
Stop Exchange::out_of_time(const HttpRequest& request, Stop stop, milliseconds wait, const std::string& why) {
  m_tools.pacing.hold(server_of(request), wait);
  stop.kind = ErrorKind::temporary;
  stop.reason += fmt::format("; {}", why);
  stop.stop_source = true;
  return stop;
}

Exchange::Result Exchange::try_once(const Query& query, const HttpRequest& request, const Read& read) {
  try {
    m_tools.pacing.wait_for_turn(server_of(request), m_source.traits().interval);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::temporary) throw;
    Stop over = stop(ErrorKind::temporary, error.what());
    over.stop_source = true;
    return {std::nullopt, over};
  }
  ++m_calls;
  HttpResponse response;
  try {
    response = m_tools.http.get(request);
  } catch (const TooLarge& error) {
    return too_large(query, error);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::unavailable) return {std::nullopt, stop(error.kind(), error.what()), true};
    if (error.kind() != ErrorKind::temporary && error.kind() != ErrorKind::data) throw;
    return {Failure{stop(error.kind(), error.what()), std::nullopt}};
  }
  if (m_began.empty()) m_began = time_of(response);
  const std::optional<Refusal> refusal = m_source.refusal(response);
  take_account(query, response, refusal.has_value());
  return refusal ? refused(*refusal) : taken(query, response, read);
}

std::string Exchange::time_of(const HttpResponse& response) const {
  std::string time = server_time(response);
  return time.empty() ? m_tools.pacing.now() : time;
}

void Exchange::take_account(const Query& query, const HttpResponse& response, bool refused) {
  const std::optional<Allowance> told = m_source.allowance(response);
  if (told) {
    m_run.allowance = told;
    m_run.allowance_told_at = time_of(response);
  }
  if (refused) return;
  m_cost += told && told->cost ? *told->cost : m_source.cost(query);
}

/// A list is asked for in smaller pages at once; where they cannot be smaller, it may have been a whim.
Exchange::Result Exchange::too_large(const Query& query, const TooLarge& error) const {
  Stop large = stop(error.kind(), error.what());
  const int page_size = query.page_size > 0 ? query.page_size : m_source.page_size();
  if (!query.lists_works() || page_size <= k_smallest_large_page) return {Failure{large, std::nullopt}};
  large.too_large = true;
  return {std::nullopt, large};
}

Exchange::Result Exchange::taken(const Query& query, const HttpResponse& response, const Read& read) {
  try {
    read(response);
  } catch (const TooLarge& error) {
    return too_large(query, error);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::unavailable) return {std::nullopt, stop(error.kind(), error.what())};
    if (error.kind() != ErrorKind::temporary && error.kind() != ErrorKind::data) throw;
    return {Failure{stop(error.kind(), error.what()), std::nullopt}};
  }
  return {};
}

Exchange::Result Exchange::refused(const Refusal& refusal) const {
  Stop why = stop(ErrorKind::temporary, refusal.message);
  switch (refusal.kind) {
    case Refusal::Kind::retry:
      return {Failure{why, refusal.wait}};
    case Refusal::Kind::slow_down:
      why.stop_source = true;  // only told when every attempt met it: more questions would meet it too
      return {Failure{why, refusal.wait}};
    case Refusal::Kind::unreadable:
      why.kind = ErrorKind::data;
      return {Failure{why, refusal.wait}};
    case Refusal::Kind::allowance:
      return {std::nullopt, allowance_used(refusal)};
    case Refusal::Kind::gone:
      why.kind = ErrorKind::unavailable;
      why.gone = true;
      return {std::nullopt, why};
    case Refusal::Kind::key:
      why.kind = ErrorKind::key_rejected;
      why.stop_source = true;
      return {std::nullopt, why};
    case Refusal::Kind::plan:
      why.kind = ErrorKind::configuration;
      return {std::nullopt, why};
    case Refusal::Kind::question:
      why.kind = ErrorKind::unavailable;
      why.question = true;
      return {std::nullopt, why};
  }
  throw Error(ErrorKind::bug, "a refusal of unknown kind");
}

Stop Exchange::allowance_used(const Refusal& refusal) const {
  std::optional<std::chrono::seconds> wait;
  if (refusal.wait) wait = std::chrono::ceil<std::chrono::seconds>(*refusal.wait);
  Stop used =
      stop(ErrorKind::temporary, fmt::format("the day's allowance is used up{} ({})",
                                             renewed_in(wait, m_tools.pacing.now()), refusal.message));
  used.stop_source = true;
  return used;
}

Stop Exchange::stop(ErrorKind kind, const std::string& reason) const {
  Stop stop;
  stop.kind = kind;
  stop.reason = fmt::format("{}: {}", m_source.traits().title, reason);
  return stop;
}

}  // namespace coterie
