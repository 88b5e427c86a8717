// Whether an answer is whole is proved by the parser: libcurl takes a body that ends early for a good one
// where no length was told, and a compressed body that ends early even where it was.

#include <gtest/gtest.h>

#include <optional>

#include "coterie/error.hpp"
#include "coterie/source.hpp"
#include "tests/fetchers/fake_world.hpp"
#include "tests/fetchers/loopback_server.hpp"

namespace coterie {
namespace {

using test::gzip;
using test::LoopbackServer;

/// A question, and a body that answers it.
struct Exchanged {
  const char* source;
  Query query;
  std::string body;
};

Exchanged json_page() {
  return {
      "openalex",
      {"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}},
      test::list_json(3, {test::work_json("W1", 2), test::work_json("W2"), test::work_json("W3")}, "next")};
}

Exchanged single_work() {
  return {"openalex", {"openalex", Query::Kind::works_by_id, {"W1"}, {}, {}}, test::work_json("W1", 3)};
}

Exchanged atom_feed() {
  std::string body =
      "<?xml version='1.0' encoding='UTF-8'?>\n<feed "
      "xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
      "xmlns=\"http://www.w3.org/2005/Atom\">\n<opensearch:totalResults>2</opensearch:totalResults>\n"
      "<opensearch:startIndex>0</opensearch:startIndex>\n";
  for (const char* id : {"2501.00001v1", "2501.00002v3"}) {
    body += fmt::format(
        "<entry><id>http://arxiv.org/abs/{}</id><title>Cats</title><author><name>Ada</name></author></"
        "entry>\n",
        id);
  }
  return {"arxiv", {"arxiv", Query::Kind::works_of_authors, {"Ada"}, {}, {}}, body + "</feed>\n"};
}

/// One server and one connection pool for thousands of questions; the answer is changed between them.
class CutAnswerTest : public ::testing::TestWithParam<Exchanged (*)()> {
 protected:
  /// What is read in an answer of these bytes; nullopt if it is refused.
  std::optional<WorkPage> read(const std::string& bytes) {
    {
      const std::lock_guard lock(mutex);
      answer = bytes;
    }
    try {
      return source->read_works(exchanged.query, "", http->get({server.url("/"), "", {}}));
    } catch (const Error& error) {
      EXPECT_TRUE(error.kind() == ErrorKind::temporary || error.kind() == ErrorKind::data) << error.what();
      return std::nullopt;
    }
  }

  /// Every front of the body, sent like this, is refused or reads like the whole. \return how many are read
  int expect_refused_or_whole(const std::string& body, const std::string& headers, bool with_length) {
    const std::optional<WorkPage> whole = read(sent(body, headers, with_length));
    EXPECT_TRUE(whole && !whole->works.empty());
    if (!whole) return 0;
    int taken = 0;
    for (std::size_t length = 0; length < body.size(); ++length) {
      const std::optional<WorkPage> page = read(sent(body.substr(0, length), headers, with_length));
      if (!page) continue;
      ++taken;
      EXPECT_EQ(page->works, whole->works) << "cut at " << length << " of " << body.size();
      EXPECT_EQ(page->received, whole->received);
      EXPECT_EQ(page->expected, whole->expected);
      EXPECT_EQ(page->next_cursor, whole->next_cursor);
      if (HasFailure()) break;
    }
    return taken;
  }

  static std::string sent(const std::string& body, const std::string& headers, bool with_length) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers +
           (with_length ? fmt::format("Content-Length: {}\r\n", body.size()) : "") + "\r\n" + body;
  }

  std::mutex mutex;
  std::string answer;
  LoopbackServer server{[this](const std::string&, const LoopbackServer::Send& send) {
    const std::lock_guard lock(mutex);
    send(answer);
  }};
  std::unique_ptr<Http> http = curl_http({}, "coterie/test");
  Exchanged exchanged = GetParam()();
  std::unique_ptr<Source> source = make_source(exchanged.source, {}, "");
};

TEST_P(CutAnswerTest, WithoutALengthIsRefusedOrWhole) {
  // At most the line end behind a feed may be missing.
  EXPECT_LE(expect_refused_or_whole(exchanged.body, "", false), 1);
}

TEST_P(CutAnswerTest, OfALengthThatIsThatOfTheCutBodyIsRefusedOrWhole) {
  EXPECT_LE(expect_refused_or_whole(exchanged.body, "", true), 1);
}

TEST_P(CutAnswerTest, CompressedUnderItsOwnLengthIsRefusedOrWhole) {
  // The eight bytes of the trailer (and the end mark before it) say nothing that the parser does not see.
  EXPECT_LE(expect_refused_or_whole(gzip(exchanged.body), "Content-Encoding: gzip\r\n", true), 12);
}

TEST_P(CutAnswerTest, CompressedWithoutALengthIsRefusedOrWhole) {
  EXPECT_LE(expect_refused_or_whole(gzip(exchanged.body), "Content-Encoding: gzip\r\n", false), 12);
}

TEST_P(CutAnswerTest, EveryFlippedByteOfACompressedBodyIsRefusedOrWhole) {
  const std::string packed = gzip(exchanged.body);
  const std::string headers = "Content-Encoding: gzip\r\n";
  const std::optional<WorkPage> whole = read(sent(packed, headers, true));
  ASSERT_TRUE(whole);
  int taken = 0;
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string flipped = packed;
    flipped[at] = static_cast<char>(~flipped[at]);
    const std::optional<WorkPage> page = read(sent(flipped, headers, true));
    if (!page) continue;
    ++taken;
    ASSERT_EQ(page->works, whole->works) << at;
    ASSERT_EQ(page->next_cursor, whole->next_cursor) << at;
  }
  EXPECT_LE(taken, 10);  // the header's time, flags and system
}

INSTANTIATE_TEST_SUITE_P(
    Of, CutAnswerTest, ::testing::Values(&json_page, &single_work, &atom_feed), [](const auto& instance) {
      return std::string(std::vector{"JsonPage", "SingleWork", "AtomFeed"}[instance.index]);
    });

}  // namespace
}  // namespace coterie
