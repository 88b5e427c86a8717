#include "fetchers/sources/openalex_refusal.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "fetchers/http_time.hpp"
#include "fetchers/refusal_text.hpp"

namespace coterie {
namespace {

using std::chrono::milliseconds;

/// `{"error": ..., "message": ..., "retryAfter": ...}` as OpenAlex and its edge answer.
struct ErrorBody {
  std::string error;
  std::string message;
  std::optional<milliseconds> retry_after;

  [[nodiscard]] bool says(std::string_view words) const {
    return error.find(words) != std::string::npos || message.find(words) != std::string::npos;
  }
};

/// The error a body tells; nullopt if it is something else: HTML, a page, an entity.
std::optional<ErrorBody> error_in(const std::string& body) {
  constexpr std::size_t k_longest = 256 << 10;
  if (body.size() > k_longest) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  std::string_view error;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root["error"].get(error) != simdjson::SUCCESS) return std::nullopt;
  simdjson::dom::element results;
  if (root["results"].get(results) == simdjson::SUCCESS) return std::nullopt;
  ErrorBody told;
  told.error = error;
  std::string_view message;
  if (root["message"].get(message) == simdjson::SUCCESS) told.message = message;
  double seconds = 0;
  constexpr double k_day = 86400;
  if (root["retryAfter"].get(seconds) == simdjson::SUCCESS && seconds > 0) {
    told.retry_after = milliseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, k_day) * 1000)));
  }
  return told;
}

bool names_rate_limits(const HttpResponse& response) {
  return std::any_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
    return header.first.starts_with("x-ratelimit-") || header.first.starts_with("ratelimit-") ||
           header.first == "retry-after";
  });
}

bool blames_question(const ErrorBody& body) {
  return body.says("Invalid query parameters") || body.says("Pagination error") ||
         body.says("Invalid request") || body.says("Request URL too long");
}

/// What an error text means by itself, whatever the status it came with.
std::optional<Refusal::Kind> kind_by_text(const ErrorBody& body) {
  if (body.says("Invalid or missing API key") || body.says("API key not found")) return Refusal::Kind::key;
  if (body.says("Plan upgrade required")) return Refusal::Kind::plan;
  if (body.says("Insufficient budget")) return Refusal::Kind::allowance;
  if (body.says("requests per second")) return Refusal::Kind::slow_down;
  if (blames_question(body)) return Refusal::Kind::question;
  return std::nullopt;
}

Refusal::Kind kind_of(const HttpResponse& response, const std::optional<ErrorBody>& body) {
  using Kind = Refusal::Kind;
  const int status = response.status;
  if (status == 401) return Kind::key;
  if (status == 404 || status == 410) return Kind::gone;
  if (status == 400 || status == 414) return Kind::question;
  if (status >= 500) return Kind::retry;
  if (body) {
    if (const auto told = kind_by_text(*body)) return *told;
  }
  if (status == 429) return Kind::slow_down;
  if (status == 403) return names_rate_limits(response) ? Kind::slow_down : Kind::question;
  if (status == 408) return Kind::retry;
  if (status == 200) return Kind::retry;
  return status > 400 ? Kind::question : Kind::unreadable;
}

/// The longer of what the body and the header say; to the end of an allowance, also the header that counts
/// down to it.
std::optional<milliseconds> wait_of(const HttpResponse& response, const std::optional<ErrorBody>& body,
                                    Refusal::Kind kind) {
  std::optional<milliseconds> wait = retry_after(response);
  if (body && body->retry_after && (!wait || *body->retry_after > *wait)) wait = body->retry_after;
  if (!wait && kind == Refusal::Kind::allowance) {
    HttpResponse reset;
    reset.headers["retry-after"] = response.header("x-ratelimit-reset");
    wait = retry_after(reset);
  }
  return wait;
}

}  // namespace

std::optional<Refusal> openalex_refusal(const HttpResponse& response, const std::string& key) {
  const std::optional<ErrorBody> body = error_in(response.body);
  if (response.status == 200 && !body) return std::nullopt;
  Refusal refusal;
  refusal.kind = kind_of(response, body);
  refusal.wait = wait_of(response, body, refusal.kind);
  refusal.message = fmt::format("status {}", response.status);
  if (body) {
    const std::string said = body->message.empty() ? body->error : body->error + ": " + body->message;
    refusal.message += ", " + refusal_text(said, key);
  }
  return refusal;
}

}  // namespace coterie
