#include "fetchers/sources/openalex_pages.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <utility>
#include <variant>

#include "coterie/error.hpp"
#include "fetchers/openalex_record.hpp"

namespace coterie {
namespace {

using simdjson::dom::element;

[[noreturn]] void not_a_page(const std::string& why) {
  throw Error(ErrorKind::data, "the answer is no page of OpenAlex: " + why);
}

// What the parser and the works take in memory grows with the number of values, not of bytes: a text of
// commas would become some fifty times as large. 100 works of 100 authors have about half a million keys and
// values in 40,000 objects.
constexpr std::size_t k_most_values = 600'000;
constexpr std::size_t k_most_objects = 150'000;
constexpr std::size_t k_most_records = 1'000;

/// Every key and every value but the first stands behind one of the signs `{`, `[`, `:`, `,` outside texts.
/// \throws TooLarge if there are more than are read in bounded memory
void check_size(std::string_view text) {
  std::size_t values = 0;
  std::size_t objects = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;  // the parser, too, takes the next character for escaped, in a text or not
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == ',' || c == ':' || c == '[' || c == '{')) {
      ++values;
      if (c == '{') ++objects;
    }
  }
  if (values > k_most_values || objects > k_most_objects) {
    throw TooLarge(fmt::format("the answer holds more than {} values", k_most_values));
  }
}

element parsed(simdjson::dom::parser& parser, const HttpResponse& response) {
  check_size(response.body);
  element root;
  // The whole document is checked here: its end, its UTF-8, its depth.
  if (const auto error = parser.parse(response.body).get(root); error != simdjson::SUCCESS) {
    not_a_page(simdjson::error_message(error));
  }
  if (!root.is_object()) not_a_page("it is no JSON object");
  return root;
}

/// The two parts of a list, each there once.
struct List {
  simdjson::dom::object meta;
  simdjson::dom::array results;
  std::uint64_t count = 0;
  std::optional<std::string> next_cursor;
};

void read_meta(List& list) {
  bool counted = false;
  for (const auto& member : list.meta) {
    const std::string_view key = member.key;
    if (key == "count") {
      if (member.value.get(list.count) != simdjson::SUCCESS) not_a_page("its count is no number");
      counted = true;
    } else if (key == "next_cursor" && !member.value.is_null()) {
      std::string_view cursor;
      if (member.value.get(cursor) != simdjson::SUCCESS) not_a_page("its next cursor is no text");
      list.next_cursor = std::string(cursor);
    }
  }
  if (!counted) not_a_page("it tells no count");
}

List list_in(const element& root) {
  List list;
  int metas = 0;
  int results = 0;
  simdjson::dom::object members = root;
  for (const auto& member : members) {
    const std::string_view key = member.key;
    if (key == "meta") {
      ++metas;
      if (member.value.get(list.meta) != simdjson::SUCCESS) not_a_page("its meta is no object");
    } else if (key == "results") {
      ++results;
      if (member.value.get(list.results) != simdjson::SUCCESS) not_a_page("its results are no list");
    }
  }
  if (metas != 1 || results != 1) not_a_page("it has not one meta and one results");
  if (list.results.size() > k_most_records) {
    throw TooLarge(fmt::format("a page of {} records, more than are asked for", list.results.size()));
  }
  read_meta(list);
  // An empty page ends the list even if it names a further cursor.
  if (list.results.begin() == list.results.end()) list.next_cursor.reset();
  if (list.next_cursor && list.next_cursor->empty()) list.next_cursor.reset();
  return list;
}

}  // namespace

WorkPage read_openalex_works(const HttpResponse& response) {
  simdjson::dom::parser parser;
  List list = list_in(parsed(parser, response));
  WorkPage page;
  page.expected = list.count;
  page.next_cursor = std::move(list.next_cursor);
  for (const element record : list.results) {
    ++page.received;
    std::variant<Work, Rejected> read = openalex_work(record);
    if (auto* rejected = std::get_if<Rejected>(&read)) {
      page.rejected.push_back(std::move(*rejected));
      continue;
    }
    page.works.push_back(std::get<Work>(std::move(read)));
    if (page.works.back().byline_truncated) page.shortened.push_back(page.works.back().id);
  }
  return page;
}

WorkPage read_openalex_single_work(const HttpResponse& response) {
  simdjson::dom::parser parser;
  std::variant<Work, Rejected> read = openalex_work(parsed(parser, response));
  WorkPage page;
  page.expected = 1;
  page.received = 1;
  if (auto* rejected = std::get_if<Rejected>(&read)) {
    if (rejected->id.empty()) not_a_page(rejected->reason);
    page.rejected.push_back(std::move(*rejected));
  } else {
    page.works.push_back(std::get<Work>(std::move(read)));
  }
  return page;
}

AuthorPage read_openalex_authors(const HttpResponse& response) {
  simdjson::dom::parser parser;
  List list = list_in(parsed(parser, response));
  AuthorPage page;
  page.expected = list.count;
  page.next_cursor = std::move(list.next_cursor);
  for (const element record : list.results) {
    std::variant<AuthorRecord, Rejected> read = openalex_author(record);
    if (auto* rejected = std::get_if<Rejected>(&read)) {
      page.rejected.push_back(std::move(*rejected));
    } else {
      page.authors.push_back(std::get<AuthorRecord>(std::move(read)));
    }
  }
  return page;
}

AuthorPage read_openalex_single_author(const HttpResponse& response) {
  simdjson::dom::parser parser;
  std::variant<AuthorRecord, Rejected> read = openalex_author(parsed(parser, response));
  AuthorPage page;
  page.expected = 1;
  if (auto* rejected = std::get_if<Rejected>(&read)) not_a_page(rejected->reason);
  page.authors.push_back(std::get<AuthorRecord>(std::move(read)));
  return page;
}

}  // namespace coterie
