#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "coterie/dataset.hpp"
#include "tests/dataset/sample_works.hpp"
#include "tests/support/temporary_folder.hpp"

namespace coterie::test {
namespace {

using Strings = std::vector<std::string>;

class Records : public ::testing::Test {
 protected:
  TemporaryFolder m_folder;
  Dataset m_dataset{m_folder / "dataset.sqlite", Dataset::Mode::read_write};

  /// The fingerprint of a new dataset that takes the works in, in that order and in imports of that size.
  std::string fingerprint_of(const std::vector<Work>& works, std::size_t portion) {
    const auto path = m_folder / ("other" + std::to_string(++m_others) + ".sqlite");
    Dataset other(path, Dataset::Mode::read_write);
    for (std::size_t begin = 0; begin < works.size(); begin += portion) {
      const auto first = works.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = works.begin() + static_cast<std::ptrdiff_t>(std::min(begin + portion, works.size()));
      import_works(other, {first, last});
    }
    return other.fingerprint();
  }

 private:
  int m_others = 0;
};

TEST_F(Records, EveryFieldComesBack) {
  const Work work = full_work();
  import_works(m_dataset, {work, Work{}});
  ASSERT_EQ(works_of(m_dataset).size(), 2U);
  EXPECT_EQ(works_of(m_dataset)[0], Work{});
  EXPECT_EQ(works_of(m_dataset)[1], work);
}

TEST_F(Records, RandomWorksComeBackInOrder) {
  const std::vector<Work> works = random_works(700, 1);
  import_works(m_dataset, works);
  EXPECT_EQ(works_of(m_dataset), in_order(works));
}

TEST_F(Records, StoringAgainReplaces) {
  Work work = full_work();
  import_works(m_dataset, {work});
  work.title = "Another";
  work.byline_truncated = false;
  work.authorships.resize(2);
  work.authorships[0].institutions.pop_back();
  work.funding.clear();
  work.references = {"W1"};
  work.year.reset();
  import_works(m_dataset, {work});
  import_works(m_dataset, {work});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{work});
}

TEST_F(Records, TheSameIdInTwoSourcesIsTwoRecords) {
  const Work here = work_by("openalex", "1", {"A1"});
  const Work there = work_by("arxiv", "1", {"A2"});
  import_works(m_dataset, {here, there});
  EXPECT_EQ(works_of(m_dataset), (std::vector<Work>{there, here}));
}

TEST_F(Records, HostileTextsComeBackIntact) {
  Work work = work_by("s'; DROP TABLE work; --", "'); DELETE FROM work; --", {"A'\"`%_\\"});
  work.title = std::string("\x01\x1b[31m\n\r\t\x7f line\\nfeed ") + "\xe2\x80\xae" + std::string(300000, 'x');
  work.venue = std::string("nul\0inside", 10);
  work.references = {"", "\n", "\\", "\\n", "a\nb", "\\\n", ""};
  work.authorships[0].raw_name = "\xff\xfe not UTF-8";
  work.authorships[0].affiliations = {{std::string(100000, '\''), {"", "a\n"}}, {"", {""}}, {"", {}}};
  work.authorships[0].institutions = {
      {"", "", "", "", "", {}}, {"", "", "", "", "", {""}}, {"a", "b", "", "", "", {"\n"}}};
  import_works(m_dataset, {work});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{work});
  EXPECT_EQ(m_dataset.sources().at(0).source, work.source);
}

TEST_F(Records, ExtremeNumbersComeBack) {
  Work work = work_by("openalex", "W1", {});
  work.year = std::numeric_limits<int>::min();
  work.version = std::numeric_limits<int>::max();
  work.cited_by = std::numeric_limits<std::int64_t>::min();
  work.author_count = std::numeric_limits<std::uint32_t>::max();
  import_works(m_dataset, {work});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{work});
}

TEST_F(Records, ABylineOfThousandsComesBack) {
  Work work = work_by("openalex", "W1", {});
  for (int i = 0; i < 3000; ++i) {
    Authorship authorship;
    authorship.raw_name = "Author " + std::to_string(i);
    authorship.affiliations = {{"Shared", {"I1"}}};
    work.authorships.push_back(authorship);
  }
  import_works(m_dataset, {work});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{work});
}

