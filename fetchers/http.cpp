#include "coterie/http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string_view>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "fetchers/http_url.hpp"
#include "fetchers/refusal_text.hpp"

namespace coterie {
namespace {

constexpr std::size_t k_header_bytes = 256 << 10;
/// Parsers read some bytes past the end and would copy a body that leaves no room for that.
constexpr std::size_t k_room_behind_body = 64;

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, HandleDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (const CURLcode code = curl_easy_setopt(handle, option, value); code != CURLE_OK) {
    throw Error(ErrorKind::bug, fmt::format("libcurl refuses option {}: {}", static_cast<int>(option),
                                            curl_easy_strerror(code)));
  }
}

/// An answer while it arrives.
struct Arriving {
  HttpResponse response;
  std::size_t header_bytes = 0;
  std::uint64_t body_limit = 0;
  bool body_too_long = false;
  bool headers_too_long = false;
  std::optional<ErrorKind> failure;  // an exception must not cross libcurl
};

std::size_t take_body(const char* bytes, std::size_t, std::size_t length, void* target) {
  Arriving& arriving = *static_cast<Arriving*>(target);
  // The bytes are decoded already, so this also bounds what a small compressed body may unfold to.
  if (length > arriving.body_limit - arriving.response.body.size()) {
    arriving.body_too_long = true;
    return 0;
  }
  try {
    arriving.response.body.append(bytes, length);
  } catch (const std::exception&) {
    arriving.failure = ErrorKind::system;
    return 0;
  }
  return length;
}

void take_header_line(Arriving& arriving, std::string_view line) {
  if (line.starts_with("HTTP/")) {
    // Interim answers (100, 103) come before the answer proper.
    arriving.response.headers.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view value = text::trimmed(line.substr(colon + 1));
  std::string& stored = arriving.response.headers[text::lower(text::trimmed(line.substr(0, colon)))];
  if (!stored.empty()) stored += ", ";
  stored += value;
}

std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* target) {
  Arriving& arriving = *static_cast<Arriving*>(target);
  const std::size_t length = size * count;
  arriving.header_bytes += length;
  if (arriving.header_bytes > k_header_bytes) {
    arriving.headers_too_long = true;
    return 0;
  }
  try {
    take_header_line(arriving, {bytes, length});
  } catch (const std::exception&) {
    arriving.failure = ErrorKind::system;
    return 0;
  }
  return length;
}

/// Asked by libcurl while it waits; anything but 0 ends the request.
int asks_to_give_up(void* give_up, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(give_up))() ? 1 : 0;
}

