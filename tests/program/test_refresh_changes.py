"""What refresh tells of the report before: changes.csv against changes made to the world, counted from the world alone."""

import json
import os
import pty
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer, answer_fault
from made_up import IDENTITIES, INSTITUTIONS, PEOPLE, bylines, made_up_world, pair_weights, studied_works
from openalex_api import OpenalexApi
from program import OK, TEMPORARY, ProgramTest, binary, read_table
from world import World

LIN, WEI, OKAFOR = "A5000000001", "A5000000002", "A5000000005"
EAST, HARBOUR, LAKE = "I4200000002", "I4200000003", "I4200000004"
NAMES = {person["key"]: person["name"] for person in PEOPLE}
COLUMNS = ["kind", "person", "key", "name", "what", "before", "after", "change", "relative", "rank_before", "rank_after"]


class RefreshTest(ProgramTest):
    """A server over a world and a study that refresh keeps."""

    people = PEOPLE

    def setUp(self):
        super().setUp()
        self.world = self.first_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.log = self.folder / "events.log"
        self.kept = self.study(people=self.people, institutions=INSTITUTIONS,
                               sources={"openalex": {"base_url": self.server.url, "page_size": 50}})

    def first_world(self):
        return made_up_world()

    def refresh(self, *options, expect=OK):
        return self.run_program("refresh", self.kept, "--log-file", self.log, *options, expect=expect)

    def assert_quiet(self, result):
        self.assertEqual((result.out, result.err), ("", ""))

    def changes(self, kind=None):
        lines = self.kept.table("changes")
        for line in lines:
            self.assertEqual(list(line), COLUMNS)
        return [line for line in lines if kind in (None, line["kind"])]

    def degrees(self):
        """Author key -> number of co-authors."""
        degrees = {}
        for pair in pair_weights(bylines(self.world, studied_works(self.world))):
            for author in pair:
                degrees[author] = degrees.get(author, 0) + 1
        return degrees