TEST_F(Records, AShortenedBylineDoesNotReplaceTheWholeOne) {
  Work whole = full_work();
  whole.byline_truncated = false;
  Work cut = whole;
  cut.byline_truncated = true;
  cut.authorships.resize(1);
  import_works(m_dataset, {cut, whole, cut});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{whole});
  // A later state of the record does, whatever it tells.
  cut.updated = "2025-06-01T00:00:00";
  import_works(m_dataset, {cut});
  EXPECT_EQ(works_of(m_dataset), std::vector<Work>{cut});
}

TEST_F(Records, FingerprintDoesNotDependOnOrder) {
  std::vector<Work> works = random_works(120, 2);
  const std::string expected = fingerprint_of(works, works.size());
  EXPECT_EQ(expected.size(), 64U);
  std::mt19937 random(3);
  for (const std::size_t portion : {1U, 7U, 120U}) {
    std::shuffle(works.begin(), works.end(), random);
    EXPECT_EQ(fingerprint_of(works, portion), expected);
  }
  // Told twice, other facts in between: what stands in the end counts.
  std::vector<Work> detour = works;
  for (Work& work : detour) work.title += "!";
  detour.insert(detour.end(), works.begin(), works.end());
  EXPECT_EQ(fingerprint_of(detour, 50), expected);
}

