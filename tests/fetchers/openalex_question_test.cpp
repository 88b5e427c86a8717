#include <fmt/format.h>
#include <gtest/gtest.h>

#include "coterie/error.hpp"
#include "coterie/source.hpp"

namespace coterie {
namespace {

constexpr const char* k_select =
    "id,doi,title,display_name,publication_year,publication_date,ids,language,primary_location,locations,"
    "type,"
    "authorships,is_authors_truncated,cited_by_count,is_retracted,awards,funders,referenced_works,updated_"
    "date";
constexpr const char* k_author_select =
    "id,orcid,display_name,display_name_alternatives,works_count,cited_by_count,affiliations,"
    "last_known_institutions";

std::unique_ptr<Source> openalex(const std::string& base = {}, int page_size = 0,
                                 const std::string& key = "key") {
  SourceSettings settings;
  settings.base_url = base;
  settings.page_size = page_size;
  return make_source("openalex", settings, key);
}

Query query(Query::Kind kind, std::vector<std::string> values, Window window = {}) {
  return {"openalex", kind, std::move(values), window, {}};
}

TEST(OpenalexQuestion, ListsWorksOfAuthors) {
  const auto source = openalex();
  const Query works = query(Query::Kind::works_of_authors, {"A5000000001", "A5000000002"}, {2015, 2026});
  const HttpRequest first = source->request(works, "");
  EXPECT_EQ(first.url,
            std::string("https://api.openalex.org/works?filter=author.id%3AA5000000001%7CA5000000002%2C"
                        "from_publication_date%3A2015-01-01%2Cto_publication_date%3A2026-12-31&select=") +
                k_select + "&sort=publication_date:asc&per_page=100&cursor=%2A");
  EXPECT_EQ(first.bearer, "key");
  EXPECT_TRUE(first.redirect_hosts.empty());
  const HttpRequest next = source->request(works, "Ils+/w==");
  EXPECT_TRUE(next.url.ends_with("&per_page=100&cursor=Ils%2B%2Fw%3D%3D")) << next.url;
}

TEST(OpenalexQuestion, AnOpenWindowHasNoDates) {
  const auto source = openalex();
  EXPECT_NE(
      source->request(query(Query::Kind::works_of_authors, {"A1"}), "").url.find("filter=author.id%3AA1&"),
      std::string::npos);
  EXPECT_NE(source->request(query(Query::Kind::works_of_authors, {"A1"}, {std::nullopt, 2020}), "")
                .url.find("filter=author.id%3AA1%2Cto_publication_date%3A2020-12-31&"),
            std::string::npos);
}

TEST(OpenalexQuestion, ListsWorksOfInstitutions) {
  const auto source = openalex();
  const auto url = [&](const std::string& value) {
    return source->request(query(Query::Kind::works_of_institutions, {value}), "").url;
  };
  EXPECT_NE(url("lineage:I4210113369").find("filter=authorships.institutions.lineage%3AI4210113369&"),
            std::string::npos);
  EXPECT_NE(url("id:I4210113369").find("filter=institutions.id%3AI4210113369&"), std::string::npos);
  EXPECT_NE(url("ror:042nb2s44").find("filter=institutions.ror%3A042nb2s44&"), std::string::npos);
}

TEST(OpenalexQuestion, AsksSingleEntitiesByTheirFreeAddress) {
  const auto source = openalex("http://127.0.0.1:8080/", 50, "");
  const std::string works = std::string("?select=") + k_select;
  const std::string authors = std::string("?select=") + k_author_select;
  const auto url = [&](Query::Kind kind, const std::string& value) {
    return source->request(query(kind, {value}), "").url;
  };
  EXPECT_EQ(url(Query::Kind::works_by_id, "W7"), "http://127.0.0.1:8080/works/W7" + works);
  EXPECT_EQ(url(Query::Kind::works_by_id, "doi:10.1002/(sici)1097<1::aid>3.0.co;2-#"),
            "http://127.0.0.1:8080/works/doi:10.1002/%28sici%291097%3C1::aid%3E3.0.co%3B2-%23" + works);
  EXPECT_EQ(url(Query::Kind::authors_by_id, "A5"), "http://127.0.0.1:8080/authors/A5" + authors);
  EXPECT_EQ(url(Query::Kind::authors_by_orcid, "0000-0002-1825-0097"),
            "http://127.0.0.1:8080/authors/orcid:0000-0002-1825-0097" + authors);
  EXPECT_EQ(url(Query::Kind::authors_by_name, "Wu, Y."),
            "http://127.0.0.1:8080/authors?search=Wu%2C%20Y.&select=" + std::string(k_author_select) +
                "&per_page=50&cursor=%2A");
  EXPECT_FALSE(source->has_key());
  EXPECT_EQ(source->page_size(), 50);
}

TEST(OpenalexQuestion, CostsAreThoseOfThePriceList) {
  const auto source = openalex();
  EXPECT_EQ(source->cost(query(Query::Kind::works_by_id, {"W1"})), 0);
  EXPECT_EQ(source->cost(query(Query::Kind::authors_by_id, {"A1"})), 0);
  EXPECT_EQ(source->cost(query(Query::Kind::authors_by_orcid, {"0000-0002-1825-0097"})), 0);
  EXPECT_EQ(source->cost(query(Query::Kind::works_of_authors, {"A1"})), 0.0001);
  EXPECT_EQ(source->cost(query(Query::Kind::works_of_institutions, {"ror:042nb2s44"})), 0.0001);
  EXPECT_EQ(source->cost(query(Query::Kind::authors_by_name, {"Ada"})), 0.001);
}

TEST(OpenalexQuestion, AFilterThatCouldVanishIsNeverSent) {
  const auto source = openalex();
  const std::vector<Query> bad{
      query(Query::Kind::works_of_authors, {}),
      query(Query::Kind::works_of_authors, {""}),
      query(Query::Kind::works_of_authors, {"A9999999999"}),
      query(Query::Kind::works_of_authors, {"A5000000001", "A5317838346"}),
      query(Query::Kind::works_of_authors, {"A1|A2"}),
      query(Query::Kind::works_of_authors, {"null"}),
      query(Query::Kind::works_of_authors, std::vector<std::string>(101, "A1")),
      query(Query::Kind::works_of_institutions, {"I1"}),
      query(Query::Kind::works_of_institutions, {"lineage:I1", "ror:042nb2s44"}),
      query(Query::Kind::works_of_institutions, {"ror:"}),
      query(Query::Kind::works_by_id, {}),
      query(Query::Kind::works_by_id, {" "}),
      query(Query::Kind::authors_by_name, {""}),
  };
  for (const Query& q : bad) {
    try {
      (void)source->request(q, "");
      ADD_FAILURE() << q.key();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bug);
    }
  }
}

TEST(OpenalexPlan, GathersAuthorsInHundredsWithThePeopleTheyStandFor) {
  Scope scope;
  scope.window = {2015, std::nullopt};
  for (int i = 0; i < 120; ++i) {
    scope.people.push_back({fmt::format("p{:03}", i), {fmt::format("A50000{:05}", i)}, {"Name"}});
  }
  scope.people.push_back({"twice", {"https://openalex.org/A5000000000", "A9999999999", "W1", ""}, {}});
  scope.coauthor_ids = {"A5000000000", "A6000000000"};
  const std::vector<Query> queries = openalex()->plan(scope);
  ASSERT_EQ(queries.size(), 3u);
  EXPECT_EQ(queries[0].values.size(), 100u);
  EXPECT_EQ(queries[0].values.front(), "A5000000000");
  EXPECT_EQ(queries[0].people.size(), 101u);
  EXPECT_EQ(queries[0].window, scope.window);
  EXPECT_EQ(queries[1].values.size(), 20u);
  EXPECT_EQ(queries[1].people.front(), "p100");
  EXPECT_EQ(queries[2].values, (std::vector<std::string>{"A6000000000"}));
  EXPECT_TRUE(queries[2].people.empty());
  EXPECT_NE(queries[0].key(), queries[1].key());
}

TEST(OpenalexPlan, AsksInstitutionsByLineageElseByRor) {
  Scope scope;
  WatchedInstitution lab;
  lab.openalex = {"I4210113369", "https://openalex.org/I7"};
  lab.ror = "042nb2s44";
  WatchedInstitution uni;
  uni.ror = "00d0nc645";
  WatchedInstitution patterns_only;
  scope.institutions = {lab, uni, patterns_only};
  const std::vector<Query> queries = openalex()->plan(scope);
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0].values, (std::vector<std::string>{"lineage:I4210113369", "lineage:I7"}));
  EXPECT_EQ(queries[1].values, (std::vector<std::string>{"ror:00d0nc645"}));
}

