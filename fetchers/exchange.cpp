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

/// Seconds 1, 2, 4, ... after the first, second, third, ... failure, or what the source asks for if that is
/// longer.
milliseconds wait_after(int failures, std::optional<milliseconds> told) {
  milliseconds backoff = k_shortest_wait;
  for (int n = 1; n < failures && backoff < k_longest_backoff; ++n) backoff *= 2;
  return std::clamp(std::max(std::min(backoff, k_longest_backoff), told.value_or(milliseconds(0))),
                    k_shortest_wait, k_longest_wait);
}

/// What the pace is kept for: a server, not every path on it.
std::string server_of(const HttpRequest& request) {
  const Url url = parse_url(request.url);
  const bool usual = url.port == (url.scheme == "https" ? 443 : 80);
  return usual ? url.host : fmt::format("{}:{}", url.host, url.port);
}

}  // namespace

std::optional<Stop> Exchange::ask(const Query& query, const std::string& cursor, const Read& read) {
  const int attempts = std::max(1, m_tools.attempts);
  for (int attempt = 1;; ++attempt) {
    Result result = try_once(query, cursor, read);
    if (result.stop) return result.stop;
    if (!result.failure) return std::nullopt;
    if (attempt == attempts) {
      Stop stop = result.failure->stop;
      if (attempts > 1) stop.reason += fmt::format(" (asked {} times)", attempts);
      return stop;
    }
    try {
      m_tools.pacing.pause(wait_after(attempt, result.failure->wait));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::temporary) throw;
      Stop stop = result.failure->stop;
      stop.kind = ErrorKind::temporary;
      stop.reason += fmt::format("; {}", error.what());
      stop.stop_source = true;
      return stop;
    }
  }
}

Exchange::Result Exchange::try_once(const Query& query, const std::string& cursor, const Read& read) {
  const HttpRequest request = m_source.request(query, cursor);
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
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::unavailable) return {std::nullopt, stop(error.kind(), error.what())};
    if (error.kind() != ErrorKind::temporary && error.kind() != ErrorKind::data) throw;
    return {Failure{stop(error.kind(), error.what()), std::nullopt}, std::nullopt};
  }
  if (m_began.empty()) m_began = server_time(response);
  if (m_began.empty()) m_began = m_tools.pacing.now();
  return taken(query, response, read);
}

Exchange::Result Exchange::taken(const Query& query, const HttpResponse& response, const Read& read) {
  if (const std::optional<Refusal> refusal = m_source.refusal(response)) return refused(*refusal);
  m_cost += m_source.cost(query);
  try {
    read(response);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::unavailable) return {std::nullopt, stop(error.kind(), error.what())};
    if (error.kind() != ErrorKind::temporary && error.kind() != ErrorKind::data) throw;
    return {Failure{stop(error.kind(), error.what()), std::nullopt}, std::nullopt};
  }
  return {};
}

Exchange::Result Exchange::refused(const Refusal& refusal) const {
  Stop why = stop(ErrorKind::temporary, refusal.message);
  switch (refusal.kind) {
    case Refusal::Kind::retry:
      return {Failure{why, refusal.wait}, std::nullopt};
    case Refusal::Kind::slow_down:
      why.stop_source = true;  // only told when every attempt met it: more questions would meet it too
      return {Failure{why, refusal.wait}, std::nullopt};
    case Refusal::Kind::unreadable:
      why.kind = ErrorKind::data;
      return {Failure{why, refusal.wait}, std::nullopt};
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
  std::string renewed;
  if (refusal.wait) {
    const auto now = parse_utc_timestamp(m_tools.pacing.now());
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*refusal.wait).count();
    renewed = now ? fmt::format("; it is renewed at {}", utc_timestamp(*now + seconds))
                  : fmt::format("; it is renewed in {} s", seconds);
  }
  Stop used = stop(ErrorKind::temporary,
                   fmt::format("the day's allowance is used up{} ({})", renewed, refusal.message));
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