class Changed(RefreshTest):
    """Every kind of change that a source can bring."""

    def change_the_world(self):
        """A new work of people who had not written together, at another place, and another title for an old one."""
        self.world.work("W1099", "=Fresh from the press", "2024-08-08", [(LIN, [EAST]), (OKAFOR, [LAKE])],
                        doi="10.5555/fresh.99")
        self.world.works["W1002"].title = "Graphs of the harbour, revised"

    def test_each_change_is_told_and_nothing_else(self):
        self.assert_quiet(self.refresh())
        self.assertFalse((self.kept.latest / "changes.csv").exists(), "there was no report to compare with")
        self.assertNotIn("changes", self.kept.run_manifest())
        first, ranks_before = self.kept.latest.resolve().name, self.degrees()
        pairs_before = set(pair_weights(bylines(self.world, studied_works(self.world))))
        self.change_the_world()
        self.assert_quiet(self.refresh())

        self.assertEqual([(line["person"], line["key"], line["name"], line["what"], line["after"])
                          for line in self.changes("new_work")],
                         [("lin;okafor", "doi:10.5555/fresh.99", "'=Fresh from the press", "year", "2024")])
        self.assertEqual([(line["key"], line["what"], line["before"], line["after"])
                          for line in self.changes("changed_work")],
                         [("doi:10.5555/harbour.2", "title", "Graphs of the harbour", "Graphs of the harbour, revised")])
        pairs = pair_weights(bylines(self.world, studied_works(self.world)))
        new = set(pairs) - pairs_before
        self.assertEqual(new, {("person:lin", "person:okafor")})
        self.assertEqual({(line["person"], line["key"], line["name"], line["after"], line["change"])
                          for line in self.changes("new_coauthor")},
                         {("lin", "person:okafor", NAMES["okafor"], "doi:10.5555/fresh.99", "1"),
                          ("okafor", "person:lin", NAMES["lin"], "doi:10.5555/fresh.99", "1")})
        # Lin printed Ridge Laboratories in 2023, Okafor the harbour in 2022.
        self.assertEqual([(line["person"], line["before"], line["after"]) for line in self.changes("affiliation")],
                         [("lin", "Ridge Laboratories", "Ridge Laboratories East"),
                          ("okafor", "Harbour University", "Lakeside Institute")])
        self.assert_degrees(ranks_before)
        kinds = {line["kind"] for line in self.changes()}
        self.assertLessEqual(kinds, {"new_work", "changed_work", "new_coauthor", "affiliation", "metric", "community"})
        self.assert_told(first)

    def assert_degrees(self, before):
        """The lines of the metric degree, by a count of the pairs."""
        after = self.degrees()
        lines = {line["person"]: line for line in self.changes("metric") if line["what"] == "degree"}
        moved = {person["key"] for person in PEOPLE
                 if before[f"person:{person['key']}"] != after[f"person:{person['key']}"]}
        self.assertEqual(set(lines), moved)
        everybody = set(bylines_authors(self.world))
        for person, line in lines.items():
            was, now = before[f"person:{person}"], after[f"person:{person}"]
            self.assertEqual((line["before"], line["after"], line["change"]), (str(was), str(now), str(now - was)))
            self.assertAlmostEqual(float(line["relative"]), (now - was) / was)
            for degrees, value, rank in ((before, was, "rank_before"), (after, now, "rank_after")):
                above = sum(degrees.get(author, 0) > value for author in everybody)
                self.assertEqual(int(line[rank]), above + 1, (person, rank))

    def assert_told(self, first):
        """run.json and the log tell the same numbers; the data package describes the table."""
        manifest = self.kept.run_manifest()
        told = manifest["changes"]
        self.assertEqual((told["against"], told["new_works"], told["new_coauthors"], told["affiliations"]),
                         (first, 1, 2, 2))
        self.assertIn("1 new work (1 of Meixiu Lin, 1 of Chidi Okafor), 1 changed work, 2 new co-authors, "
                      "2 changed affiliations", told["summary"])
        self.assertIn("changes.csv", [file["path"] for file in manifest["files"]])
        events = [line for line in self.log.read_text().splitlines() if " event=changes " in line]
        self.assertEqual(len(events), 1)
        for part in (f"against={first}", "new_works=1", "new_coauthors=2", "vanished_works=0"):
            self.assertIn(part, events[0].split())
        package = json.loads((self.kept.latest / "datapackage.json").read_text())
        fields = [resource["schema"]["fields"] for resource in package["resources"]
                  if resource["path"] == "changes.csv"]
        self.assertEqual([field["name"] for field in fields[0]], COLUMNS)

    def test_works_that_leave_the_window(self):
        self.refresh()
        gone = {work.doi for work in studied_works(self.world).values() if work.year < 2015}
        self.assertEqual(len(gone), 2)
        self.rewrite("from = 2012", "from = 2015")
        self.assert_quiet(self.refresh())
        self.assertEqual({line["key"] for line in self.changes("vanished_work")}, {f"doi:{doi}" for doi in gone})
        self.assertEqual([(line["what"], json.loads(line["before"]), json.loads(line["after"]))
                          for line in self.changes("configuration")],
                         [("window", {"from": 2012, "to": 2025}, {"from": 2015, "to": 2025})])

    def test_people_who_come_and_go(self):
        self.refresh()
        people = (self.kept.folder / "people.csv").read_text()
        self.kept.write("people.csv", people.replace("berg,Ida Berg", "ida,Ida Berg"))
        self.assert_quiet(self.refresh())
        self.assertEqual([line["person"] for line in self.changes("new_person")], ["ida"])
        self.assertEqual([line["person"] for line in self.changes("vanished_person")], ["berg"])
        self.assertEqual(self.changes("new_work"), [])

    def rewrite(self, old, new):
        text = (self.kept.folder / "study.toml").read_text()
        self.assertIn(old, text)
        self.kept.write("study.toml", text.replace(old, new))

    def test_the_same_two_datasets_give_the_same_bytes(self):
        self.refresh()
        self.change_the_world()
        twin = shutil.copytree(self.kept.folder, self.folder / "twin", symlinks=True)
        self.refresh("--threads", "1")
        self.run_program("refresh", twin, "--threads", "2", expect=OK)
        self.assertEqual((self.kept.latest / "changes.csv").read_bytes(),
                         (twin / "reports" / "latest" / "changes.csv").read_bytes())

    def test_the_lines_are_printed_where_somebody_asked_or_looks(self):
        self.refresh()
        self.change_the_world()
        for name in ("asked", "quiet", "looks"):
            shutil.copytree(self.kept.folder, self.folder / name, symlinks=True)
        out = self.run_program("refresh", self.folder / "asked", "-v", expect=OK).out
        self.assertIn("1 new work", out)
        self.assertEqual(self.run_program("refresh", self.folder / "quiet", "-q", "-v", expect=OK).out, "")
        master, slave = pty.openpty()
        subprocess.run([binary(), "refresh", self.folder / "looks"], env=self.environment(), stdin=subprocess.DEVNULL,
                       stdout=slave, stderr=subprocess.PIPE, timeout=60, check=True)
        os.close(slave)
        self.assertIn("1 new work", os.read(master, 10000).decode())
        os.close(master)


