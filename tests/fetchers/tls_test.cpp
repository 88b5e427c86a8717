#include <gtest/gtest.h>

#include <cstdlib>

#include "coterie/error.hpp"
#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"
#include "tests/fetchers/loopback_server.hpp"
#include "tests/fetchers/tls_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie {
namespace {

using test::http_answer;
using test::Identified;
using test::identified;
using test::TlsServer;

constexpr const char* k_host = "api.library.example";
constexpr const char* k_key = "canary-5f3a";

/// An authority that the client believes, and servers under a name that leads to this machine.
class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override { test::write_certificate(authorities(), authority); }

  [[nodiscard]] std::filesystem::path authorities() const { return folder.path() / "authorities.pem"; }

  [[nodiscard]] std::unique_ptr<Http> client(const TlsServer& server, bool believing = true) const {
    HttpTestServers servers;
    if (believing) servers.authorities = authorities();
    servers.addresses = {fmt::format("{}:{}:127.0.0.1", k_host, server.port())};
    return curl_http({}, "coterie/test", {}, servers);
  }

  [[nodiscard]] static std::string url(const TlsServer& server) {
    return fmt::format("https://{}:{}/works", k_host, server.port());
  }

  /// The request fails like this, and nothing of it (the key above all) reached the server.
  void expect_refused(const TlsServer& server, ErrorKind kind, bool believing = true) const {
    try {
      (void)client(server, believing)->get({url(server), k_key, {}});
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_NE(std::string(error.what()).find(k_host), std::string::npos) << error.what();
    }
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(server.requests().empty());
  }

  test::TemporaryFolder folder;
  Identified authority = identified({});
  std::string answer = http_answer("200 OK", "", "whole");
};

TEST_F(TlsTest, ACertificateThatHoldsIsTaken) {
  const TlsServer server(identified({k_host}, &authority), answer);
  EXPECT_EQ(client(server)->get({url(server), k_key, {}}).body, "whole");
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_NE(server.requests()[0].find(std::string("Bearer ") + k_key), std::string::npos);
}

TEST_F(TlsTest, AnAuthorityThatIsNotBelievedIsRefused) {
  const TlsServer server(identified({k_host}, &authority), answer);
  expect_refused(server, ErrorKind::unavailable, false);
}

TEST_F(TlsTest, ASelfSignedCertificateIsRefused) {
  const TlsServer server(identified({k_host}), answer);
  expect_refused(server, ErrorKind::unavailable);
}

TEST_F(TlsTest, AnExpiredCertificateIsRefused) {
  const TlsServer server(identified({k_host, -30, -1}, &authority), answer);
  expect_refused(server, ErrorKind::unavailable);
}

TEST_F(TlsTest, ACertificateOfTomorrowIsRefused) {
  const TlsServer server(identified({k_host, 1, 30}, &authority), answer);
  expect_refused(server, ErrorKind::unavailable);
}

TEST_F(TlsTest, ACertificateOfAnotherHostIsRefused) {
  const TlsServer server(identified({"api.other.example"}, &authority), answer);
  expect_refused(server, ErrorKind::unavailable);
}

TEST_F(TlsTest, TheEnvironmentMakesNoCertificateHold) {
  const std::string file = authorities();
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"})
    setenv(name, file.c_str(), 1);
  const TlsServer server(identified({k_host}, &authority), answer);
  expect_refused(server, ErrorKind::unavailable, false);
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"}) unsetenv(name);
}

/// A client that takes any version, to show that the server would answer one.
bool speaks(const TlsServer& server, int version) {
  const std::unique_ptr<SSL_CTX, test::Freed<SSL_CTX_free>> context(
      test::made(SSL_CTX_new(TLS_client_method())));
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
  const std::unique_ptr<SSL, test::Freed<SSL_free>> tls(test::made(SSL_new(context.get())));
  SSL_set_fd(tls.get(), connection);
  const bool spoken = connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                      SSL_connect(tls.get()) == 1;
  close(connection);
  return spoken;
}

TEST_F(TlsTest, OldVersionsAreRefused) {
  const Identified identity = identified({k_host}, &authority);
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    {
      const TlsServer server(identity, answer, version);
      expect_refused(server, ErrorKind::temporary);
    }
    const TlsServer server(identity, answer, version);
    EXPECT_TRUE(speaks(server, version)) << "nobody could speak it, so refusing proves nothing";
  }
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsServer server(identity, answer, version);
    EXPECT_EQ(client(server)->get({url(server), k_key, {}}).body, "whole");
  }
}

TEST_F(TlsTest, ACertificateThatDoesNotHoldIsNotAskedAgain) {
  const TlsServer server(identified({k_host, -30, -1}, &authority), answer);
  SourceSettings settings;
  settings.base_url = fmt::format("https://{}:{}", k_host, server.port());
  const auto source = make_source("openalex", settings, k_key);
  const auto http = client(server);
  test::FakePacing pacing;
  test::MemoryStore store;
  const HarvestOutcome outcome =
      harvest(*source, {"openalex", Query::Kind::works_of_authors, {"A5000000001"}, {}, {}}, store,
              HarvestTools{*http, pacing});
  EXPECT_EQ(outcome.kind, ErrorKind::unavailable);
  EXPECT_EQ(outcome.state, HarvestOutcome::State::failed);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_TRUE(pacing.pauses.empty());
}

TEST_F(TlsTest, AStepDownFromTlsIsNotFollowed) {
  const test::LoopbackServer plain([](const std::string&, const test::LoopbackServer::Send& send) {
    send(http_answer("200 OK", "", "secrets welcome"));
  });
  for (const std::string& target :
       {plain.url("/"), fmt::format("http://{}/", k_host), std::string("http://127.0.0.1:443/")}) {
    const TlsServer server(identified({k_host}, &authority),
                           http_answer("302 Found", "Location: " + target + "\r\n", ""));
    try {
      (void)client(server)->get({url(server), k_key, {k_host, "127.0.0.1"}});
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unavailable) << error.what();
    }
  }
  EXPECT_TRUE(plain.requests().empty());
}

}  // namespace
}  // namespace coterie
