#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fetchers/openalex_record.hpp"

namespace coterie {
namespace {

class OpenalexRecordTest : public ::testing::Test {
 protected:
  std::variant<Work, Rejected> read(const std::string& json) { return openalex_work(m_parser.parse(json)); }
  Work work(const std::string& json) {
    auto result = read(json);
    if (auto* rejected = std::get_if<Rejected>(&result)) ADD_FAILURE() << rejected->reason;
    return std::holds_alternative<Work>(result) ? std::get<Work>(result) : Work{};
  }
  Authorship authorship(const std::string& json) {
    const Work whole = work(R"({"id":"W1","authorships":[)" + json + "]}");
    return whole.authorships.empty() ? Authorship{} : whole.authorships[0];
  }

  simdjson::dom::parser m_parser;
};

constexpr const char* k_shape_of_2026 = R"({
  "id": "https://openalex.org/W2000000001", "doi": "https://doi.org/10.1000/ABC", "title": "Cats & dogs",
  "display_name": "Cats & dogs", "publication_year": 2026, "publication_date": "2026-02-03", "language": "en",
  "ids": {"openalex": "https://openalex.org/W2000000001", "doi": "https://doi.org/10.1000/ABC"},
  "primary_location": {"id": "doi:10.1000/abc", "landing_page_url": "https://doi.org/10.1000/abc",
    "source": {"id": "https://openalex.org/S1", "display_name": "Journal of Pets"}, "raw_source_name": "J. Pets"},
  "locations": [{"landing_page_url": "https://doi.org/10.1000/abc"},
    {"id": "pmh:oai:arXiv.org:2501.00001", "landing_page_url": "http://arxiv.org/abs/2501.00001", "pdf_url": null}],
  "type": "article", "is_retracted": true, "is_authors_truncated": false, "cited_by_count": 7,
  "authorships": [
    {"author_position": "first",
     "author": {"id": "https://openalex.org/A5000000001", "display_name": "Ada Lovelace",
                "orcid": "https://orcid.org/0000-0002-1825-0097"},
     "institutions": [{"id": "https://openalex.org/I4210113369", "display_name": "Lab", "country_code": "CN",
       "ror": "https://ror.org/00d0nc645", "type": "company",
       "lineage": ["https://openalex.org/I4210113369", "https://openalex.org/I1290206253"]}],
     "countries": ["CN"], "is_corresponding": true, "raw_author_name": "A. Lovelace", "raw_orcid": null,
     "raw_affiliation_strings": ["Lab, Beijing"],
     "affiliations": [{"raw_affiliation_string": "Lab, Beijing",
                       "institution_ids": ["https://openalex.org/I4210113369"]}]},
    {"author": {"id": null, "display_name": null, "orcid": null}, "institutions": [], "is_corresponding": null,
     "raw_author_name": "B. Nobody", "raw_orcid": "https://orcid.org/0000-0001-5109-3700", "affiliations": []}],
  "awards": [{"id": "https://openalex.org/G1", "display_name": null, "funder_award_id": "62006001",
    "funder_id": "https://openalex.org/F4320321001", "funder_display_name": "NSFC", "doi": null}],
  "funders": [{"id": "https://openalex.org/F4320321001", "display_name": "NSFC", "ror": null},
    {"id": "https://openalex.org/F2", "display_name": "Other", "ror": null}],
  "referenced_works": ["https://openalex.org/W3", "https://openalex.org/W4", null, "https://openalex.org/T5"],
  "abstract_inverted_index": {"Cats": [0]}, "updated_date": "2026-03-01T08:55:55.761014", "new_key": [[{}]]})";

TEST_F(OpenalexRecordTest, ReadsTheShapeOf2026) {
  Work expected;
  expected.source = "openalex";
  expected.id = "W2000000001";
  expected.doi = "10.1000/abc";
  expected.arxiv = "2501.00001";
  expected.title = "Cats & dogs";
  expected.year = 2026;
  expected.date = "2026-02-03";
  expected.type = "article";
  expected.venue = "Journal of Pets";
  expected.language = "en";
  expected.updated = "2026-03-01T08:55:55.761014";
  expected.cited_by = 7;
  expected.retracted = true;
  expected.author_count = 2;
  Authorship ada;
  ada.raw_name = "A. Lovelace";
  ada.name = "Ada Lovelace";
  ada.author_id = "A5000000001";
  ada.orcid = "0000-0002-1825-0097";
  ada.corresponding = true;
  ada.institutions = {{"I4210113369", "Lab", "00d0nc645", "CN", "company", {"I4210113369", "I1290206253"}}};
  ada.affiliations = {{"Lab, Beijing", {"I4210113369"}}};
  Authorship nobody;
  nobody.raw_name = "B. Nobody";
  nobody.orcid = "0000-0001-5109-3700";
  expected.authorships = {ada, nobody};
  expected.funding = {{"F4320321001", "NSFC", "62006001"}, {"F2", "Other", ""}};
  expected.references = {"W3", "W4"};
  EXPECT_EQ(work(k_shape_of_2026), expected);
}

