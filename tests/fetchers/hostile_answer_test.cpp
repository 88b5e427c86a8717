#include <fmt/format.h>
#include <gtest/gtest.h>

#include "coterie/error.hpp"
#include "coterie/source.hpp"
#include "tests/fetchers/fake_world.hpp"

namespace coterie {
namespace {

using test::response;

/// What reading comes to: the number of works, or -1 for an answer that is refused.
int works_in(const Source& source, const Query& query, const std::string& body) {
  try {
    const WorkPage page = source.read_works(query, "", response(200, body));
    EXPECT_EQ(page.received, page.works.size() + page.rejected.size());
    return static_cast<int>(page.works.size());
  } catch (const Error& error) {
    EXPECT_TRUE(error.kind() == ErrorKind::data || error.kind() == ErrorKind::temporary) << error.what();
    return -1;
  }
}

struct Case {
  std::string name;
  std::string body;
  int works;  ///< -1: refused
};

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

std::string with(const std::string& extra) {
  const std::string good = test::list_json(2, {test::work_json("W1"), test::work_json("W2")}, "");
  return "{" + extra + "," + good.substr(1);
}

std::vector<Case> json_cases() {
  const std::string good = test::list_json(2, {test::work_json("W1"), test::work_json("W2")}, "next");
  const std::size_t results = good.find("\"results\"");
  return {
      {"good page", good, 2},
      {"cut inside results", good.substr(0, results + 40), -1},
      {"cut after results", good.substr(0, good.find("],\"group_by\"") + 1), -1},
      {"garbage behind what is needed", good.substr(0, good.size() - 1) + R"(,"x":garbage})", -1},
      {"garbage in a skipped field: tru", with(R"("x":tru)"), -1},
      {"garbage in a skipped field: nan", with(R"("x":nan)"), -1},
      {"junk after the document", good + "junk", -1},
      {"HTML", "<html><body>Service temporarily unavailable</body></html>", -1},
      {"empty", "", -1},
      {"null cursor", test::list_json(1, {test::work_json("W1")}, ""), 1},
      {"error body", R"({"error":"x","message":"y"})", -1},
      {"duplicate key", with(R"("results":[])"), -1},
      {"bad UTF-8", with("\"x\":\"\xff\""), -1},
      {"lone surrogate", with(R"("x":"\ud800")"), -1},
      {"two documents", good + good, -1},
      {"integer of 30 digits", with(R"("x":123456789012345678901234567890)"), -1},
      {"nesting of 900", with("\"x\":" + nested(900)), 2},
      {"nesting of 1,030", with("\"x\":" + nested(1030)), -1},
      {"nesting of 100,000", with("\"x\":" + nested(100'000)), -1},
      {"5,000,000 levels in a skipped first field", with("\"x\":" + nested(5'000'000)), -1},
      {"no meta", R"({"results":[]})", -1},
      {"no count", R"({"meta":{},"results":[]})", -1},
      {"negative count", R"({"meta":{"count":-1},"results":[]})", -1},
      {"results of another type", R"({"meta":{"count":0},"results":{}})", -1},
      {"cursor of another type", R"({"meta":{"count":1,"next_cursor":7},"results":[{"id":"W1"}]})", -1},
      {"a list as root", "[]", -1},
      {"groups only", R"({"meta":{"count":3},"group_by":[]})", -1},
  };
}

TEST(HostileJson, IsRefusedOrReadWhole) {
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}};
  for (const Case& c : json_cases()) EXPECT_EQ(works_in(*source, query, c.body), c.works) << c.name;
}

TEST(HostileJson, APageCutAnywhereIsRefused) {
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}};
  const std::string good = test::list_json(2, {test::work_json("W1"), test::work_json("W2")}, "next");
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_EQ(works_in(*source, query, good.substr(0, length)), -1) << length;
  }
}