TEST_F(Records, FingerprintSeesEveryField) {
  const std::vector<void (*)(Work&)> changes{
      [](Work& w) { w.source = "arxiv"; },
      [](Work& w) { w.id = "W101"; },
      [](Work& w) { w.doi += "x"; },
      [](Work& w) { w.arxiv += "x"; },
      [](Work& w) { w.title += "x"; },
      [](Work& w) { w.year.reset(); },
      [](Work& w) { w.date += "x"; },
      [](Work& w) { w.type += "x"; },
      [](Work& w) { w.venue += "x"; },
      [](Work& w) { w.language += "x"; },
      [](Work& w) { w.journal_reference += "x"; },
      [](Work& w) { ++w.version; },
      [](Work& w) { w.updated += "x"; },
      [](Work& w) { w.cited_by = 18; },
      [](Work& w) { w.retracted = false; },
      [](Work& w) { ++w.author_count; },
      [](Work& w) { w.byline_truncated = false; },
      [](Work& w) { w.authorships.pop_back(); },
      [](Work& w) { std::swap(w.authorships[0], w.authorships[1]); },
      [](Work& w) { w.authorships[0].raw_name += "x"; },
      [](Work& w) { w.authorships[0].name += "x"; },
      [](Work& w) { w.authorships[0].author_id += "x"; },
      [](Work& w) { w.authorships[0].orcid += "x"; },
      [](Work& w) { w.authorships[0].corresponding.reset(); },
      [](Work& w) { w.authorships[0].institutions[0].id += "x"; },
      [](Work& w) { w.authorships[0].institutions[0].name += "x"; },
      [](Work& w) { w.authorships[0].institutions[0].ror += "x"; },
      [](Work& w) { w.authorships[0].institutions[0].country += "x"; },
      [](Work& w) { w.authorships[0].institutions[0].type += "x"; },
      [](Work& w) { w.authorships[0].institutions[0].lineage.pop_back(); },
      [](Work& w) { w.authorships[0].affiliations[0].text += "x"; },
      [](Work& w) { w.authorships[0].affiliations[0].institution_ids.clear(); },
      [](Work& w) { w.funding[0].funder_id += "x"; },
      [](Work& w) { w.funding[0].funder_name += "x"; },
      [](Work& w) { w.funding[0].award_id += "x"; },
      [](Work& w) { std::swap(w.references[0], w.references[1]); },
  };
  std::vector<std::string> seen{fingerprint_of({full_work()}, 1)};
  for (const auto& change : changes) {
    Work work = full_work();
    change(work);
    seen.push_back(fingerprint_of({work}, 1));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(Records, FingerprintSeesIdentitiesButNoTimes) {
  import_works(m_dataset, {full_work()});
  const std::string before = m_dataset.fingerprint();
  m_dataset.begin_import();
  m_dataset.add(std::vector<Work>{full_work()}, "2030-12-31T23:59:59Z");
  m_dataset.end_import({"later.jsonl", "01", "coterie-jsonl", "2030-12-31T23:59:59Z", 1, 0});
  EXPECT_EQ(m_dataset.fingerprint(), before);
  EXPECT_EQ(m_dataset.sources().at(0).newest_fetch, "2030-12-31T23:59:59Z");

  Identity identity{"dana", "openalex", "A1", "Dana", Identity::Status::probable, "search", 0.1 + 0.2, "why"};
  m_dataset.store_identities("dana", "openalex", std::vector{identity}, "digest");
  const std::string probable = m_dataset.fingerprint();
  EXPECT_NE(probable, before);
  identity.status = Identity::Status::confirmed;
  m_dataset.store_identities("dana", "openalex", std::vector{identity}, "digest");
  EXPECT_NE(m_dataset.fingerprint(), probable);
  m_dataset.store_identities("dana", "openalex", {}, "digest");
  EXPECT_EQ(m_dataset.fingerprint(), before);
}

TEST_F(Records, IdentitiesComeBackInOrder) {
  const Identity a{"ann", "openalex", "A2", "Ann", Identity::Status::confirmed, "orcid", 1, "equal ORCID"};
  const Identity b{"ann", "openalex", "A1", "A. Nn", Identity::Status::rejected, "decision", 1.0 / 3.0, ""};
  const Identity c{
      "ann", "arxiv", "a_n_1", "Ann", Identity::Status::ambiguous, "search", 0.5, "it's \"one\" of 2"};
  const Identity d{"bob", "openalex", "A1", "Bob", Identity::Status::probable, "search", 0, "x"};
  m_dataset.store_identities("bob", "openalex", std::vector{d}, "digest");
  m_dataset.store_identities("ann", "openalex", std::vector{a, b}, "digest");
  m_dataset.store_identities("ann", "arxiv", std::vector{c}, "digest");
  const std::vector<Identity> found = m_dataset.identities();
  const std::vector<Identity> expected{c, b, a, d};
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].person, expected[i].person);
    EXPECT_EQ(found[i].source, expected[i].source);
    EXPECT_EQ(found[i].author_id, expected[i].author_id);
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].status, expected[i].status);
    EXPECT_EQ(found[i].method, expected[i].method);
    EXPECT_EQ(found[i].score, expected[i].score);
    EXPECT_EQ(found[i].evidence, expected[i].evidence);
  }
  m_dataset.store_identities("ann", "openalex", std::vector{a}, "digest");
  EXPECT_EQ(m_dataset.identities().size(), 3U);
}

TEST_F(Records, CoauthorsOfASource) {
  // A1 - A2 - A3 is a chain, A4 stands alone, A1 and A9 meet in another source only.
  import_works(m_dataset,
               {work_by("openalex", "W1", {"A2", "A1", "A1", ""}), work_by("openalex", "W2", {"A2", "A3"}),
                work_by("openalex", "W3", {"A4"}), work_by("other", "W1", {"A1", "A9"})});
  EXPECT_EQ(m_dataset.coauthor_ids("openalex", Strings{"A1"}), Strings{"A2"});
  EXPECT_EQ(m_dataset.coauthor_ids("openalex", Strings{"A2"}), (Strings{"A1", "A3"}));
  EXPECT_EQ(m_dataset.coauthor_ids("openalex", Strings{"A1", "A2"}), Strings{"A3"});
  EXPECT_EQ(m_dataset.coauthor_ids("openalex", Strings{"A4", "", "A0"}), Strings{});
  EXPECT_EQ(m_dataset.coauthor_ids("other", Strings{"A1"}), Strings{"A9"});
  EXPECT_EQ(m_dataset.coauthor_ids("nowhere", Strings{"A1"}), Strings{});
}

