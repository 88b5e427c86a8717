#include "tests/dataset/sample_works.hpp"

#include <algorithm>
#include <random>
#include <tuple>

namespace coterie::test {

Work full_work() {
  Work work;
  work.source = "openalex";
  work.id = "W100";
  work.doi = "10.1000/full";
  work.arxiv = "2501.00001";
  work.title = "A title with \"quotes\", commas; and 中文";
  work.year = 2024;
  work.date = "2024-05-06";
  work.type = "article";
  work.venue = "Venue";
  work.language = "en";
  work.journal_reference = "J. 1 (2024) 2-3";
  work.version = 3;
  work.updated = "2025-01-02T03:04:05";
  work.cited_by = 17;
  work.retracted = true;
  work.author_count = 120;
  work.byline_truncated = true;
  Authorship first;
  first.raw_name = "D. Example";
  first.name = "Dana Example";
  first.author_id = "A1";
  first.orcid = "0000-0002-1825-0097";
  first.corresponding = true;
  first.institutions = {{"I1", "Institute One", "042nb2s44", "CN", "education", {"I1", "I9"}},
                        {"I2", "Institute Two", "", "", "", {}}};
  first.affiliations = {
      {"Dept. X, Institute One", {"I1"}}, {"Institute One & Two", {"I2", "I1"}}, {"Nowhere", {}}};
  Authorship second;
  second.raw_name = "Second Author";
  second.name = "Second Author";
  second.corresponding = false;
  Authorship third;
  third.name = "Only Source Name";
  third.author_id = "A3";
  Authorship nobody;
  work.authorships = {first, second, third, nobody, first};
  work.funding = {{"F1", "Fund", "12-34"}, {"", "Only a name", ""}, {"F1", "Fund", ""}};
  work.references = {"W7", "W5", "W7"};
  return work;
}

std::vector<Work> random_works(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  const std::vector<std::string> sources{"openalex", "arxiv", "acl"};
  std::vector<Work> works;
  for (std::size_t i = 0; i < count; ++i) {
    Work work;
    work.source = sources[below(sources.size())];
    work.id = "W" + std::to_string((i * 7919) % 100003);
    work.title = "Title " + std::to_string(below(50));
    if (below(4) != 0) work.year = 1990 + static_cast<int>(below(40));
    if (below(2) != 0) work.cited_by = static_cast<std::int64_t>(below(1000));
    const std::size_t authors = below(7);
    for (std::size_t a = 0; a < authors; ++a) {
      Authorship authorship;
      const std::string number = std::to_string(below(30));
      authorship.raw_name = "Name " + number;
      if (below(3) != 0) authorship.author_id = "A" + number;
      if (below(2) != 0) authorship.name = "Name " + std::to_string(below(30));
      if (below(3) == 0) authorship.corresponding = below(2) == 0;
      for (std::size_t k = below(3); k > 0; --k) {
        // The same institution with and without its lineage: facts of one id differ between records.
        const std::string id = "I" + std::to_string(below(5));
        Institution institution{id, "Institution " + id, "", "CN", "education", {}};
        if (below(2) == 0) institution.lineage = {id, "I99"};
        authorship.institutions.push_back(institution);
      }
      for (std::size_t k = below(3); k > 0; --k) {
        authorship.affiliations.push_back({"Printed " + std::to_string(below(6)), {}});
      }
      work.authorships.push_back(std::move(authorship));
    }
    work.author_count = static_cast<std::uint32_t>(authors);
    for (std::size_t k = below(4); k > 0; --k) work.references.push_back("W" + std::to_string(below(1000)));
    if (below(5) == 0) work.funding.push_back({"F" + std::to_string(below(3)), "Fund", ""});
    works.push_back(std::move(work));
  }
  return works;
}

Work work_by(const std::string& source, const std::string& id, const std::vector<std::string>& author_ids) {
  Work work;
  work.source = source;
  work.id = id;
  for (const std::string& author : author_ids) {
    Authorship authorship;
    authorship.author_id = author;
    work.authorships.push_back(authorship);
  }
  work.author_count = static_cast<std::uint32_t>(author_ids.size());
  return work;
}

Query query_for(const std::vector<std::string>& author_ids) {
  Query query;
  query.source = "openalex";
  query.kind = Query::Kind::works_of_authors;
  query.values = author_ids;
  query.people = {"dana"};
  return query;
}

void import_works(Dataset& dataset, const std::vector<Work>& works) {
  dataset.begin_import();
  dataset.add(works, "2026-01-01T00:00:00Z");
  dataset.end_import({"works.jsonl", "00", "coterie-jsonl", "2026-01-01T00:00:00Z", works.size(), 0});
}

std::vector<Work> works_of(const Dataset& dataset) {
  std::vector<Work> works;
  dataset.for_each_work([&](const Work& work) { works.push_back(work); });
  return works;
}

std::vector<Work> in_order(std::vector<Work> works) {
  std::sort(works.begin(), works.end(),
            [](const Work& a, const Work& b) { return std::tie(a.source, a.id) < std::tie(b.source, b.id); });
  return works;
}

}  // namespace coterie::test