/// An authorship as OpenAlex tells it on the average: 700 bytes, one institution, one affiliation.
std::string full_authorship(int number) {
  const std::string institution = fmt::format("https://openalex.org/I42{:08}", number % 5000);
  return fmt::format(
      R"({{"author_position":"middle","author":{{"id":"https://openalex.org/A50{:08}","display_name":)"
      R"("Given Family {}","orcid":"https://orcid.org/0000-0002-1825-0097"}},"institutions":[{{"id":"{}",)"
      R"("display_name":"University of the Plain, campus {}","ror":"https://ror.org/05a28rw58",)"
      R"("country_code":"CN","type":"education","lineage":["{}"]}}],"countries":["CN"],)"
      R"("is_corresponding":false,"raw_author_name":"G. Family {}","raw_orcid":null,)"
      R"("raw_affiliation_strings":["Department of Things, University of the Plain, Some City, China"],)"
      R"("affiliations":[{{"raw_affiliation_string":"Department of Things, University of the Plain, Some City, )"
      R"(China","institution_ids":["{}"]}}]}})",
      number, number, institution, number % 5000, institution, number, institution);
}

TEST(HostileJson, APageOfAHundredFullBylinesIsRead) {
  std::vector<std::string> works;
  for (int i = 0; i < 100; ++i) {
    std::string byline;
    for (int k = 0; k < 100; ++k) byline += (k == 0 ? "" : ",") + full_authorship(i * 100 + k);
    std::string references;
    for (int k = 0; k < 60; ++k)
      references += fmt::format("{}\"https://openalex.org/W{}\"", k == 0 ? "" : ",", k);
    works.push_back(fmt::format(
        R"({{"id":"https://openalex.org/W{}","is_authors_truncated":true,"authorships":[{}],"referenced_works":[{}]}})",
        i + 1, byline, references));
  }
  const std::string body = test::list_json(100, works, "");
  EXPECT_GT(body.size(), 7u << 20);
  EXPECT_LT(body.size(), HttpLimits{}.decoded_bytes * 3 / 4);
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}};
  EXPECT_EQ(works_in(*source, query, body), 100);
}

