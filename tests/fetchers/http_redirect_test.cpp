#include <gtest/gtest.h>

#include "coterie/error.hpp"
#include "coterie/http.hpp"
#include "tests/fetchers/loopback_server.hpp"

namespace coterie {
namespace {

using test::http_answer;
using test::LoopbackServer;

constexpr const char* k_key = "canary-5f3a";

LoopbackServer::Answer always(std::string bytes) {
  return [bytes = std::move(bytes)](const std::string&, const LoopbackServer::Send& send) { send(bytes); };
}

LoopbackServer::Answer redirect_to(const std::string& location) {
  return always(http_answer("302 Found", "Location: " + location + "\r\n", ""));
}

HttpResponse get(const std::string& url, std::vector<std::string> redirect_hosts = {}) {
  return curl_http({}, "coterie/test")->get({url, k_key, std::move(redirect_hosts)});
}

/// The text of the refusal to follow; no part of the key stands in it.
std::string refused(const LoopbackServer& server, std::vector<std::string> redirect_hosts = {}) {
  try {
    (void)get(server.url("/"), std::move(redirect_hosts));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable) << error.what();
    const std::string message = error.what();
    for (const char* part : {"canary", "5f3a"}) EXPECT_EQ(message.find(part), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(HttpRedirect, FollowsARedirectOnTheSameServerWithTheKey) {
  const LoopbackServer server([](const std::string& request, const LoopbackServer::Send& send) {
    send(request.starts_with("GET /old ") ? http_answer("301 Moved", "Location: /new?x=1\r\n", "")
                                          : http_answer("200 OK", "", "there"));
  });
  const HttpResponse response = get(server.url("/old"));
  EXPECT_EQ(response.body, "there");
  EXPECT_EQ(response.url, server.url("/new?x=1"));
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_NE(server.requests()[1].find(k_key), std::string::npos);
}

TEST(HttpRedirect, DoesNotFollowARedirectElsewhere) {
  const LoopbackServer other(always(http_answer("200 OK", "", "secrets welcome")));
  const std::string targets[] = {
      other.url("/"),                                        // another port
      fmt::format("http://localhost:{}/", other.port()),     // another name
      "https://api.openalex.org/works",                      // another host
      "//127.0.0.1:" + std::to_string(other.port()) + "/x",  // without a scheme
      "file:///etc/passwd",
      "ftp://127.0.0.1/",
      fmt::format("http://user:password@127.0.0.1:{}/", other.port()),
  };
  for (const std::string& target : targets) {
    SCOPED_TRACE(target);
    const LoopbackServer server(redirect_to(target));
    refused(server);
    EXPECT_EQ(server.requests().size(), 1u);
  }
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpRedirect, FollowsARedirectToAListedHostWithoutTheKey) {
  LoopbackServer server([&](const std::string& request, const LoopbackServer::Send& send) {
    const std::size_t host = request.find("Host: localhost:");
    const std::size_t port = request.find("Host: 127.0.0.1:") + 16;
    send(host != std::string::npos
             ? http_answer("200 OK", "", "listed")
             : http_answer("302 Found",
                           "Location: http://localhost:" +
                               request.substr(port, request.find('\r', port) - port) + "/there\r\n",
                           ""));
  });
  const HttpResponse response = get(server.url("/"), {"localhost"});
  EXPECT_EQ(response.body, "listed");
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_NE(server.requests()[0].find(k_key), std::string::npos);
  EXPECT_EQ(server.requests()[1].find(k_key), std::string::npos);
  EXPECT_EQ(server.requests()[1].find("Authorization"), std::string::npos);
  EXPECT_EQ(server.requests()[1].find("Referer"), std::string::npos);
}

TEST(HttpRedirect, ARedirectLoopEnds) {
  const LoopbackServer server(redirect_to("/"));
  refused(server);
  EXPECT_EQ(server.requests().size(), 4u);  // the first and three redirects
}

TEST(HttpRedirect, ARedirectWithoutPlaceIsAnAnswer) {
  const LoopbackServer server(always(http_answer("302 Found", "", "")));
  EXPECT_EQ(get(server.url("/")).status, 302);
}

TEST(HttpRedirect, EveryKindOfRedirectIsFollowedOnTheSameServer) {
  for (const char* status : {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"}) {
    const LoopbackServer server([&](const std::string& request, const LoopbackServer::Send& send) {
      send(request.starts_with("GET /a/old ") ? http_answer(status, "Location: ../b/new\r\n", "moved")
                                              : http_answer("200 OK", "", "there"));
    });
    const HttpResponse response = get(server.url("/a/old"));
    EXPECT_EQ(response.status, 200) << status;
    EXPECT_EQ(response.url, server.url("/b/new")) << status;
    EXPECT_EQ(response.body, "there") << status;
    ASSERT_EQ(server.requests().size(), 2u);
    EXPECT_TRUE(server.requests()[1].starts_with("GET ")) << status;
    EXPECT_EQ(server.requests()[1].find("Referer"), std::string::npos);
  }
}

TEST(HttpRedirect, NeitherKeyNorRefererReachASecondServer) {
  const LoopbackServer second(always(http_answer("200 OK", "", "secrets welcome")));
  const LoopbackServer first(redirect_to(second.url("/")));
  refused(first);
  refused(first, {"127.0.0.1"});  // a listed host, but another of its ports
  EXPECT_TRUE(second.requests().empty());
}

TEST(HttpRedirect, ALoopOverTwoAddressesEnds) {
  const LoopbackServer server([](const std::string& request, const LoopbackServer::Send& send) {
    send(http_answer("302 Found", request.starts_with("GET /a ") ? "Location: /b\r\n" : "Location: /a\r\n",
                     ""));
  });
  refused(server);
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST(HttpRedirect, AnAddressThatHoldsTheKeyIsNeitherFollowedNorShown) {
  const std::string writings[] = {k_key, "canary%2D5f3a", "%63anary-5f3a", "canary-%35f3a"};
  for (const std::string& key : writings) {
    for (const std::string& target :
         {"/works?api_key=" + key, "/" + key + "/works", "https://" + key + ".example/",
          "https://a.example/" + key, "https://user:" + key + "@a.example/", "no scheme:" + key}) {
      SCOPED_TRACE(target);
      const LoopbackServer server(redirect_to(target));
      refused(server);
      EXPECT_EQ(server.requests().size(), 1u);
    }
  }
}

}  // namespace
}  // namespace coterie