bool certificate_fault(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR ||
         code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_CRL_BADFILE;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Keys stand in headers only; nothing that could carry one into a header of another meaning is sent.
void check_bearer(const std::string& bearer) {
  const bool sound = std::all_of(bearer.begin(), bearer.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!sound) {
    throw Error(ErrorKind::configuration, "the key holds a space or a character that is not printable ASCII");
  }
}

class CurlHttp final : public Http {
 public:
  CurlHttp(const HttpLimits& limits, std::string user_agent, std::function<bool()> give_up,
           HttpTestServers servers)
      : m_limits(limits),
        m_user_agent(std::move(user_agent)),
        m_give_up(std::move(give_up)),
        m_servers(std::move(servers)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_handle.reset(curl_easy_init());
    if (!m_handle) throw Error(ErrorKind::system, "libcurl cannot be started");
    for (const std::string& address : m_servers.addresses) {
      m_addresses.reset(curl_slist_append(m_addresses.release(), address.c_str()));
    }
  }

  HttpResponse get(const HttpRequest& request) override {
    check_bearer(request.bearer);
    const Url origin = parse_url(request.url);
    if (!origin.safe()) {
      throw Error(ErrorKind::configuration,
                  fmt::format("'{}' is not https; only this machine may be asked without", origin.shown()));
    }
    Url url = origin;
    for (int hop = 0;; ++hop) {
      HttpResponse response = fetch(url, url.same_place(origin) ? request.bearer : std::string{});
      const std::string location = is_redirect(response.status) ? response.header("location") : std::string{};
      if (location.empty()) return response;
      if (hop == m_limits.redirects) {
        throw Error(ErrorKind::unavailable, fmt::format("{}: more than {} redirects", origin.shown(), hop));
      }
      url = redirected(url, location, origin, request);
    }
  }

 private:
  static Url redirected(const Url& from, const std::string& location, const Url& origin,
                        const HttpRequest& request) {
    const std::vector<std::string>& hosts = request.redirect_hosts;
    const std::optional<Url> to = resolve_url(from, location);
    const bool listed = to && std::find(hosts.begin(), hosts.end(), to->host) != hosts.end() &&
                        (to->port == origin.port || to->port == 443);
    // A key in an address would go on to logs, and to whoever is asked next.
    const bool tells_key = without_key(location, request.bearer) != location;
    // A step from https to http on the same machine would be a downgrade as well.
    const bool allowed =
        to && !tells_key && to->safe() && (to->scheme == origin.scheme) && (to->same_place(origin) || listed);
    if (!allowed) {
      throw Error(ErrorKind::unavailable,
                  fmt::format("{}: redirect to '{}' is not followed", origin.shown(),
                              refusal_text(to ? to->shown() : location, request.bearer)));
    }
    return *to;
  }

  HttpResponse fetch(const Url& url, const std::string& bearer) {
    Arriving arriving;
    arriving.body_limit = m_limits.decoded_bytes;
    char detail[CURL_ERROR_SIZE] = "";
    CURL* handle = m_handle.get();
    curl_easy_reset(handle);
    set_limits(handle);
    set(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
    set(handle, CURLOPT_URL, url.text.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
    if (url.loopback()) set(handle, CURLOPT_PROXY, "");
    List headers;
    if (!bearer.empty()) {
      headers.reset(curl_slist_append(nullptr, ("Authorization: Bearer " + bearer).c_str()));
      if (!headers) throw Error(ErrorKind::system, "out of memory");
      set(handle, CURLOPT_HTTPHEADER, headers.get());
    }
    set(handle, CURLOPT_WRITEFUNCTION, &take_body);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&arriving));
    set(handle, CURLOPT_HEADERFUNCTION, &take_header);
    set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&arriving));
    if (m_give_up) {
      set(handle, CURLOPT_NOPROGRESS, 0L);
      set(handle, CURLOPT_XFERINFOFUNCTION, &asks_to_give_up);
      set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&m_give_up));
    }
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) fail(url, code, arriving, detail, bearer);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    arriving.response.status = static_cast<int>(status);
    arriving.response.url = url.text;
    arriving.response.body.reserve(arriving.response.body.size() + k_room_behind_body);
    return std::move(arriving.response);
  }

  void set_limits(CURL* handle) const {
    set(handle, CURLOPT_HTTPGET, 1L);
    set(handle, CURLOPT_USERAGENT, m_user_agent.c_str());
    set(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_UNRESTRICTED_AUTH, 0L);
    set(handle, CURLOPT_AUTOREFERER, 0L);
    set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(m_limits.connect.count()));
    set(handle, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(m_limits.slowest));
    set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_limits.stall.count()));
    set(handle, CURLOPT_TIMEOUT, static_cast<long>(m_limits.total.count()));
    if (!m_servers.authorities.empty()) set(handle, CURLOPT_CAINFO, m_servers.authorities.c_str());
    if (m_addresses) set(handle, CURLOPT_RESOLVE, m_addresses.get());
  }

  [[noreturn]] void fail(const Url& url, CURLcode code, const Arriving& arriving, const char* detail,
                         const std::string& bearer) const {
    if (arriving.failure || code == CURLE_OUT_OF_MEMORY) throw Error(ErrorKind::system, "out of memory");
    if (arriving.body_too_long) {
      throw TooLarge(
          fmt::format("{}: the answer is longer than {} bytes", url.shown(), m_limits.decoded_bytes));
    }
    if (arriving.headers_too_long) {
      throw Error(ErrorKind::data, fmt::format("{}: the answer's headers are longer than {} bytes",
                                               url.shown(), k_header_bytes));
    }
    if (code == CURLE_WRITE_ERROR) {  // not of our making, so it is libcurl's decoder that takes no more
      throw Error(ErrorKind::data,
                  fmt::format("{}: bytes follow the end of the compressed answer", url.shown()));
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
      throw Error(ErrorKind::temporary, fmt::format("{}: the request was given up", url.shown()));
    }
    const std::string reason = *detail != '\0' ? detail : curl_easy_strerror(code);
    throw Error(certificate_fault(code) ? ErrorKind::unavailable : ErrorKind::temporary,
                fmt::format("{}: {}", url.shown(), refusal_text(reason, bearer)));
  }

  HttpLimits m_limits;
  std::string m_user_agent;
  std::function<bool()> m_give_up;
  HttpTestServers m_servers;
  List m_addresses;
  Handle m_handle;
};

}  // namespace

std::string HttpResponse::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string{} : found->second;
}

std::unique_ptr<Http> curl_http(const HttpLimits& limits, const std::string& user_agent,
                                std::function<bool()> give_up, HttpTestServers servers) {
  return std::make_unique<CurlHttp>(limits, user_agent, std::move(give_up), std::move(servers));
}

}  // namespace coterie