TEST(OpenalexPlan, NamesWorksSingly) {
  Scope scope;
  scope.work_ids = {"https://doi.org/10.1000/ABC", "arXiv:2501.12948v1", "W12", "10.48550/arXiv.2501.12948",
                    "junk"};
  std::vector<std::string> values;
  for (const Query& q : openalex()->plan(scope)) {
    ASSERT_EQ(q.values.size(), 1u);
    EXPECT_EQ(q.kind, Query::Kind::works_by_id);
    values.push_back(q.values[0]);
  }
  EXPECT_EQ(values, (std::vector<std::string>{"W12", "doi:10.1000/abc", "doi:10.48550/arxiv.2501.12948"}));
}

TEST(OpenalexPlan, AnEmptyScopeAsksNothing) { EXPECT_TRUE(openalex()->plan(Scope{}).empty()); }

TEST(OpenalexLookups, PreferIdsThenOrcidThenNames) {
  Person person;
  person.key = "ada";
  person.name = "Ada (Countess) Lovelace";
  person.aliases = {"Ada King", "Ada Countess Lovelace"};
  auto queries = openalex()->lookups(person);
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0].kind, Query::Kind::authors_by_name);
  EXPECT_EQ(queries[0].values, (std::vector<std::string>{"Ada Countess Lovelace"}));
  EXPECT_EQ(queries[1].values, (std::vector<std::string>{"Ada King"}));
  EXPECT_EQ(queries[1].people, (std::vector<std::string>{"ada"}));
  person.orcid = "0000-0002-1825-0097";
  queries = openalex()->lookups(person);
  ASSERT_EQ(queries.size(), 1u);
  EXPECT_EQ(queries[0].kind, Query::Kind::authors_by_orcid);
  person.openalex = {"A5000000002", "A5000000001"};
  queries = openalex()->lookups(person);
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0].kind, Query::Kind::authors_by_id);
  EXPECT_EQ(queries[0].values, (std::vector<std::string>{"A5000000002"}));
}

