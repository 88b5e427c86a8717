#include <gtest/gtest.h>

#include "coterie/source.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using test::response;
using Kind = Refusal::Kind;
using Headers = std::map<std::string, std::string>;

struct Case {
  const char* name;
  int status;
  const char* body;
  Headers headers;
  std::optional<Kind> kind;
  std::optional<std::int64_t> wait_ms;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class OpenalexRefusal : public ::testing::TestWithParam<Case> {};

TEST_P(OpenalexRefusal, IsToldByStatusAndBody) {
  const Case& c = GetParam();
  const auto source = make_source("openalex", {}, "canary");
  const auto refusal = source->refusal(response(c.status, c.body, c.headers));
  ASSERT_EQ(refusal.has_value(), c.kind.has_value());
  if (!refusal) return;
  EXPECT_EQ(static_cast<int>(refusal->kind), static_cast<int>(*c.kind)) << refusal->message;
  EXPECT_EQ(refusal->wait ? std::optional(refusal->wait->count()) : std::nullopt, c.wait_ms);
  EXPECT_EQ(refusal->message.find("canary"), std::string::npos) << refusal->message;
}

constexpr const char* k_budget =
    R"({"error":"Rate limit exceeded","message":"Insufficient budget. This request costs $0.0001","retryAfter":40000})";
constexpr const char* k_second =
    R"({"error":"Rate limit exceeded","message":"Rate limit exceeded: 30 requests per second","retryAfter":0.25})";
constexpr const char* k_plan =
    R"({"error":"Plan upgrade required","message":"The filter requires a Premium plan"})";
constexpr const char* k_query =
    R"({"error":"Invalid query parameters error.","message":"canary is no field"})";
constexpr const char* k_html = "<!doctype html><title>404 Not Found</title>";

INSTANTIATE_TEST_SUITE_P(
    Table, OpenalexRefusal,
    ::testing::Values(
        Case{"a page", 200, R"({"meta":{"count":0},"results":[]})", {}, std::nullopt, {}},
        Case{"an entity", 200, R"({"id":"https://openalex.org/W1"})", {}, std::nullopt, {}},
        Case{"HTML under 200 is the parser's", 200, k_html, {}, std::nullopt, {}},
        Case{"a question under 200", 200, k_query, {}, Kind::question, {}},
        Case{"a timeout under 200", 200, R"({"error":"Gateway timeout","message":"m"})", {}, Kind::retry, {}},
        Case{"a budget under 200", 200, k_budget, {}, Kind::allowance, 40'000'000},
        Case{"bad parameter", 400, k_query, {}, Kind::question, {}},
        Case{"bad cursor", 400, R"({"error":"Pagination error.","message":"m"})", {}, Kind::question, {}},
        Case{"edge", 400, R"({"error":"Invalid request rejected at the API edge"})", {}, Kind::question, {}},
        Case{"bad key",
             401,
             R"({"error":"Invalid or missing API key","message":"API key canary not found"})",
             {},
             Kind::key,
             {}},
        Case{"key without body", 401, "", {}, Kind::key, {}},
        Case{"too fast as 403", 403, "Forbidden", {{"x-ratelimit-remaining", "0"}}, Kind::slow_down, {}},
        Case{"refused as 403", 403, "Forbidden", {}, Kind::question, {}},
        Case{"a question as 403", 403, k_query, {{"x-ratelimit-remaining", "9"}}, Kind::question, {}},
        Case{"gone", 404, k_html, {}, Kind::gone, {}}, Case{"gone for good", 410, "", {}, Kind::gone, {}},
        Case{"too long", 414, "", {}, Kind::question, {}},
        Case{"day's budget", 429, k_budget, {{"retry-after", "40000"}}, Kind::allowance, 40'000'000},
        Case{"day's budget, told by the header alone",
             429,
             R"({"error":"x","message":"Insufficient budget."})",
             {{"x-ratelimit-reset", "39959"}},
             Kind::allowance,
             39'959'000},
        Case{"per second", 429, k_second, {{"retry-after", "1"}}, Kind::slow_down, 1000},
        Case{"per second without header", 429, k_second, {}, Kind::slow_down, 250},
        Case{"plan", 429, k_plan, {}, Kind::plan, {}},
        Case{"boolean operators",
             429,
             R"({"error":"Rate limit exceeded","message":"too many operators"})",
             {},
             Kind::slow_down,
             {}},
        Case{"429 without JSON", 429, "Too Many Requests", {{"retry-after", "5"}}, Kind::slow_down, 5000},
        Case{"500", 500, k_html, {}, Kind::retry, {}}, Case{"502", 502, "", {}, Kind::retry, {}},
        Case{"search",
             503,
             R"({"error":"Search temporarily unavailable"})",
             {{"retry-after", "60"}},
             Kind::retry,
             60'000},
        Case{"edge timeout",
             504,
             R"({"error":"Gateway timeout","reason":"query_timeout"})",
             {},
             Kind::retry,
             {}},
        Case{"no content", 204, "", {}, Kind::unreadable, {}},
        Case{"redirect without place", 302, "", {}, Kind::unreadable, {}}));

TEST(OpenalexRefusalText, IsOneShortPrintableLineWithoutTheKey) {
  const std::string key = "se cret/key";
  const auto source = make_source("openalex", {}, key);
  std::string said(400, 'x');
  said += key;
  const auto refusal = source->refusal(response(
      400, R"({"error":"a\u001b[31m\nb se%20cret%2Fkey )" + key + R"(","message":")" + said + R"("})"));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->message.find("cret"), std::string::npos) << refusal->message;
  EXPECT_EQ(refusal->message.find('\x1b'), std::string::npos);
  EXPECT_EQ(refusal->message.find('\n'), std::string::npos);
  EXPECT_LT(refusal->message.size(), 400u);
}

}  // namespace
}  // namespace coterie
