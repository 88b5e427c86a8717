// What a server may do wrong on the wire, each through libcurl, the parser and harvest(): for a while, and
// for ever.

#include <gtest/gtest.h>

#include "coterie/harvest.hpp"
#include "tests/fetchers/fake_world.hpp"
#include "tests/fetchers/loopback_server.hpp"

namespace coterie {
namespace {

using namespace std::chrono_literals;
using test::gzip;
using test::http_answer;
using test::LoopbackServer;
using State = HarvestOutcome::State;

constexpr std::size_t k_disturbed =
    2;  // the request from which on things go wrong: the second of three pages
constexpr const char* k_key = "canary-5f3a-8e21";
const std::string k_gzip = "Content-Encoding: gzip\r\n";

enum class Then { close, nothing, drip, endless };

struct Scenario {
  const char* name;
  std::string (*bytes)(const std::string& body);  ///< what is sent in place of the good answer
  ErrorKind kind;                                 ///< of the gap if it never ends
  Then then = Then::close;                        ///< what follows these bytes
  bool final = false;                             ///< whether one such answer is enough to know
  bool harmless = false;                          ///< whether the answer may be taken as it is
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

std::string with_byte_inverted(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(~bytes[at]);
  return bytes;
}

std::string half(const std::string& text) { return text.substr(0, text.size() / 2); }

std::string zeros(std::size_t size) { return std::string(size, '\0'); }

std::string redirect_to(const std::string& place) {
  return http_answer("302 Found", "Location: " + place + "\r\n", "");
}

std::string throttled(const char* retry_after) {
  return http_answer(
      "429 Too Many Requests", fmt::format("Retry-After: {}\r\n", retry_after),
      R"({"error":"Rate limit exceeded","message":"Rate limit exceeded: 10 requests per second"})");
}

std::string huge_headers() {
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += fmt::format("X-{}: {}\r\n", i, std::string(8000, 'h'));
  return http_answer("200 OK", headers, "");
}

constexpr const char* k_start = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

const Scenario k_scenarios[] = {
    {"short_cl",
     [](const std::string& body) {
       return fmt::format("{}Content-Length: {}\r\n\r\n{}", k_start, body.size(), half(body));
     },
     ErrorKind::temporary},
    {"no_cl_trunc", [](const std::string& body) { return k_start + ("\r\n" + half(body)); }, ErrorKind::data},
    {"chunk_trunc",
     [](const std::string& body) {
       return fmt::format("{}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n", k_start, half(body).size(),
                          half(body));
     },
     ErrorKind::temporary},
    {"gz_trunc", [](const std::string& body) { return http_answer("200 OK", k_gzip, half(gzip(body))); },
     ErrorKind::data},
    {"gz_trunc_trailer",
     [](const std::string& body) {
       const std::string packed = gzip(body);
       return http_answer("200 OK", k_gzip, packed.substr(0, packed.size() - 8));
     },
     ErrorKind::temporary, Then::close, false, true},
    {"gz_flip",
     [](const std::string& body) {
       const std::string packed = gzip(body);
       return http_answer("200 OK", k_gzip, with_byte_inverted(packed, packed.size() - 6));
     },
     ErrorKind::temporary},
    {"gz_mid",
     [](const std::string& body) {
       const std::string packed = gzip(body);
       return http_answer("200 OK", k_gzip, with_byte_inverted(packed, packed.size() / 2));
     },
     ErrorKind::temporary},
    {"gz_notgz", [](const std::string& body) { return http_answer("200 OK", k_gzip, body); },
     ErrorKind::temporary},
    {"gz_trailing",
     [](const std::string& body) { return http_answer("200 OK", k_gzip, gzip(body) + "junk"); },
     ErrorKind::data},
    {"bomb",
     [](const std::string&) {
       static const std::string packed = gzip(zeros(300 << 20));
       return http_answer("200 OK", k_gzip, packed);
     },
     ErrorKind::data},
    {"bomb2",
     [](const std::string&) {
       static const std::string packed = gzip(gzip(gzip(zeros(100 << 20))));
       return http_answer("200 OK", "Content-Encoding: gzip, gzip, gzip\r\n", packed);
     },
     ErrorKind::data},
    {"enc6",
     [](const std::string& body) {
       std::string packed = body;
       for (int i = 0; i < 6; ++i) packed = gzip(packed);
       return http_answer("200 OK", "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\n", packed);
     },
     ErrorKind::temporary},
    {"endless", [](const std::string& body) { return k_start + ("\r\n" + body); }, ErrorKind::data,
     Then::endless},
    {"stall",
     [](const std::string& body) {
       return fmt::format("{}Content-Length: {}\r\n\r\n{}", k_start, body.size(), body.substr(0, 100));
     },
     ErrorKind::temporary, Then::nothing},
    {"drip", [](const std::string&) { return k_start + std::string("Content-Length: 9999\r\n\r\n"); },
     ErrorKind::temporary, Then::drip},
    {"redir_host", [](const std::string&) { return redirect_to("http://localhost.example/works"); },
     ErrorKind::unavailable, Then::close, true},
    {"redir_port", [](const std::string&) { return redirect_to("http://127.0.0.1:9/works"); },
     ErrorKind::unavailable, Then::close, true},
    {"redir_file", [](const std::string&) { return redirect_to("file:///etc/passwd"); },
     ErrorKind::unavailable, Then::close, true},
    {"redir_ftp", [](const std::string&) { return redirect_to("ftp://127.0.0.1/"); }, ErrorKind::unavailable,
     Then::close, true},
    {"429", [](const std::string&) { return throttled("7"); }, ErrorKind::temporary},
    {"429date", [](const std::string&) { return throttled("Wed, 21 Oct 2037 07:28:00 GMT"); },
     ErrorKind::temporary},
    {"429neg", [](const std::string&) { return throttled("-5"); }, ErrorKind::temporary},
    {"429huge", [](const std::string&) { return throttled("99999999999999999999"); }, ErrorKind::temporary},
    {"200html",
     [](const std::string&) {
       return http_answer("200 OK", "", "<html><body>Service temporarily unavailable</body></html>");
     },
     ErrorKind::data},
    {"error_body",
     [](const std::string&) {
       return http_answer("200 OK", "", fmt::format(R"({{"error":"Oh","message":"no use for {}"}})", k_key));
     },
     ErrorKind::temporary},
    {"hugehdr", [](const std::string&) { return huge_headers(); }, ErrorKind::data},
};

/// A list of three pages behind a server that spoils some of its answers.
class TransferScenario : public ::testing::TestWithParam<Scenario> {
 protected:
  TransferScenario() {
    for (int i = 1; i <= 6; ++i) world.works.push_back(test::work_json(fmt::format("W{}", i), i));
    SourceSettings settings;
    settings.base_url = server.url("");
    source = make_source("openalex", settings, k_key);
  }
  ~TransferScenario() override { over = true; }