TEST(Sources, AreMadeByNameWithSoundSettingsOnly) {
  EXPECT_EQ(sources().size(), 2u);
  EXPECT_EQ(sources()[0].traits.name, "openalex");
  EXPECT_EQ(sources()[1].traits.name, "arxiv");
  const auto kind_of = [](std::string_view name, const std::string& base, int page_size) {
    SourceSettings settings;
    settings.base_url = base;
    settings.page_size = page_size;
    try {
      (void)make_source(name, settings, "");
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::bug;
  };
  EXPECT_EQ(kind_of("scopus", "", 0), ErrorKind::configuration);
  for (const char* name : {"openalex", "arxiv"}) {
    EXPECT_EQ(kind_of(name, "http://api.openalex.org", 0), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "https://user:secret@api.openalex.org", 0), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "https://api.openalex.org/?x=1", 0), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "http://127.0.0.1.evil.example", 0), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "nonsense", 0), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "", 5000), ErrorKind::configuration);
    EXPECT_EQ(kind_of(name, "http://localhost:1", 0), ErrorKind::bug) << "should be made";
  }
}

TEST(QueryKey, IsStableAndHoldsKindWindowAndValuesButNotPeople) {
  Query q = query(Query::Kind::works_of_authors, {"A1", "A2"}, {2015, 2026});
  EXPECT_EQ(q.key(), "works of authors 2015-2026: A1|A2");
  const std::string key = q.key();
  q.people = {"ada"};
  EXPECT_EQ(q.key(), key);
  q.window.to.reset();
  EXPECT_EQ(q.key(), "works of authors from 2015: A1|A2");
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back(fmt::format("A50000{:05}", i));
  q.values = many;
  const std::string long_key = q.key();
  EXPECT_LT(long_key.size(), 160u);
  EXPECT_NE(long_key.find("100 of them"), std::string::npos);
  q.values[50] = "A5000000999";
  EXPECT_NE(q.key(), long_key);
}

std::vector<Person> people_with_ids(int count) {
  std::vector<Person> people;
  for (int i = 0; i < count; ++i) {
    Person person;
    person.key = fmt::format("p{:03}", i);
    person.name = fmt::format("Person {}", i);
    person.openalex = {fmt::format("A5{:09}", i)};
    people.push_back(person);
  }
  return people;
}

TEST(OpenalexJointLookups, FewPeopleAreAskedOneByOneWhichIsFree) {
  EXPECT_TRUE(openalex()->joint_lookups(people_with_ids(10)).empty());
}

TEST(OpenalexJointLookups, ManyPeopleAreAskedByTheHundred) {
  const auto source = openalex();
  const std::vector<Query> queries = source->joint_lookups(people_with_ids(250));
  ASSERT_EQ(queries.size(), 3u);
  EXPECT_EQ(queries[0].values.size(), 100u);
  EXPECT_EQ(queries[2].values.size(), 50u);
  EXPECT_EQ(queries[2].people.size(), 50u);
  EXPECT_EQ(source->cost(queries[0]), 0.0001);
  const std::string url = source->request(queries[2], "").url;
  EXPECT_NE(url.find("/authors?filter=openalex%3AA5000000200%7CA5000000201%7C"), std::string::npos) << url;
  EXPECT_NE(url.find("&per_page=100&cursor=%2A"), std::string::npos) << url;
}

TEST(OpenalexJointLookups, OrcidsAreOnlyForWhoHasNoId) {
  std::vector<Person> people = people_with_ids(30);
  for (Person& person : people) person.orcid = "0000-0002-1825-0097";
  for (const Query& query : openalex()->joint_lookups(people)) {
    EXPECT_EQ(query.kind, Query::Kind::authors_by_ids);
  }
}

}  // namespace
}  // namespace coterie