TEST_F(OpenalexRecordTest, ReadsGrantsOfLate2025) {
  const Work read = work(R"({"id":"https://openalex.org/W1","authorships":[],"awards":[],
    "funders":[{"id":"https://openalex.org/F1","display_name":"JSPS"}],
    "grants":[{"funder":"https://openalex.org/F1","funder_display_name":"JSPS","award_id":"18K13235"},
              {"funder":"https://openalex.org/F9","funder_display_name":"JST","award_id":null}]})");
  EXPECT_EQ(read.funding, (std::vector<Funding>{{"F1", "JSPS", "18K13235"}, {"F9", "JST", ""}}));
}

TEST_F(OpenalexRecordTest, ReadsTheShapeOf2023) {
  const Work read = work(R"({"id":"https://openalex.org/W1","doi":null,"title":null,"display_name":"Named",
    "publication_year":2019,"publication_date":"2019-04-01","host_venue":{"display_name":"Old Journal"},
    "primary_location":{"source":null,"landing_page_url":"https://arxiv.org/abs/hep-th/9901001v2"},
    "authorships":[{"author":{"id":"https://openalex.org/A2000000001","display_name":"Al","orcid":null},
      "institutions":[{"id":null,"display_name":"Dept, City","ror":null,"country_code":null,"type":null},
                      {"id":"https://openalex.org/I5","display_name":"Uni","ror":null,"country_code":"DE","type":"education"}],
      "is_corresponding":false,"raw_affiliation_string":"Uni; Dept, City"}]})");
  EXPECT_EQ(read.title, "Named");
  EXPECT_EQ(read.venue, "Old Journal");
  EXPECT_EQ(read.arxiv, "hep-th/9901001");
  EXPECT_EQ(read.cited_by, std::nullopt);
  ASSERT_EQ(read.authorships.size(), 1u);
  const Authorship& al = read.authorships[0];
  EXPECT_EQ(al.author_id, "A2000000001");
  EXPECT_EQ(al.raw_name, "");
  EXPECT_EQ(al.corresponding, false);
  EXPECT_EQ(al.institutions, (std::vector<Institution>{{"I5", "Uni", "", "DE", "education", {}}}));
  EXPECT_EQ(al.affiliations, (std::vector<PrintedAffiliation>{{"Uni; Dept, City", {}}}));
}

TEST_F(OpenalexRecordTest, AffiliationsFallBackOnThePlainTexts) {
  const Authorship read = authorship(
      R"({"author":{"id":"A1"},"raw_affiliation_strings":["One","Two"],"raw_affiliation_string":"One; Two"})");
  EXPECT_EQ(read.affiliations, (std::vector<PrintedAffiliation>{{"One", {}}, {"Two", {}}}));
}

TEST_F(OpenalexRecordTest, PlaceholdersAreNobody) {
  for (const char* id : {"https://openalex.org/A9999999999", "https://openalex.org/A5317838346"}) {
    const Authorship read = authorship(
        fmt::format(R"({{"author":{{"id":"{}","display_name":"Deleted Author",)"
                    R"("orcid":"https://orcid.org/0000-0002-1825-0097"}},"raw_author_name":"C. Real"}})",
                    id));
    EXPECT_EQ(read.author_id, "") << id;
    EXPECT_EQ(read.name, "") << id;
    EXPECT_EQ(read.orcid, "") << id;
    EXPECT_EQ(read.raw_name, "C. Real") << id;
  }
}

TEST_F(OpenalexRecordTest, ANameWithoutIdIsTheNameOfTheByline) {
  const Authorship read = authorship(R"({"author":{"id":null,"display_name":"D. Byline"}})");
  EXPECT_EQ(read.raw_name, "D. Byline");
  EXPECT_EQ(read.name, "");
}