def bylines_authors(world):
    """Every author of the studied works."""
    return [author for authors in bylines(world, studied_works(world)).values() for author in authors]


class Unchanged(RefreshTest):
    """Nothing to tell: no report, no output, exit 0."""

    def test_second_refresh(self):
        self.refresh()
        self.assert_quiet(self.refresh())
        self.assertEqual(self.kept.report_count(), 1)
        self.assertIn("report=unchanged", self.log.read_text().splitlines()[-1])

    def test_records_that_change_nothing_a_report_tells(self):
        self.refresh()
        for work in self.world.works.values():
            work.cited_by += 1
        self.assert_quiet(self.refresh())
        self.assertEqual(self.kept.report_count(), 1)

    def test_the_first_report_is_that_of_analyze(self):
        self.refresh()
        first = self.kept.report_files()
        self.run_program("analyze", self.kept, expect=OK)
        self.assert_same_report(first, self.kept.report_files())
        self.assert_quiet(self.refresh())
        self.assertEqual(self.kept.report_count(), 2)

    def test_a_gap_that_stands_or_is_new_makes_no_report(self):
        self.refresh()
        self.server.fault_when(lambda request: request.path == "/works",
                               answer_fault(OpenalexApi(self.world).daily_refusal(), 10 ** 6))
        for _ in range(2):
            self.refresh(expect=TEMPORARY)
        self.assertEqual(self.kept.report_count(), 1)
        gaps = self.run_program("status", self.kept, "--json", expect=OK).json()["gaps"]
        self.edit_run(gaps=[f"{gap['source']}: {gap['query']}: another reason" for gap in gaps])
        self.refresh(expect=TEMPORARY)
        self.assertEqual((len(gaps) > 0, self.kept.report_count()), (True, 1))

    def test_a_gap_that_closed_makes_one(self):
        self.refresh()
        self.edit_run(gaps=["openalex: works of lin: stopped"])
        self.assert_quiet(self.refresh())
        self.assertEqual((self.kept.report_count(), self.kept.run_manifest()["gaps"]), (2, []))
        self.assertEqual(self.changes(), [])

    def edit_run(self, **values):
        manifest = self.kept.run_manifest()
        manifest.update(values)
        (self.kept.latest / "run.json").write_text(json.dumps(manifest))

    def test_a_report_of_another_version_is_made_anew(self):
        self.refresh()
        self.edit_run(configuration={**self.kept.run_manifest()["configuration"], "version": "0.0.1"})
        self.assert_quiet(self.refresh())
        self.assertEqual(self.kept.report_count(), 2)
        self.assertEqual([(line["kind"], line["what"]) for line in self.changes()], [("configuration", "version")])

    def test_whatever_lies_there_a_report_is_made(self):
        self.refresh()
        whole = self.kept.latest.resolve()

        def spoil(name, change):
            with self.subTest(name):
                study = self.folder / f"spoiled-{name}"
                shutil.copytree(self.kept.folder, study, symlinks=True)
                change(study / "reports")
                result = self.run_program("refresh", study, "-q", expect=OK)
                self.assertEqual(result.out, "")
                latest = study / "reports" / "latest"
                self.assertTrue((latest / "people.csv").exists())
                return result.err, latest / "changes.csv"

        def link(target):
            def change(reports):
                (reports / "latest").unlink()
                (reports / "latest").symlink_to(target)
            return change

        def file(name, content):
            return lambda reports: (reports / whole.name / name).write_bytes(content)

        for name, change in (("dangling", link("nowhere")), ("loop", link("latest"))):
            err, changes = spoil(name, change)
            self.assertEqual((err, changes.exists()), ("", False))
        for name, content in (("types", b'{"dataset_fingerprint": 5}'), ("half", b'{"version"'), ("none", b"")):
            err, changes = spoil(name, file("run.json", content))
            self.assertTrue(changes.exists())
            self.assertEqual("run.json" in err, name != "types", err)
        # A folder of another program.
        err, changes = spoil("empty", lambda reports: (link("..")(reports)))
        self.assertIn("works.csv", err)
        self.assertEqual({line["kind"] for line in read_table(changes)}, {"not_compared"})

    def test_a_file_that_was_damaged_is_left_out_and_said(self):
        self.refresh()
        pairs = self.kept.latest / "pairs.csv"
        pairs.write_bytes(b"\n".join(pairs.read_bytes().split(b"\n")[:3]) + b"\n")
        self.world.work("W1099", "Fresh from the press", "2024-08-08", [(LIN, [EAST]), (OKAFOR, [LAKE])])
        result = self.refresh("-q")
        self.assertEqual(result.out, "")
        self.assertIn("pairs.csv", result.err)
        self.assertEqual([line["what"] for line in self.changes("not_compared")], ["pairs.csv"])
        self.assertEqual(self.changes("new_coauthor"), [], "lines that the damage took away are nobody's news")
        self.assertEqual(len(self.changes("new_work")), 1)