TEST_F(Records, SourcesAreCounted) {
  Work work = full_work();  // 5 authorships; the second, third and fourth have no affiliation at all
  import_works(m_dataset, {work, work_by("openalex", "W2", {"A1"}), work_by("arxiv", "1", {})});
  const std::vector<SourceState> states = m_dataset.sources();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].source, "arxiv");
  EXPECT_EQ(states[0].records, 1U);
  EXPECT_EQ(states[0].authorships, 0U);
  EXPECT_EQ(states[0].unknown_affiliations, 0U);
  EXPECT_EQ(states[1].source, "openalex");
  EXPECT_EQ(states[1].records, 2U);
  EXPECT_EQ(states[1].authorships, 5U + 1U);
  EXPECT_EQ(states[1].truncated_bylines, 1U);
  EXPECT_EQ(states[1].unknown_affiliations, 3U + 1U);
  EXPECT_EQ(states[1].newest_fetch, "2026-01-01T00:00:00Z");
}

TEST_F(Records, AnImportThatIsNotEndedLeavesNothing) {
  const auto path = m_folder / "broken.sqlite";
  const std::vector<Work> works = random_works(50, 4);
  {
    Dataset dataset(path, Dataset::Mode::read_write);
    dataset.begin_import();
    dataset.add(works, "2026-01-01T00:00:00Z");
  }
  Dataset dataset(path, Dataset::Mode::read_write);
  EXPECT_TRUE(works_of(dataset).empty());
  EXPECT_TRUE(dataset.sources().empty());
  EXPECT_TRUE(dataset.imports().empty());
  import_works(dataset, works);
  EXPECT_EQ(works_of(dataset), in_order(works));
}

TEST_F(Records, AKilledImportLeavesWhatWasBefore) {
  const auto path = m_folder / "killed.sqlite";
  const std::vector<Work> works = random_works(200, 5);
  const std::vector<Work> before(works.begin(), works.begin() + 100);
  const pid_t child = fork();
  if (child == 0) {
    Dataset dataset(path, Dataset::Mode::read_write);
    import_works(dataset, before);
    dataset.begin_import();
    dataset.add(works, "2026-01-01T00:00:00Z");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  Dataset dataset(path, Dataset::Mode::read_write);
  EXPECT_EQ(works_of(dataset), in_order(before));
  EXPECT_EQ(dataset.imports().size(), 1U);
}

TEST_F(Records, AFailedChangeLeavesTheDatasetUsable) {
  // The number is too large for the fetch log, so the import fails after the works were written.
  const std::vector<Work> works{full_work()};
  m_dataset.begin_import();
  m_dataset.add(works, "2026-01-01T00:00:00Z");
  const ImportState bad{"f", "s", "coterie-jsonl", "t", std::numeric_limits<std::uint64_t>::max(), 0};
  EXPECT_THROW(m_dataset.end_import(bad), Error);
  EXPECT_TRUE(works_of(m_dataset).empty());
  // Institutions and affiliations met in the failed import must be written anew.
  import_works(m_dataset, works);
  EXPECT_EQ(works_of(m_dataset), works);
}

TEST_F(Records, MisuseIsABug) {
  const auto kind = [](const auto& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::usage;
  };
  EXPECT_EQ(kind([&] { m_dataset.add(std::vector<Work>{Work{}}, ""); }), ErrorKind::bug);
  EXPECT_EQ(kind([&] { m_dataset.end_import({}); }), ErrorKind::bug);
  m_dataset.begin_import();
  EXPECT_EQ(kind([&] { m_dataset.begin_import(); }), ErrorKind::bug);
  EXPECT_EQ(kind([&] { m_dataset.store(query_for({"A1"}), {}, ""); }), ErrorKind::bug);
  m_dataset.end_import({"f", "s", "x", "t", 0, 0});
  Dataset reader(m_folder / "dataset.sqlite", Dataset::Mode::read_only);
  EXPECT_EQ(kind([&] { reader.begin_import(); }), ErrorKind::bug);
  EXPECT_EQ(kind([&] { reader.restart(query_for({"A1"})); }), ErrorKind::bug);
}

}  // namespace
}  // namespace coterie::test