TEST_F(OpenalexRecordTest, AnOrcidWithAWrongCheckDigitIsNone) {
  EXPECT_EQ(authorship(R"({"author":{"id":"A1","orcid":"https://orcid.org/0000-0002-1825-0098"}})").orcid,
            "");
}

TEST_F(OpenalexRecordTest, VenueAndArxivComeFromTheFirstPlaceThatTellsThem) {
  EXPECT_EQ(work(R"({"id":"W1","primary_location":{"source":{"display_name":null},"raw_source_name":"Raw"},
                     "host_venue":{"display_name":"Host"}})")
                .venue,
            "Raw");
  EXPECT_EQ(work(R"({"id":"W1","doi":"https://doi.org/10.48550/arXiv.2501.12948"})").arxiv, "2501.12948");
  EXPECT_EQ(work(R"({"id":"W1","ids":{"doi":"https://doi.org/10.48550/arXiv.2501.12948"}})").doi,
            "10.48550/arxiv.2501.12948");
  EXPECT_EQ(
      work(R"({"id":"W1","locations":[{"landing_page_url":"https://notarxiv.example/abs/2501.12948"}]})")
          .arxiv,
      "");
}

TEST_F(OpenalexRecordTest, BylineLengthStandsApartFromTheAuthorshipsSent) {
  Work read = work(R"({"id":"W1","authorships":[{"author":{}}],"is_authors_truncated":true})");
  EXPECT_TRUE(read.byline_truncated);
  EXPECT_EQ(read.author_count, 1u);
  read = work(R"({"id":"W1","authorships":[{"author":{}}],"authors_count":193})");
  EXPECT_TRUE(read.byline_truncated);
  EXPECT_EQ(read.author_count, 193u);
}

TEST_F(OpenalexRecordTest, OddValuesAreAbsentOnes) {
  const Work read = work(R"({"id":"https://openalex.org/W1","doi":7,"title":[],"publication_year":"2020",
    "publication_date":"2020-02-31","language":null,"cited_by_count":1.5,"is_retracted":null,"locations":null,
    "primary_location":null,"authorships":null,"referenced_works":{},"awards":[null,{}],"type":{}})");
  Work expected;
  expected.source = "openalex";
  expected.id = "W1";
  EXPECT_EQ(read, expected);
}

TEST_F(OpenalexRecordTest, ARepeatedBylineIsNotAppended) {
  EXPECT_EQ(work(R"({"id":"W1","authorships":[{}],"authorships":[{},{}],"referenced_works":["W2"],
                     "referenced_works":["W3"]})")
                .author_count,
            2u);
}

TEST_F(OpenalexRecordTest, RejectsWhatIsNoWork) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", ""},
      {"7", ""},
      {"{}", ""},
      {R"({"id":null})", ""},
      {R"({"id":"https://openalex.org/A5000000001"})", "https://openalex.org/A5000000001"},
      {R"({"id":"W1","authorships":{}})", "W1"},
      {R"({"id":"W1","authorships":[{},null]})", "W1"},
  };
  for (const auto& [json, id] : cases) {
    const auto result = read(json);
    ASSERT_TRUE(std::holds_alternative<Rejected>(result)) << json;
    EXPECT_EQ(std::get<Rejected>(result).id, id) << json;
    EXPECT_FALSE(std::get<Rejected>(result).reason.empty()) << json;
  }
}

TEST_F(OpenalexRecordTest, ReadsAnAuthor) {
  const auto result = openalex_author(m_parser.parse(std::string(R"({
    "id":"https://openalex.org/A5000000001","orcid":null,"display_name":"Ada Lovelace",
    "display_name_alternatives":["A. Lovelace","Ada King"],"works_count":12,"cited_by_count":34,
    "affiliations":[{"institution":{"id":"https://openalex.org/I5","display_name":"Uni","country_code":"GB",
      "ror":"https://ror.org/042nb2s44","type":"education","lineage":["https://openalex.org/I5"]},
      "years":[2024,2023,"x"]}],
    "last_known_institutions":[{"id":"https://openalex.org/I6","display_name":"Lab"}]})")));
  ASSERT_TRUE(std::holds_alternative<AuthorRecord>(result));
  const AuthorRecord& author = std::get<AuthorRecord>(result);
  EXPECT_EQ(author.source, "openalex");
  EXPECT_EQ(author.id, "A5000000001");
  EXPECT_EQ(author.name, "Ada Lovelace");
  EXPECT_EQ(author.alternative_names, (std::vector<std::string>{"A. Lovelace", "Ada King"}));
  EXPECT_EQ(author.orcid, "");
  EXPECT_EQ(author.works_count, 12);
  EXPECT_EQ(author.cited_by, 34);
  ASSERT_EQ(author.affiliations.size(), 1u);
  EXPECT_EQ(author.affiliations[0].institution,
            (Institution{"I5", "Uni", "042nb2s44", "GB", "education", {"I5"}}));
  EXPECT_EQ(author.affiliations[0].years, (std::vector<int>{2024, 2023}));
  ASSERT_EQ(author.last_known_institutions.size(), 1u);
  EXPECT_EQ(author.last_known_institutions[0].id, "I6");
  EXPECT_TRUE(
      std::holds_alternative<Rejected>(openalex_author(m_parser.parse(std::string(R"({"id":"W1"})")))));
}

}  // namespace
}  // namespace coterie
