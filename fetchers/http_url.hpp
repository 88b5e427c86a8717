#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coterie {

/// A URL of a web service, taken apart by the rules of the library that will ask it.
struct Url {
  std::string text;
  std::string scheme;  ///< in lower case
  std::string host;    ///< in lower case, an IPv6 address in brackets
  std::string path;
  int port = 0;  ///< the scheme's own when none is written

  /// Whether the host is this machine: 127.0.0.0/8, ::1 or localhost.
  [[nodiscard]] bool loopback() const;
  /// Whether the URL may be asked: https, or http on this machine.
  [[nodiscard]] bool safe() const;
  /// Whether both lead to the same server.
  [[nodiscard]] bool same_place(const Url& other) const;
  /// Scheme, host, port and path for a message, without the query.
  [[nodiscard]] std::string shown() const;
};

/// \throws Error{configuration} if the text is no URL, or holds a user name or password
[[nodiscard]] Url parse_url(const std::string& text);

/// The URL that a redirect's `Location` means; nullopt if it is none or holds a user name or password.
[[nodiscard]] std::optional<Url> resolve_url(const Url& base, const std::string& location);

/// The text with every byte but unreserved ones (RFC 3986) percent-encoded.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace coterie