/// The answer is refused as too large, which smaller pages may mend.
void expect_too_large(const char* name, const Query& query, const std::string& body) {
  const auto source = make_source(name, {}, "");
  EXPECT_THROW((void)source->read_works(query, "", response(200, body)), TooLarge) << body.substr(0, 100);
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(HostileJson, MoreValuesThanFitIntoMemoryAreTooLarge) {
  const Query query{"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}};
  expect_too_large("openalex", query, with("\"x\":[" + repeated("1,", 700'000) + "1]"));
  expect_too_large("openalex", query, with("\"x\":[" + repeated("{},", 200'000) + "1]"));
  expect_too_large("openalex", query, with("\"x\":" + nested(1'000'000)));
  expect_too_large("openalex", query, "{\"meta\":{\"count\":1},\"results\":[" + repeated("1,", 1000) + "1]}");
}

TEST(HostileXml, MoreElementsThanFitIntoMemoryAreTooLarge) {
  const Query query{"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}};
  const std::string start =
      "<feed xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\" xmlns=\"http://www.w3.org/2005/Atom\">"
      "<o:totalResults>1</o:totalResults>";
  expect_too_large("arxiv", query, start + repeated("<a/>", 600'000) + "</feed>");
  expect_too_large("arxiv", query, start + "<a" + repeated(" b=\"\"", 600'000) + "/></feed>");
  expect_too_large("arxiv", query, start + repeated("<entry/>", 6'000) + "</feed>");
}

TEST(HostileJson, ASingleWorkIsAWork) {
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::works_by_id, {"W1"}, {}, {}};
  EXPECT_EQ(works_in(*source, query, test::work_json("W1", 3)), 1);
  for (const char* body :
       {"{}", "[]", "null", R"({"id":null})", R"({"meta":{"count":1},"results":[{"id":"W1"}]})",
        R"({"id":"W1"}{"id":"W1"})", ""}) {
    EXPECT_EQ(works_in(*source, query, body), -1) << body;
  }
}

TEST(HostileJson, AnAuthorIsAnAuthor) {
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::authors_by_id, {"A1"}, {}, {}};
  EXPECT_EQ(source->read_authors(query, response(200, R"({"id":"A1"})")).authors.size(), 1u);
  for (const char* body : {"{}", R"({"id":"W1"})", "", "<html>"}) {
    EXPECT_THROW((void)source->read_authors(query, response(200, body)), Error) << body;
  }
}

constexpr std::string_view k_feed =
    "<feed xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\" xmlns=\"http://www.w3.org/2005/Atom\">"
    "<o:totalResults>1</o:totalResults>";
constexpr std::string_view k_entry =
    "<entry><id>http://arxiv.org/abs/2501.00001v1</id><title>{}</title><author><name>Ada</name></author></"
    "entry>";

std::string feed_with(const std::string& title) {
  return std::string(k_feed) + fmt::format(fmt::runtime(k_entry), title) + "</feed>";
}

std::vector<Case> xml_cases() {
  const std::string good = feed_with("Cats");
  const std::string laughs = "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>";
  const std::string file = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
  return {
      {"good feed", good, 1},
      {"with declaration and comment", "<?xml version=\"1.0\"?>\n<!-- x -->" + good + "\n<!-- end -->\n", 1},
      {"billion laughs", laughs + feed_with("&b;"), -1},
      {"external entity", file + feed_with("&e;"), -1},
      {"cut in a tag", good.substr(0, good.find("</title") + 4), -1},
      {"empty", "", -1},
      {"HTML", "<html><head><title>Service unavailable</title></head><body><p>Sorry</p></body></html>", -1},
      {"two roots", good + good, -1},
      {"text only", "Rate exceeded.", -1},
      {"text after the root", good + "junk", -1},
      {"bad UTF-8", feed_with("Ca\xffts"), -1},
      {"control characters", feed_with(std::string("Ca\x1bt") + '\0' + "s"), 1},
      {"references to control characters", feed_with("Cat&#0;s&#x1b; &#x0000; &#8;"), 1},
      {"mismatched tags", feed_with("<a></b>"), -1},
      {"duplicate attribute", feed_with("<a x=\"1\" x=\"2\"/>Cats"), 1},
      {"bare ampersand and unknown entity", feed_with("AT&T &bogus; &lt;"), 1},
      {"another namespace", "<feed xmlns=\"http://example.org/\"><totalResults>1</totalResults></feed>", -1},
      {"no number of results", "<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>", -1},
      {"a number that is none",
       "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\">"
       "<o:totalResults>many</o:totalResults></feed>",
       -1},
  };
}

TEST(HostileXml, IsRefusedOrReadWhole) {
  const auto source = make_source("arxiv", {}, "");
  const Query query{"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}};
  for (const Case& c : xml_cases()) EXPECT_EQ(works_in(*source, query, c.body), c.works) << c.name;
}

TEST(HostileXml, AFeedCutAnywhereIsRefused) {
  const auto source = make_source("arxiv", {}, "");
  const Query query{"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}};
  const std::string good = feed_with("Cats");
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_EQ(works_in(*source, query, good.substr(0, length)), -1) << length;
  }
}

TEST(HostileXml, ControlCharactersAreTakenOutAndTheRestIsKept) {
  const auto source = make_source("arxiv", {}, "");
  const Query query{"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}};
  const auto title = [&](const std::string& text) {
    const WorkPage page = source->read_works(query, "", response(200, feed_with(text)));
    return page.works.at(0).title;
  };
  EXPECT_EQ(title(std::string("Ca\x1bt") + '\0' + "s"), "Cats");
  EXPECT_EQ(title("Cat&#0;s &#x1b;and&#x0000; &#8;dogs"), "Cats and dogs");
  EXPECT_EQ(title("Cats&#10;and&#9;&#x26; dogs"), "Cats and & dogs");
  EXPECT_EQ(title("AT&T &bogus; &lt;"), "AT&T &bogus; <");
}

TEST(HostileXml, DeepNestingIsNoRecursion) {
  const auto source = make_source("arxiv", {}, "");
  const Query query{"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}};
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  const std::string body = std::string(k_feed) + deep + fmt::format(fmt::runtime(k_entry), deep) + "</feed>";
  EXPECT_EQ(works_in(*source, query, body), 1);
}

TEST(HostileAnswers, EverySourceOfTheRegistryRefusesJunk) {
  for (const SourceEntry& entry : sources()) {
    const auto source = entry.make({}, "");
    const Query query{std::string(entry.traits.name), Query::Kind::works_by_id, {"W1"}, {}, {}};
    for (const char* junk : {"", "null", "junk", "<html></html>", "{}", "[]", "<feed/>", "\xff\xfe"}) {
      EXPECT_EQ(works_in(*source, query, junk), -1) << entry.traits.name << ": " << junk;
    }
  }
}

}  // namespace
}  // namespace coterie
