#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "coterie/http.hpp"

namespace coterie {

/// Seconds since 1970 of a date as HTTP writes it (`Mon, 02 Mar 2026 12:54:01 GMT`); nullopt if it is none.
/// \see RFC 9110, section 5.6.7, IMF-fixdate
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);

/// The server's clock as it stands on the answer, as UTC timestamp; empty if the answer does not tell.
[[nodiscard]] std::string server_time(const HttpResponse& response);

/// How long the answer's `Retry-After` asks to wait, as seconds or as a date (measured from the answer's own
/// `Date`), a day at most. nullopt when it is absent, not positive or unreadable.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response);

}  // namespace coterie