class Labels(RefreshTest):
    """Communities keep their numbers."""

    people = [person for person in PEOPLE if person["key"] in ("lin", "wei", "okafor")]

    def first_world(self):
        """Two groups that do not meet: four around Lin, three around Okafor."""
        whole = made_up_world()
        world = World(institutions=whole.institutions, authors=whole.authors)
        world.work("W1", "Of four", "2020-01-01", [LIN, WEI, "A5000000020", "A5000000021"])
        world.work("W2", "Of three", "2020-01-01", [OKAFOR, "A5000000023", "A5000000024"])
        return world

    def community(self, table="people", key="key"):
        return {line[key]: line["community"] for line in self.kept.table(table)}

    def test_numbers_stay_when_the_sizes_swap(self):
        self.refresh()
        self.assertEqual(self.community(), {"lin": "1", "wei": "1", "okafor": "2"})
        self.world.work("W3", "Of seven", "2021-01-01", [OKAFOR, *(f"A50000000{n}" for n in range(23, 29))])
        self.assert_quiet(self.refresh())
        self.assertEqual(self.community(), {"lin": "1", "wei": "1", "okafor": "2"})
        self.assertEqual(self.changes("community"), [])
        authors = self.community("authors")
        members = {number: {key for key, of in authors.items() if of == number} for number in set(authors.values())}
        self.assertEqual({number: len(keys) for number, keys in members.items()}, {"1": 4, "2": 7})
        self.assertEqual([(line["community"], line["size"], line["people"]) for line in self.kept.table("communities")],
                         [("2", "7", "okafor"), ("1", "4", "lin;wei")])
        # By themselves they are numbered by size.
        self.run_program("analyze", self.kept, expect=OK)
        self.assertEqual(self.community(), {"lin": "2", "wei": "2", "okafor": "1"})

    def test_a_new_group_takes_a_new_number_and_who_moves_is_told(self):
        self.refresh()
        # Lin leaves for newcomers, and the three who stay write more without her: of the four, three keep the number.
        for n in range(4):
            self.world.work(f"W1{n}", f"Newly {n}", "2022-01-01", [LIN, "A5000000029", "A5000000030", "A5000000031"])
            self.world.work(f"W2{n}", f"Stayed {n}", "2022-01-01", [WEI, "A5000000020", "A5000000021"])
        self.assert_quiet(self.refresh())
        numbers = self.community("authors")
        self.assertEqual({numbers[key] for key in ("person:wei", "openalex:A5000000020", "openalex:A5000000021")}, {"1"})
        self.assertEqual({numbers[key] for key in ("person:lin", "openalex:A5000000029", "openalex:A5000000031")}, {"3"})
        self.assertEqual(self.community(), {"lin": "3", "wei": "1", "okafor": "2"})
        self.assertEqual([(line["person"], line["before"], line["after"]) for line in self.changes("community")],
                         [("lin", "1", "3")])


if __name__ == "__main__":
    unittest.main()
