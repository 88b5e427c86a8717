#include "fetchers/sources/arxiv_feed.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "coterie/date.hpp"
#include "coterie/error.hpp"
#include "coterie/http.hpp"
#include "coterie/ids.hpp"
#include "coterie/util/text.hpp"

namespace coterie {
namespace {

constexpr std::string_view k_atom = "http://www.w3.org/2005/Atom";
constexpr std::string_view k_opensearch = "http://a9.com/-/spec/opensearch/1.1/";
constexpr std::string_view k_arxiv = "http://arxiv.org/schemas/atom";

[[noreturn]] void not_a_feed(const std::string& why) {
  throw Error(ErrorKind::data, "the answer is no feed of arXiv: " + why);
}

// The parser takes some 60 bytes for an element and some 40 for an attribute, however short they are. A page
// of 2,000 entries with 20 authors each has about 300,000 tags.
constexpr std::size_t k_most_marks = 500'000;
constexpr std::size_t k_most_entries = 5'000;

/// \throws TooLarge if the text could hold more elements and attributes than are read in bounded memory
void check_size(std::string_view text) {
  std::size_t marks = 0;
  for (const char c : text) marks += c == '<' || c == '=' ? 1 : 0;
  if (marks > k_most_marks) {
    throw TooLarge(fmt::format("the answer holds more than {} tags and attributes", k_most_marks));
  }
}

/// Whether XML 1.0 forbids the character. \see https://www.w3.org/TR/xml, production 2
bool is_control(std::uint32_t code) { return code < 0x20 && code != '\t' && code != '\n' && code != '\r'; }

/// Length of a reference such as `&#0;` or `&#x1b;` to a forbidden character at the front; 0 if there is
/// none.
std::size_t control_reference(std::string_view text) {
  if (!text.starts_with("&#")) return 0;
  const int base = text.size() > 2 && text[2] == 'x' ? 16 : 10;
  const char* first = text.data() + (base == 16 ? 3 : 2);
  const char* last = text.data() + text.size();
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(first, last, code, base);
  if (error != std::errc() || end == last || *end != ';' || !is_control(code)) return 0;
  return static_cast<std::size_t>(end - text.data()) + 1;
}

std::string without_controls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const std::size_t length = control_reference(text.substr(i)); length > 0) {
      i += length - 1;
    } else if (!is_control(static_cast<unsigned char>(text[i]))) {
      clean += text[i];
    }
  }
  return clean;
}

/// Whether the node is the element of that name, whatever prefix the document gives to the namespace.
bool is(const pugi::xml_node& node, std::string_view space, std::string_view local) {
  std::string_view name = node.name();
  std::string declaration = "xmlns";
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    declaration += ':';
    declaration += name.substr(0, colon);
    name.remove_prefix(colon + 1);
  }
  if (name != local) return false;
  for (pugi::xml_node scope = node; scope; scope = scope.parent()) {
    if (const pugi::xml_attribute attribute = scope.attribute(declaration.c_str())) {
      return attribute.value() == space;
    }
  }
  return false;
}

std::string text_of(const pugi::xml_node& node) { return text::single_spaced(node.text().get()); }

std::optional<std::uint64_t> number_of(const pugi::xml_node& node) {
  const std::string text = text_of(node);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Authorship> authorship_of(const pugi::xml_node& author) {
  Authorship authorship;
  for (const pugi::xml_node& node : author.children()) {
    if (is(node, k_atom, "name")) {
      authorship.raw_name = text_of(node);
    } else if (is(node, k_arxiv, "affiliation")) {
      if (std::string text = text_of(node); !text.empty())
        authorship.affiliations.push_back({std::move(text), {}});
    }
  }
  if (authorship.raw_name.empty()) return std::nullopt;
  return authorship;
}

void read_identifier(Work& work, const std::string& text) {
  work.id = arxiv_id(text).value_or(std::string{});
  work.arxiv = work.id;
  work.version = arxiv_version(text).value_or(0);
}

void read_published(Work& work, const std::string& text) {
  const auto date = parse_date(text);
  if (!date) return;
  work.date = to_string(*date);
  work.year = date->year;
}

struct Entry {
  Work work;
  std::string id;
  std::string title;
  std::string summary;
  bool nameless_author = false;
};

Entry entry_of(const pugi::xml_node& element) {
  Entry entry;
  Work& work = entry.work;
  work.source = "arxiv";
  work.type = "preprint";
  work.venue = "arXiv";
  for (const pugi::xml_node& node : element.children()) {
    if (is(node, k_atom, "id")) {
      entry.id = text_of(node);
      read_identifier(work, entry.id);
    } else if (is(node, k_atom, "title")) {
      entry.title = text_of(node);
    } else if (is(node, k_atom, "summary")) {
      entry.summary = text_of(node);
    } else if (is(node, k_atom, "published")) {
      read_published(work, text_of(node));
    } else if (is(node, k_atom, "updated")) {
      work.updated = text_of(node);
    } else if (is(node, k_arxiv, "doi")) {
      work.doi = doi(text_of(node)).value_or(std::string{});
    } else if (is(node, k_arxiv, "journal_ref")) {
      work.journal_reference = text_of(node);
    } else if (is(node, k_atom, "author")) {
      std::optional<Authorship> authorship = authorship_of(node);
      entry.nameless_author = entry.nameless_author || !authorship;
      if (authorship) work.authorships.push_back(std::move(*authorship));
    }
  }
  work.title = entry.title;
  work.author_count = static_cast<std::uint32_t>(work.authorships.size());
  return entry;
}

void add_entry(ArxivFeed& feed, const pugi::xml_node& element) {
  constexpr std::size_t k_longest_id = 80;
  Entry entry = entry_of(element);
  ++feed.entries;
  if (entry.id.find("arxiv.org/api/errors") != std::string::npos) {
    feed.error = entry.summary.empty() ? entry.id : entry.summary;
  } else if (entry.work.id.empty()) {
    feed.rejected.push_back({entry.id.substr(0, k_longest_id), 0, "the entry has no arXiv identifier"});
  } else if (entry.nameless_author) {
    feed.rejected.push_back({entry.work.id, 0, "an author has no name"});
  } else {
    feed.works.push_back(std::move(entry.work));
  }
}

}  // namespace

ArxivFeed read_arxiv_feed(const std::string& body) {
  if (text::first_bad_utf8(body)) not_a_feed("it is not UTF-8");
  if (body.find("<!DOCTYPE") != std::string::npos) not_a_feed("it has a document type");
  check_size(body);
  std::string clean = without_controls(body);
  if (!text::trimmed(clean).ends_with('>')) not_a_feed("it does not end with a tag");
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer_inplace(clean.data(), clean.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) not_a_feed(result.description());
  const pugi::xml_node root = document.document_element();
  if (!is(root, k_atom, "feed")) not_a_feed("its root is no feed");
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() == pugi::node_element && node != root) not_a_feed("it has two roots");
  }
  ArxivFeed feed;
  std::optional<std::uint64_t> total;
  for (const pugi::xml_node& node : root.children()) {
    if (is(node, k_opensearch, "totalResults")) {
      total = number_of(node);
    } else if (is(node, k_opensearch, "startIndex")) {
      feed.start = number_of(node).value_or(0);
    } else if (is(node, k_atom, "entry")) {
      if (feed.entries == k_most_entries) {
        throw TooLarge(fmt::format("a page of more than {} entries", k_most_entries));
      }
      add_entry(feed, node);
    }
  }
  if (!total) not_a_feed("it tells no number of results");
  feed.total = *total;
  return feed;
}

}  // namespace coterie
