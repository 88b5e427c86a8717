#include "fetchers/http_url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

struct HandleDeleter {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using Handle = std::unique_ptr<CURLU, HandleDeleter>;

Handle new_handle() {
  Handle handle(curl_url());
  if (!handle) throw Error(ErrorKind::system, "out of memory");
  return handle;
}

std::string part(CURLU* handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, void (*)(void*)> owner(text, curl_free);
  return text;
}

std::optional<Url> url_in(CURLU* handle) {
  if (!part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty()) return std::nullopt;
  Url url;
  url.text = part(handle, CURLUPART_URL);
  url.scheme = text::lower(part(handle, CURLUPART_SCHEME));
  url.host = text::lower(part(handle, CURLUPART_HOST));
  url.path = part(handle, CURLUPART_PATH);
  const std::string port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (url.text.empty() || url.scheme.empty() || url.host.empty()) return std::nullopt;
  return url;
}

}  // namespace

bool Url::loopback() const {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

bool Url::safe() const { return scheme == "https" || (scheme == "http" && loopback()); }

bool Url::same_place(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

std::string Url::shown() const {
  return text::printable(fmt::format("{}://{}:{}{}", scheme, host, port, path));
}

Url parse_url(const std::string& text) {
  const Handle handle = new_handle();
  std::optional<Url> url;
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
    url = url_in(handle.get());
  }
  if (!url) {
    // The text may hold a password, so it is not repeated.
    throw Error(ErrorKind::configuration, "a source's address is no URL such as https://host/path");
  }
  return *url;
}

std::optional<Url> resolve_url(const Url& base, const std::string& location) {
  const Handle handle = new_handle();
  if (curl_url_set(handle.get(), CURLUPART_URL, base.text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  if (curl_url_set(handle.get(), CURLUPART_URL, location.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return std::nullopt;
  }
  return url_in(handle.get());
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                            c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace coterie
