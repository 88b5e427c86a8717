"""What a refresh makes of a source that changes: works that vanish or go into others, authors that are merged, an
allowance that runs out, and how few calls it takes."""

import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer, Fault, status_fault
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from program import KEY_VARIABLE, OK, TEMPORARY, ProgramTest, read_table
from world import World

ROSTER = [person for person in PEOPLE if person["key"] in ("lin", "wei")]


class RefreshTest(ProgramTest):
    """A study of two people that was run once."""

    def setUp(self):
        super().setUp()
        self.world = made_up_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.server.openalex.null_cursor_on_short_page = True

    def refreshed(self, expect=OK):
        self.server.forget()
        return self.run_program("refresh", self.study_folder, expect=expect)

    def begin(self, **content):
        self.study_folder = self.study(**{
            "people": ROSTER, "institutions": INSTITUTIONS, "analysis": 'metrics = ["degree"]',
            "sources": {"openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE}}, **content})
        self.refreshed()

    def status(self):
        return self.run_program("status", self.study_folder, "--json", expect=OK).json()

    def works(self):
        return {line["openalex"]: line for line in self.study_folder.table("works")}

    def singles(self):
        return [request.path for request in self.server.requests if request.path.startswith("/works/")]


class Changes(RefreshTest):
    """Records that are not what they were."""

    def setUp(self):
        super().setUp()
        self.begin()

    def test_nothing_changed(self):
        before = self.study_folder.report_count()
        result = self.refreshed()
        self.assertEqual((result.out, result.err, self.study_folder.report_count()), ("", "", before))
        run = self.status()["runs"][0]
        self.assertEqual((run["command"], run["exit"], run["new"], run["changed"], run["gaps"]), ("refresh", 0, 0, 0, 0))
        self.assertEqual(self.singles(), [])

    def test_a_work_that_is_gone_is_kept_and_marked(self):
        del self.world.works["W1002"]
        self.refreshed()
        self.assertEqual(self.singles(), ["/works/W1002"])
        works = self.works()
        self.assertRegex(works["W1002"]["vanished"], r"^\d{4}-\d\d-\d\d$")
        self.assertEqual({id for id, work in works.items() if work["vanished"]}, {"W1002"})
        gone = [line for line in self.study_folder.table("changes") if line["kind"] == "vanished_work"]
        self.assertEqual([(line["key"], line["what"], line["after"]) for line in gone],
                         [(works["W1002"]["key"], "vanished", works["W1002"]["vanished"])])
        self.assertEqual(self.status()["sources"][0]["vanished"], 1)
        self.assertEqual(self.status()["gaps"], [])
        self.refreshed()
        self.assertEqual(self.singles(), [], "it is asked for once")

    def test_a_work_that_went_into_another(self):
        first = self.works()
        self.world.work("W2001", "Graphs of the harbour, extended", "2014-03-15",
                        [("A5000000001", []), ("A5000000002", [])])
        del self.world.works["W1002"]
        self.world.merged["W1002"] = "W2001"
        self.refreshed()
        self.assertEqual(set(self.works()), set(first) - {"W1002"} | {"W2001"})
        self.assertEqual(self.status()["sources"][0]["merged"], 1)

    def test_a_byline_that_changed_is_read_again(self):
        work = self.world.works["W1002"]
        work.byline = [mention for mention in work.byline if mention.author != "A5000000002"]
        self.refreshed()
        self.assertEqual(self.works()["W1002"]["people"], "lin")
        self.assertEqual(self.status()["runs"][0]["changed"], 1)

    def test_a_work_that_is_nobodys_of_the_roster_any_more(self):
        self.world.works["W1002"].byline = self.world.works["W1012"].byline
        self.refreshed()
        self.assertEqual(self.singles(), ["/works/W1002"])
        self.assertEqual(self.status()["gaps"], [])
        self.assertEqual(self.works()["W1002"]["people"], "")
        self.assertEqual(self.works()["W1002"]["vanished"], "")

    def test_an_author_who_went_into_another(self):
        self.world.author("A5000000801", "Meixiu Lin")
        for work in self.world.works.values():
            for mention in work.byline:
                if mention.author == "A5000000001":
                    mention.author = "A5000000801"
        del self.world.authors["A5000000001"]
        self.world.merged["A5000000001"] = "A5000000801"
        before = self.study_folder.table("pairs")
        self.refreshed()
        lines = {line["key"]: line for line in self.study_folder.table("people")}
        self.assertIn("A5000000801", lines["lin"]["author_ids"])
        self.assertEqual(before, self.study_folder.table("pairs"))
        self.assertFalse(any(work["vanished"] for work in self.works().values()))

    def test_an_empty_answer_drops_nothing(self):
        everything = dict(self.world.works)
        before = self.works()
        self.server.openalex.hidden = set()
        lists = []

        def emptied(request):
            lists.append(request)
            return self.server.openalex.answer("/works", {"filter": "author.id:A5000000799", "cursor": "*"}, {})
        self.world.author("A5000000799", "Nobody At All")
        self.server.fault_when(lambda request: request.path == "/works", Fault(replace=emptied, times=10**6))
        for _ in range(2):
            result = self.refreshed(TEMPORARY)
            self.assertIn("incomplete", result.err)
            self.assertTrue(self.status()["gaps"])
        self.assertEqual(self.status()["sources"][0]["vanished"], 0)
        self.server.no_more_faults()
        self.assertEqual(everything, self.world.works)
        self.refreshed()
        self.assertEqual(self.works(), before)
        self.assertEqual(self.status()["gaps"], [])


class Upgrade(RefreshTest):
    """A dataset that an older version wrote."""

    def test_a_reader_brings_it_up_to_date(self):
        self.begin()
        with sqlite3.connect(self.study_folder.dataset) as dataset:
            for table in ("author_alias", "resolution", "pass", "allowance", "run"):
                dataset.execute(f"DROP TABLE {table}")
            dataset.execute("DROP INDEX authorship_by_institution")
            for column in ("digest", "vanished", "checked", "merged_into"):
                dataset.execute(f"ALTER TABLE work DROP COLUMN {column}")
            for column in ("began", "known"):
                dataset.execute(f"ALTER TABLE query DROP COLUMN {column}")
            dataset.execute("PRAGMA user_version = 3")
        dataset.close()
        before = self.study_folder.report_files()
        self.run_program("check", self.study_folder, expect=OK)
        self.run_program("analyze", self.study_folder, expect=OK)
        self.assert_same_report(before, self.study_folder.report_files())
        self.refreshed()
        self.assertEqual(self.status()["runs"][0]["changed"], 0)


class Allowance(RefreshTest):
    """What is left of the day's allowance."""

    def test_a_run_stops_before_the_call_that_would_be_refused(self):
        self.server.openalex.credits = 2
        self.study_folder = self.study(people=ROSTER, analysis='metrics = ["degree"]', sources={
            "openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE, "page_size": 2}})
        result = self.run_program("fetch", self.study_folder, expect=(OK, TEMPORARY))
        # Nobody is looked up by fetch alone, so the people come first.
        self.run_program("resolve", self.study_folder, expect=OK)
        self.server.forget()
        result = self.run_program("fetch", self.study_folder, expect=TEMPORARY)
        self.assertEqual([request.status for request in self.server.works_requests()], [200, 200])
        self.assertIn("allowance", result.err)
        status = self.status()
        self.assertEqual(status["allowances"][0]["remaining_usd"], 0)
        self.assertTrue(status["allowances"][0]["renewed_at"].endswith("Z"))
        self.server.openalex.credits = 100
        self.server.forget()
        self.run_program("fetch", self.study_folder, expect=OK)
        self.assertNotEqual(self.server.works_requests()[0].query["cursor"], "*")

    def test_a_pass_that_was_cut_short_is_gone_on_with(self):
        self.study_folder = self.study(people=ROSTER, institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                                       scope='works_of = ["people", "institutions"]', sources={
            "openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE, "page_size": 2}})
        self.run_program("resolve", self.study_folder, expect=OK)
        filters = lambda: [(r.query["filter"].split(":")[0], r.query["cursor"] == "*")
                           for r in self.server.works_requests()]
        self.server.openalex.credits = 4  # three pages of people, one of institutions
        self.server.forget()
        self.run_program("fetch", self.study_folder, expect=TEMPORARY)
        self.assertEqual([name for name, _ in filters()], ["author.id"] * 3 + ["authorships.institutions.lineage"])
        for credits in (2, 10**4):
            self.server.openalex.credits = credits
            self.server.forget()
            self.run_program("fetch", self.study_folder, expect=OK if credits > 2 else TEMPORARY)
            # What was answered before is not asked and paid for again, and the list is gone on with.
            self.assertEqual({name for name, _ in filters()}, {"authorships.institutions.lineage"})
            self.assertFalse(any(first for _, first in filters()))
        self.assertEqual(self.status()["gaps"], [])
        self.server.forget()
        self.run_program("fetch", self.study_folder, expect=OK)
        self.assertEqual({name for name, _ in filters()}, {"author.id", "authorships.institutions.lineage"},
                         "a pass that is done is followed by a new one")

    def test_free_lookups_tell_that_nothing_is_left(self):
        self.server.openalex.credits = 0
        self.study_folder = self.study(people=ROSTER, analysis='metrics = ["degree"]', sources={
            "openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE}})
        self.run_program("run", self.study_folder, expect=TEMPORARY)
        self.assertEqual(self.server.works_requests(), [])

    def test_check_tells_what_is_left(self):
        self.server.date = None  # what was told on another day says nothing of today
        self.begin()
        plan = self.run_program("check", self.study_folder, "--json", expect=OK).json()["sources"][0]
        self.assertAlmostEqual(plan["allowance_usd"], self.server.openalex.credits / 10000)
        self.assertIn("allowance", self.run_program("check", self.study_folder, expect=OK).out)

    def test_fetch_says_beforehand_what_it_costs(self):
        self.begin()
        result = self.run_program("run", self.study_folder, expect=OK)
        self.assertRegex(result.err, r"openalex: 1 call, \$0\.0001; \$0\.99\d\d are left today")


class Calls(RefreshTest):
    """How few calls it takes."""

    def test_a_search_is_not_paid_for_again_within_a_week(self):
        self.begin(people=[*ROSTER, {"key": "novak", "name": "Petra Novák", "affiliation_hints": "harbour"}])
        self.refreshed()
        self.assertEqual([r.query.get("search") for r in self.server.requests if r.path == "/authors"], [])
        self.study_folder.write("identities.csv", "person,source,author_id,work,decision,by,date,why\n"
                                "novak,openalex,A5000000004,,different,me,2026-11-23,met her\n")
        self.refreshed()
        self.assertEqual([r.query.get("search") for r in self.server.requests if r.path == "/authors"], ["Petra Novák"])
        self.server.forget()
        self.run_program("resolve", self.study_folder, expect=OK)
        self.assertEqual(len([r for r in self.server.requests if r.path == "/authors"]), 1)

    def test_many_people_are_looked_up_together(self):
        world = World()
        people = []
        for n in range(230):
            world.author(f"A6{n:09}", f"Person {n}")
            people.append({"key": f"p{n}", "name": f"Person {n}", "openalex": f"A6{n:09}"})
            world.work(f"W{3000 + n}", f"Title {n}", "2020-01-01", [f"A6{n:09}", f"A6{(n + 1) % 230:09}"])
        world.merged["A6000000007"] = "A6000000008"
        del world.authors["A6000000007"]
        for work in world.works.values():
            for mention in work.byline:
                mention.author = "A6000000008" if mention.author == "A6000000007" else mention.author
        with ApiServer(world) as server:
            study = self.study("many", people=people, analysis='metrics = ["degree"]', sources={
                "openalex": {"base_url": server.url, "key_env": KEY_VARIABLE}})
            self.run_program("run", study, expect=OK)
            lists = [r for r in server.requests if r.path == "/authors"]
            self.assertEqual(len(lists), 3)  # 100 + 100 + 30 ids
            # The one that is not among the answers is asked for alone, and leads to another.
            alone = [r.path for r in server.requests if r.path.startswith("/authors/")]
            self.assertEqual(alone, ["/authors/A6000000007", "/authors/A6000000008"])
            pages = server.works_requests()
            # 230 people and the one more that one of them went into: three filters of at most 101 works each.
            self.assertLessEqual(len(pages), 3 * 2)
            self.assertEqual(len(read_table(study.latest / "works.csv")), 230)
            self.assertEqual(sum(r.status != 200 for r in server.requests), 1)

    def test_a_source_that_takes_no_joint_lookups(self):
        people = [{"key": f"x{n}", "name": f"Outside {n}", "openalex": f"A50000000{20 + n}"} for n in range(11)]
        self.study_folder = self.study(people=people, analysis='metrics = ["degree"]', sources={
            "openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE}})
        self.server.fault_when(lambda request: request.path == "/authors", status_fault(400, times=10**6))
        self.run_program("run", self.study_folder, expect=OK)
        self.assertEqual(len([r for r in self.server.requests if r.path.startswith("/authors/")]), 11)
        self.assertEqual(self.status()["gaps"], [])

    def test_a_whole_byline_is_asked_for_once(self):
        names = [self.world.author(f"A51000000{n:02}", f"Crowd Member{n}") for n in range(1, 100)]
        more = [self.world.author(f"A52000000{n:02}", f"Crowd Addition{n}") for n in range(1, 21)]
        self.world.work("W2000", "Crowded", "2020-02-02", ["A5000000001", *names, *more], doi="10.5555/crowd.1")
        self.begin()
        self.refreshed()
        self.assertEqual(self.singles(), [])
        self.assertEqual(self.status()["sources"][0]["truncated_bylines"], 0)


if __name__ == "__main__":
    unittest.main()