  HarvestOutcome run(test::MemoryStore& store, int attempts = 5) {
    HttpLimits limits;
    limits.stall = 1s;
    limits.decoded_bytes = 1 << 20;
    const auto http = curl_http(limits, "coterie/test");
    const HarvestOutcome outcome = harvest(*source, query, store, HarvestTools{*http, pacing, {}, attempts});
    EXPECT_EQ(outcome.reason.find("canary"), std::string::npos) << outcome.reason;
    return outcome;
  }

  /// The works of a run without trouble.
  std::map<std::string, Work> undisturbed() {
    test::FakeHttp http;
    http.answer = world;
    test::MemoryStore store;
    EXPECT_EQ(harvest(*source, query, store, HarvestTools{http, pacing}).state, State::complete);
    EXPECT_EQ(store.works.size(), 6u);
    return store.works;
  }

  void answer(const std::string& request, const LoopbackServer::Send& send) {
    const std::size_t from = request.find(' ') + 1;
    const std::string body = world({request.substr(from, request.find(' ', from) - from), {}, {}}).body;
    if (++asked < k_disturbed || asked >= k_disturbed + times) {
      send(http_answer("200 OK", k_gzip, gzip(body)));
      return;
    }
    bool there = send(GetParam().bytes(body));
    const Then then = GetParam().then;
    while (there && !over && then != Then::close) {
      if (then == Then::endless) there = send(std::string(1 << 16, ' '));
      if (then == Then::drip) there = send(" ");
      if (then == Then::nothing || then == Then::drip) std::this_thread::sleep_for(20ms);
      // Silence does not tell whether the client has gone; a little of it is enough.
      if (then == Then::nothing && ++silent > 75) return;
    }
  }

  test::FakeOpenAlex world;
  std::atomic<bool> over{false};
  std::atomic<std::size_t> asked{0};
  std::size_t times = 1;
  int silent = 0;
  LoopbackServer server{[this](const std::string& request, const LoopbackServer::Send& send) {
    silent = 0;
    answer(request, send);
  }};
  test::FakePacing pacing;
  Query query{"openalex", Query::Kind::works_of_authors, {"A5000000001"}, {}, {"ada"}};
  std::unique_ptr<Source> source;
};

TEST_P(TransferScenario, ThatPassesLeavesNoTrace) {
  const bool slow = GetParam().then == Then::nothing || GetParam().then == Then::drip;
  times = slow ? 1 : 3;
  test::MemoryStore store;
  HarvestOutcome outcome = run(store);
  if (GetParam().final) {
    EXPECT_EQ(outcome.kind, ErrorKind::unavailable);
    asked = k_disturbed + times;
    outcome = run(store);
  }
  EXPECT_EQ(outcome.state, State::complete) << outcome.reason;
  EXPECT_EQ(store.works, undisturbed());
}

TEST_P(TransferScenario, ThatStaysIsAGapAfterABoundedNumberOfQuestions) {
  if (GetParam().harmless) GTEST_SKIP() << "the answer is taken";
  times = 1'000'000;
  const bool slow = GetParam().then == Then::nothing || GetParam().then == Then::drip;
  const int attempts = slow ? 2 : 5;
  test::MemoryStore store;
  const HarvestOutcome outcome = run(store, attempts);
  EXPECT_NE(outcome.state, State::complete);
  EXPECT_EQ(outcome.kind, GetParam().kind) << outcome.reason;
  EXPECT_LE(server.requests().size(), GetParam().final ? k_disturbed : 5u + static_cast<unsigned>(attempts));
  // The first page is kept with its cursor, and of the second nothing.
  ASSERT_EQ(store.pages.size(), 1u);
  EXPECT_EQ(store.works.size(), 2u);
  EXPECT_EQ(store.state.cursor, "c2");
  for (const auto& pause : pacing.pauses) EXPECT_TRUE(pause >= 1s && pause <= 120s) << pause.count();

  times = 0;
  EXPECT_EQ(run(store).state, State::complete);
  EXPECT_EQ(store.works, undisturbed());
}

INSTANTIATE_TEST_SUITE_P(Of, TransferScenario, ::testing::ValuesIn(k_scenarios),
                         [](const auto& instance) { return std::string("s_") + instance.param.name; });

}  // namespace
}  // namespace coterie
