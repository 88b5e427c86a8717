#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "coterie/error.hpp"
#include "coterie/http.hpp"
#include "fetchers/http_url.hpp"
#include "tests/fetchers/loopback_server.hpp"

namespace coterie {
namespace {

using namespace std::chrono_literals;
using test::gzip;
using test::http_answer;
using test::LoopbackServer;

constexpr const char* k_key = "canary-5f3a";

LoopbackServer::Answer always(std::string bytes) {
  return [bytes = std::move(bytes)](const std::string&, const LoopbackServer::Send& send) { send(bytes); };
}

HttpResponse get(const std::string& url, std::vector<std::string> redirect_hosts = {},
                 HttpLimits limits = {}) {
  return curl_http(limits, "coterie/test")->get({url, k_key, std::move(redirect_hosts)});
}

struct Caught {
  ErrorKind kind;
  std::string message;
};

std::optional<Caught> error_of(const std::string& url, HttpLimits limits = {}) {
  try {
    (void)get(url, {}, limits);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find(k_key), std::string::npos) << error.what();
    return Caught{error.kind(), error.what()};
  }
  return std::nullopt;
}

void expect_kind(const std::string& url, ErrorKind kind, HttpLimits limits = {}) {
  const auto caught = error_of(url, limits);
  ASSERT_TRUE(caught) << "no error";
  EXPECT_EQ(caught->kind, kind) << caught->message;
}

TEST(Http, GivesStatusHeadersAndBody) {
  const LoopbackServer server(
      always(http_answer("429 Too Many Requests", "Retry-After: 7\r\nX-A: 1\r\nX-A:  2 \r\n", "slow")));
  const HttpResponse response = get(server.url("/a?b=c"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body, "slow");
  EXPECT_EQ(response.header("retry-after"), "7");
  EXPECT_EQ(response.header("x-a"), "1, 2");
  EXPECT_EQ(response.header("x-b"), "");
  EXPECT_EQ(response.url, server.url("/a?b=c"));
  const std::string request = server.requests().at(0);
  EXPECT_NE(request.find("GET /a?b=c HTTP/1.1\r\n"), std::string::npos) << request;
  EXPECT_NE(request.find(std::string("Authorization: Bearer ") + k_key + "\r\n"), std::string::npos);
  EXPECT_NE(request.find("Accept-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_NE(request.find("User-Agent: coterie/test\r\n"), std::string::npos);
}

TEST(Http, InterimAnswersLeaveNoHeaders) {
  const LoopbackServer server(always("HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n" +
                                     http_answer("200 OK", "X-B: 1\r\n", "ok")));
  const HttpResponse response = get(server.url("/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("retry-after"), "");
  EXPECT_EQ(response.header("x-b"), "1");
}

TEST(Http, DecodesGzip) {
  const std::string text(100'000, 'x');
  const LoopbackServer server(always(http_answer("200 OK", "Content-Encoding: gzip\r\n", gzip(text))));
  EXPECT_EQ(get(server.url("/")).body, text);
}

TEST(Http, DamagedAnswersArePassingTrouble) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("{},", i * 7919);
  const std::string packed = gzip(text);
  std::string flipped = packed;
  flipped[flipped.size() / 2] = static_cast<char>(~flipped[flipped.size() / 2]);
  const std::string encoded = "Content-Encoding: gzip\r\n";
  const std::string answers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
      http_answer("200 OK", encoded, flipped),
      http_answer("200 OK", encoded, "not gzip at all"),
      http_answer("200 OK", "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\n", packed),
      "",
      "nonsense\r\n\r\n",
  };
  for (const std::string& answer : answers) {
    SCOPED_TRACE(answer.substr(0, 60));
    const LoopbackServer server(always(answer));
    expect_kind(server.url("/"), ErrorKind::temporary);
  }
}

TEST(Http, BytesBehindACompressedBodyAreNotUnderstood) {
  const std::string packed = gzip(R"({"meta":{"count":0},"results":[]})");
  const LoopbackServer server(
      always(http_answer("200 OK", "Content-Encoding: gzip\r\n", packed + "junk behind it")));
  expect_kind(server.url("/"), ErrorKind::data);
}

TEST(Http, NobodyThereIsPassingTrouble) {
  std::string url;
  {
    const LoopbackServer server(always(""));
    url = server.url("/");
  }
  expect_kind(url, ErrorKind::temporary);
}

TEST(Http, ABombIsCutAtTheDecodedSize) {
  HttpLimits limits;
  limits.decoded_bytes = 1 << 20;
  const std::string bomb = gzip(gzip(std::string(64 << 20, '\0')));
  ASSERT_LT(bomb.size(), limits.decoded_bytes);
  const LoopbackServer server(always(http_answer("200 OK", "Content-Encoding: gzip, gzip\r\n", bomb)));
  expect_kind(server.url("/"), ErrorKind::data, limits);
}

TEST(Http, ABodyOfExactlyTheLimitIsTaken) {
  HttpLimits limits;
  limits.decoded_bytes = 1000;
  const LoopbackServer fits(always(http_answer("200 OK", "", std::string(1000, 'x'))));
  EXPECT_EQ(get(fits.url("/"), {}, limits).body.size(), 1000u);
  const LoopbackServer longer(always(http_answer("200 OK", "", std::string(1001, 'x'))));
  expect_kind(longer.url("/"), ErrorKind::data, limits);
}

TEST(Http, AnEndlessBodyIsCut) {
  HttpLimits limits;
  limits.decoded_bytes = 1 << 20;
  const LoopbackServer server([](const std::string&, const LoopbackServer::Send& send) {
    send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string block(1 << 16, 'x');
    while (send(block)) {
    }
  });
  expect_kind(server.url("/"), ErrorKind::data, limits);
}

TEST(Http, HugeHeadersAreRefused) {
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += fmt::format("X-{}: {}\r\n", i, std::string(8000, 'h'));
  const LoopbackServer server(always(http_answer("200 OK", headers, "")));
  expect_kind(server.url("/"), ErrorKind::data);
}

TEST(Http, EndlessHeadersAreRefused) {
  std::atomic<bool> cut{false};
  const LoopbackServer server([&](const std::string&, const LoopbackServer::Send& send) {
    send("HTTP/1.1 200 OK\r\n");
    while (send("X: " + std::string(200, 'h') + "\r\n")) {
    }
    cut = true;
  });
  expect_kind(server.url("/"), ErrorKind::data);
  for (int i = 0; i < 500 && !cut; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(cut) << "the connection stays open";
}

TEST(Http, AStallIsCut) {
  std::atomic<bool> over{false};
  HttpLimits limits;
  limits.stall = 1s;
  limits.total = 20s;
  const auto began = std::chrono::steady_clock::now();
  {
    const LoopbackServer server([&](const std::string&, const LoopbackServer::Send& send) {
      send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nstart");
      while (!over) std::this_thread::sleep_for(10ms);
    });
    expect_kind(server.url("/"), ErrorKind::temporary, limits);
    over = true;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(Http, ADripIsCutByTheTotalTime) {
  std::atomic<bool> over{false};
  HttpLimits limits;
  limits.total = 1s;
  const LoopbackServer server([&](const std::string&, const LoopbackServer::Send& send) {
    send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (!over && send("x")) std::this_thread::sleep_for(20ms);
  });
  expect_kind(server.url("/"), ErrorKind::temporary, limits);
  over = true;
}

TEST(Http, ADripIsCutByItsRate) {
  HttpLimits limits;
  limits.stall = 2s;
  limits.total = 60s;
  const auto began = std::chrono::steady_clock::now();
  const LoopbackServer server([&](const std::string&, const LoopbackServer::Send& send) {
    send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    while (send("x")) std::this_thread::sleep_for(50ms);  // 20 bytes per second
  });
  expect_kind(server.url("/"), ErrorKind::temporary, limits);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s);
}

TEST(Http, AConnectionThatIsNotAcceptedIsCut) {
  // A listening socket whose queue is full: the kernel answers no further connection.
  const int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(socket_, plain, length), 0);
  ASSERT_EQ(listen(socket_, 0), 0);
  ASSERT_EQ(getsockname(socket_, plain, &length), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    (void)connect(waiting.back(), plain, length);
  }
  HttpLimits limits;
  limits.connect = 1s;
  const auto began = std::chrono::steady_clock::now();
  expect_kind(fmt::format("http://127.0.0.1:{}/", ntohs(address.sin_port)), ErrorKind::temporary, limits);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, 900ms);
  EXPECT_LT(took, 8s);
  for (const int one : waiting) close(one);
  close(socket_);
}

TEST(Http, WithoutEncryptionOnlyThisMachineIsAsked) {
  for (const char* url :
       {"http://api.openalex.org/works", "http://127.0.0.1.evil.example/", "http://localhost.evil/",
        "ftp://127.0.0.1/", "file:///etc/passwd", "no url", "http://user:canary-5f3a@127.0.0.1/"}) {
    SCOPED_TRACE(url);
    expect_kind(url, ErrorKind::configuration);
  }
}

TEST(Http, AKeyThatIsNoHeaderIsRefused) {
  const LoopbackServer server(always(http_answer("200 OK", "", "")));
  const auto http = curl_http({}, "coterie/test");
  try {
    (void)http->get({server.url("/"), "canary\r\nX-Evil: 1", {}});
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::configuration);
    EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
  }
  EXPECT_TRUE(server.requests().empty());
}

TEST(Http, ProxiesOfTheEnvironmentAreNotUsedForThisMachine) {
  const LoopbackServer server(always(http_answer("200 OK", "", "direct")));
  const LoopbackServer proxy(always(http_answer("200 OK", "", "proxy")));
  setenv("http_proxy", proxy.url("").c_str(), 1);
  const std::string body = get(server.url("/")).body;
  unsetenv("http_proxy");
  EXPECT_EQ(body, "direct");
}

TEST(Http, OneHandleServesManyRequests) {
  const LoopbackServer server([](const std::string& request, const LoopbackServer::Send& send) {
    send(http_answer("200 OK", "", request.substr(0, request.find('\r'))));
  });
  const auto http = curl_http({}, "coterie/test");
  EXPECT_EQ(http->get({server.url("/a"), k_key, {}}).body, "GET /a HTTP/1.1");
  EXPECT_EQ(http->get({server.url("/b"), "", {}}).body, "GET /b HTTP/1.1");
  EXPECT_EQ(server.requests()[1].find(k_key), std::string::npos) << "the key of an earlier request";
}

TEST(Http, ARedirectThatRepeatsTheKeyIsToldWithoutIt) {
  const std::string key = k_key;
  for (const std::string& target :
       {"https://other.example/" + key, "mailto:" + std::string(290, 'x') + key}) {
    const LoopbackServer server(always(http_answer("302 Found", "Location: " + target + "\r\n", "")));
    std::string told;
    try {
      (void)get(server.url("/"));
    } catch (const Error& error) {
      told = error.what();
    }
    EXPECT_NE(told.find("redirect"), std::string::npos) << told;
    EXPECT_EQ(told.find(key.substr(0, 6)), std::string::npos) << told;
  }
}

TEST(Http, ARequestInFlightIsGivenUp) {
  const LoopbackServer server([](const std::string&, const LoopbackServer::Send& send) {
    send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1");
    std::this_thread::sleep_for(4s);
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto since = [&] { return std::chrono::steady_clock::now() - begin; };
  const auto http = curl_http({}, "coterie/test", [&] { return since() > 500ms; });
  try {
    (void)http->get({server.url("/"), k_key, {}});
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::temporary);
    EXPECT_NE(std::string(error.what()).find("given up"), std::string::npos) << error.what();
  }
  EXPECT_LT(since(), 3s);
}

TEST(Url, KnowsThisMachine) {
  for (const char* url :
       {"http://127.0.0.1/", "http://127.255.0.3:8080/x", "http://[::1]/", "http://LOCALHOST/"}) {
    EXPECT_TRUE(parse_url(url).loopback()) << url;
  }
  for (const char* url : {"http://128.0.0.1/", "http://127.0.0.1.example/", "https://localhost.example/",
                          "http://[::2]/", "http://0.0.0.0/"}) {
    EXPECT_FALSE(parse_url(url).loopback()) << url;
  }
}

TEST(Url, EncodesAllButUnreservedBytes) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b|c,\"ü/+"), "a%20b%7Cc%2C%22%C3%BC%2F%2B");
}

}  // namespace
}  // namespace coterie
