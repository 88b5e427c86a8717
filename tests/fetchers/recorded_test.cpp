#include <gtest/gtest.h>
#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <pugixml.hpp>
#include <set>

#include "coterie/source.hpp"
#include "coterie/util/file.hpp"
#include "fetchers/openalex_record.hpp"
#include "fetchers/sources/arxiv_feed.hpp"
#include "tests/fetchers/fake_world.hpp"
#include "tests/support/fixtures.hpp"

namespace coterie {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

// Answers as they were recorded are read by the sources and, beside them, looked through by key. What the
// second way finds, the first must hold.

std::string text_at(const element& value, std::string_view pointer) {
  std::string_view text;
  return value.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::vector<element> list_at(const element& value, std::string_view pointer) {
  std::vector<element> entries;
  array list;
  if (value.at_pointer(pointer).get(list) == simdjson::SUCCESS) {
    for (const element entry : list) entries.push_back(entry);
  }
  return entries;
}

std::string behind_slash(const std::string& url) { return url.substr(url.rfind('/') + 1); }

void expect_same_authorship(const element& told, const Authorship& read) {
  std::string id = behind_slash(text_at(told, "/author/id"));
  if (openalex_nobody(id)) id.clear();
  EXPECT_EQ(read.author_id, id);
  const std::string printed = text_at(told, "/raw_author_name");
  if (!printed.empty()) {
    EXPECT_EQ(read.raw_name, printed);
  }
  if (!id.empty()) {
    EXPECT_EQ(read.name, text_at(told, "/author/display_name"));
  }
  const std::string orcid = behind_slash(text_at(told, "/author/orcid"));
  // One recorded iD has a wrong check digit (0 would be right): it is nobody's.
  const bool wrong = orcid == "0000-0002-3369-7977";
  if (!orcid.empty()) {
    EXPECT_EQ(read.orcid, wrong ? "" : orcid);
  }
  std::vector<std::string> institutions;
  for (const element& institution : list_at(told, "/institutions")) {
    const std::string institution_id = behind_slash(text_at(institution, "/id"));
    if (!institution_id.empty()) institutions.push_back(institution_id);
  }
  ASSERT_EQ(read.institutions.size(), institutions.size());
  for (std::size_t i = 0; i < institutions.size(); ++i) EXPECT_EQ(read.institutions[i].id, institutions[i]);
  // An empty text says nothing and is not kept.
  std::set<std::string> told_texts;
  for (const element& text : list_at(told, "/raw_affiliation_strings")) told_texts.insert(text_at(text, ""));
  told_texts.insert(text_at(told, "/raw_affiliation_string"));
  told_texts.erase("");
  std::set<std::string> read_texts;
  for (const PrintedAffiliation& affiliation : read.affiliations) read_texts.insert(affiliation.text);
  read_texts.erase("");
  EXPECT_EQ(read_texts, told_texts);
}

void expect_same_work(const element& told, const Work& read) {
  SCOPED_TRACE(read.id);
  EXPECT_EQ(read.id, behind_slash(text_at(told, "/id")));
  const std::string doi = text_at(told, "/doi");
  EXPECT_EQ(read.doi.empty(), doi.empty()) << doi;
  EXPECT_EQ(read.doi.size(), doi.empty() ? 0 : doi.size() - std::string("https://doi.org/").size());
  EXPECT_EQ(read.title, text_at(told, "/title"));
  EXPECT_EQ(read.date, text_at(told, "/publication_date"));
  std::int64_t year = 0;
  if (told.at_pointer("/publication_year").get(year) == simdjson::SUCCESS) {
    EXPECT_EQ(read.year, year);
  }
  EXPECT_EQ(read.type, text_at(told, "/type"));
  const std::string venue = text_at(told, "/primary_location/source/display_name");
  if (!venue.empty()) {
    EXPECT_EQ(read.venue, venue);
  }
  const std::vector<element> byline = list_at(told, "/authorships");
  ASSERT_EQ(read.authorships.size(), byline.size());
  EXPECT_EQ(read.author_count, byline.size());
  for (std::size_t i = 0; i < byline.size(); ++i) expect_same_authorship(byline[i], read.authorships[i]);
  EXPECT_EQ(read.references.size(), list_at(told, "/referenced_works").size());
  std::set<std::string> funders;
  for (const Funding& funding : read.funding) funders.insert(funding.funder_id);
  std::set<std::string> told_funders;
  for (const element& funder : list_at(told, "/funders"))
    told_funders.insert(behind_slash(text_at(funder, "/id")));
  for (const element& grant : list_at(told, "/grants"))
    told_funders.insert(behind_slash(text_at(grant, "/funder")));
  EXPECT_EQ(funders, told_funders);
}

/// Reads a list answer both ways. \return number of works
std::size_t compare_list(const std::string& body) {
  const auto source = make_source("openalex", {}, "");
  const Query query{"openalex", Query::Kind::works_of_authors, {"A1"}, {}, {}};
  const WorkPage page = source->read_works(query, "", test::response(200, body));
  simdjson::dom::parser parser;
  const element root = parser.parse(body);
  const std::vector<element> results = list_at(root, "/results");
  EXPECT_EQ(page.received, results.size());
  EXPECT_EQ(page.works.size() + page.rejected.size(), results.size());
  EXPECT_EQ(page.next_cursor.value_or(""), results.empty() ? "" : text_at(root, "/meta/next_cursor"));
  std::uint64_t count = 0;
  EXPECT_EQ(root.at_pointer("/meta/count").get(count), simdjson::SUCCESS);
  EXPECT_EQ(page.expected, count);
  std::size_t next = 0;
  for (const element& result : results) {
    // Some recordings selected fields without the id.
    if (text_at(result, "/id").empty()) continue;
    if (next == page.works.size()) {
      ADD_FAILURE() << "a work was lost";
      break;
    }
    expect_same_work(result, page.works[next++]);
  }
  EXPECT_EQ(next, page.works.size());
  return page.works.size();
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, const std::string& ending) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(ending)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::int64_t status_of(const std::filesystem::path& meta, HttpResponse& response) {
  simdjson::dom::parser parser;
  const element root = parser.load(meta.string());
  std::int64_t status = 0;
  EXPECT_EQ(root.at_pointer("/status").get(status), simdjson::SUCCESS);
  simdjson::dom::object headers;
  if (root.at_pointer("/headers").get(headers) == simdjson::SUCCESS) {
    for (const auto& header : headers) {
      std::string_view value;
      if (header.value.get(value) == simdjson::SUCCESS) response.headers[std::string(header.key)] = value;
    }
  }
  return status;
}

TEST(Recorded, OpenalexAnswersAreReadWithoutLoss) {
  COTERIE_FIXTURE(folder, "openalex/openalexPro_vcr");
  const auto source = make_source("openalex", {}, "");
  std::size_t works = 0;
  std::size_t lists = 0;
  std::size_t refusals = 0;
  for (const auto& meta : files_in(folder, ".meta.json")) {
    SCOPED_TRACE(meta.filename().string());
    std::string name = meta.string();
    name.replace(name.rfind(".meta.json"), std::string::npos, ".body.json");
    HttpResponse response;
    response.status = static_cast<int>(status_of(meta, response));
    response.body = read_file(name);
    const auto refusal = source->refusal(response);
    if (response.status != 200) {
      ++refusals;
      ASSERT_TRUE(refusal);
      EXPECT_EQ(refusal->kind, response.status == 401 ? Refusal::Kind::key : Refusal::Kind::question);
      continue;
    }
    EXPECT_FALSE(refusal);
    simdjson::dom::parser parser;
    const element root = parser.parse(response.body);
    if (root.at_pointer("/results").error() == simdjson::SUCCESS) {
      ++lists;
      works += compare_list(response.body);
    } else if (text_at(root, "/id").find("/W") != std::string::npos) {
      const Query single{"openalex", Query::Kind::works_by_id, {"W1"}, {}, {}};
      const WorkPage page = source->read_works(single, "", response);
      ASSERT_EQ(page.works.size(), 1u);
      expect_same_work(root, page.works[0]);
    }
  }
  EXPECT_EQ(lists, 14u);
  EXPECT_GE(works, 440u);
  EXPECT_EQ(refusals, 9u);
}

TEST(Recorded, OpenalexSnapsAreReadWithoutLoss) {
  COTERIE_FIXTURE(folder, "openalex/openalexPro_snaps");
  std::size_t works = 0;
  for (const auto& file : files_in(folder, ".json")) {
    SCOPED_TRACE(file.filename().string());
    if (file.filename().string().find("results_page") != std::string::npos)
      works += compare_list(read_file(file));
  }
  EXPECT_EQ(works, 50u + 50u + 50u + 25u + 2u + 0u);
}

TEST(Recorded, OpenalexWorksOf2023AreReadWithoutLoss) {
  COTERIE_FIXTURE(folder, "openalex/works_2023");
  simdjson::dom::parser parser;
  std::size_t works = 0;
  std::size_t truncated = 0;
  for (const auto& file : files_in(folder, ".jsonl.gz")) {
    gzFile input = gzopen(file.c_str(), "rb");
    ASSERT_NE(input, nullptr);
    std::string text;
    std::vector<char> block(1 << 20);
    for (int length; (length = gzread(input, block.data(), static_cast<unsigned>(block.size()))) > 0;) {
      text.append(block.data(), static_cast<std::size_t>(length));
    }
    ASSERT_EQ(gzclose_r(input), Z_OK);
    for (std::size_t start = 0, end; start < text.size(); start = end + 1) {
      end = std::min(text.find('\n', start), text.size());
      const element record = parser.parse(text.substr(start, end - start));
      const auto read = openalex_work(record);
      ASSERT_TRUE(std::holds_alternative<Work>(read)) << std::get<Rejected>(read).reason;
      const Work& work = std::get<Work>(read);
      expect_same_work(record, work);
      for (const Authorship& authorship : work.authorships) {
        for (const Institution& institution : authorship.institutions)
          EXPECT_TRUE(institution.lineage.empty());
      }
      truncated += work.byline_truncated ? 1 : 0;
      ++works;
    }
  }
  EXPECT_EQ(works, 1254u);
  EXPECT_EQ(truncated, 1u);
}

std::vector<std::string> texts(const pugi::xml_node& node, const char* path) {
  std::vector<std::string> found;
  for (const pugi::xpath_node& match : node.select_nodes(path)) found.emplace_back(match.node().text().get());
  return found;
}

TEST(Recorded, ArxivFeedsAreReadWithoutLoss) {
  COTERIE_FIXTURE(folder, "arxiv/arxiv_py");
  std::size_t entries = 0;
  std::size_t errors = 0;
  for (const auto& file : files_in(folder, ".xml")) {
    SCOPED_TRACE(file.filename().string());
    const std::string body = read_file(file);
    const ArxivFeed feed = read_arxiv_feed(body);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(body.c_str()));
    const pugi::xml_node root = document.child("feed");
    EXPECT_EQ(std::to_string(feed.total), root.child("opensearch:totalResults").text().get());
    EXPECT_EQ(std::to_string(feed.start), root.child("opensearch:startIndex").text().get());
    const auto told = root.select_nodes("entry");
    EXPECT_EQ(feed.entries, told.size());
    if (!feed.error.empty()) {
      ++errors;
      EXPECT_EQ(feed.error, root.child("entry").child("summary").text().get());
      continue;
    }
    ASSERT_EQ(feed.works.size(), told.size());
    EXPECT_TRUE(feed.rejected.empty());
    for (std::size_t i = 0; i < told.size(); ++i) {
      const pugi::xml_node entry = told[i].node();
      const Work& work = feed.works[i];
      SCOPED_TRACE(work.id);
      EXPECT_EQ("http://arxiv.org/abs/" + work.id + "v" + std::to_string(work.version),
                entry.child("id").text().get());
      EXPECT_EQ(work.date, std::string(entry.child("published").text().get()).substr(0, 10));
      EXPECT_EQ(work.updated, entry.child("updated").text().get());
      EXPECT_EQ(work.doi.empty(), !entry.child("arxiv:doi"));
      EXPECT_EQ(work.journal_reference.empty(), !entry.child("arxiv:journal_ref"));
      std::vector<std::string> names;
      std::size_t affiliations = 0;
      for (const Authorship& authorship : work.authorships) {
        names.push_back(authorship.raw_name);
        affiliations += authorship.affiliations.size();
      }
      EXPECT_EQ(names, texts(entry, "author/name"));
      EXPECT_EQ(affiliations, entry.select_nodes("author/*[local-name()='affiliation']").size());
      ++entries;
    }
  }
  EXPECT_GE(entries, 100u);
  EXPECT_EQ(errors, 1u);
}

TEST(Recorded, ArxivRefusesAMalformedId) {
  COTERIE_FIXTURE(file, "arxiv/arxiv_py/id_abc_s0_m100_b79c8dcf6bc3.xml");
  const auto source = make_source("arxiv", {}, "");
  for (const int status : {400, 200}) {
    const auto refusal = source->refusal(test::response(status, read_file(file)));
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->kind, Refusal::Kind::question);
    EXPECT_NE(refusal->message.find("incorrect id format for abc"), std::string::npos);
  }
}

}  // namespace
}  // namespace coterie
