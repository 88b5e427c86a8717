#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coterie/error.hpp"

namespace coterie {

/// A GET to be sent.
struct HttpRequest {
  std::string url;
  std::string bearer;  ///< key for `Authorization: Bearer`; never logged, never sent to another host
  std::vector<std::string> redirect_hosts;  ///< hosts other than the url's own to which a redirect may lead
};

/// An answer that arrived whole, as far as the transport can tell; whether it is complete is the parser's to
/// prove.
struct HttpResponse {
  int status = 0;
  std::string url;                             ///< where the answer came from, after redirects
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< decoded

  /// The header's value, or an empty text.
  [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

/// Bounds on one request; nothing waits or grows without one.
struct HttpLimits {
  std::chrono::seconds connect{10};
  std::chrono::seconds stall{30};  ///< the longest time with (nearly) nothing: below `slowest`
  std::chrono::seconds total{120};
  int slowest = 100;  ///< bytes per second; a slower answer would not be whole within `total`
  std::uint64_t decoded_bytes = 12ULL << 20;
  int redirects = 3;
};

/// An answer, or a list in it, that is too large to be read in bounded memory. Asking again does not help;
/// asking for a smaller page may.
class TooLarge : public Error {
 public:
  explicit TooLarge(const std::string& message) : Error(ErrorKind::data, message) {}
};

/// Servers of tests: where they are and who vouches for them. Nothing but a test fills this in, so that
/// neither a study nor the environment can make a certificate hold that does not.
struct HttpTestServers {
  std::string authorities;             ///< PEM file of the authorities that are believed; empty: the system's
  std::vector<std::string> addresses;  ///< "host:port:address", in place of what the host's name stands for
};

/// Something that answers a GET; the tests put their own in its place.
class Http {
 public:
  virtual ~Http() = default;

  /// \return the answer, whatever its status
  /// \throws Error{temporary} if no whole answer arrived (connection, time limit, damaged encoding)
  /// \throws Error{unavailable} if the answer must not be taken: a redirect to a host or scheme that is not
  ///         allowed, too many redirects, a certificate that does not hold
  /// \throws Error{data} for headers without end, or bytes behind the end of a compressed body
  /// \throws TooLarge if the body is longer than HttpLimits::decoded_bytes
  /// \throws Error{configuration} if the url is not https and its host is not loopback, or if
  ///         the key cannot stand in a header
  [[nodiscard]] virtual HttpResponse get(const HttpRequest& request) = 0;
};

/// libcurl: HTTP/2 where the server has it, gzip, connections kept between requests, no environment proxies
/// for loopback.
/// \param give_up asked about once a second while a request is in flight: true ends it with Error{temporary};
///        may be empty
[[nodiscard]] std::unique_ptr<Http> curl_http(const HttpLimits& limits, const std::string& user_agent,
                                              std::function<bool()> give_up = {},
                                              HttpTestServers servers = {});

}  // namespace coterie
