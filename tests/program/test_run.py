"""From a roster to a report: every command against a server, every figure counted again here."""

import json
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from made_up import IDENTITIES, INSTITUTIONS, PEOPLE, author_key, bylines, made_up_world, pair_weights, studied_works
from program import CANNOT_CREATE, KEY_VARIABLE, NO_INPUT, OK, USAGE, ProgramTest, read_table

CANARY = "canary-key-5f2e"
COUNTINGS = ("full", "fractional", "pair")


class RunTest(ProgramTest):
    """A server over the made-up world and a study of all its people."""

    def setUp(self):
        super().setUp()
        self.world = made_up_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.server.openalex.keys = {CANARY}
        self.server.openalex.key_required = True

    def new_study(self, name="study", **more):
        content = {"people": PEOPLE, "institutions": INSTITUTIONS,
                   "sources": {"openalex": {"base_url": self.server.url, "key_env": KEY_VARIABLE, "page_size": 5}}}
        return self.study(name, **{**content, **more})

    def ran(self, name="study", *options, **more):
        """A study after `run`."""
        study = self.new_study(name, **more)
        self.run_program("run", study, *options, key=CANARY, expect=OK)
        return study



class Commands(RunTest):
    """What each command does and says."""

    def test_init(self):
        folder = self.folder / "new"
        self.run_program("init", folder, expect=OK)
        names = ("study.toml", "people.csv", "institutions.csv")
        self.assertEqual(sorted(path.name for path in folder.iterdir()), sorted(names))
        before = {name: (folder / name).read_bytes() for name in names}
        for name in names:
            with self.subTest(name):
                for other in names:
                    if other != name:
                        (folder / other).unlink(missing_ok=True)
                (folder / name).write_bytes(b"mine")
                self.assertIn(name, self.run_program("init", folder, expect=CANNOT_CREATE).err)
                self.assertEqual([(path.name, path.read_bytes()) for path in folder.iterdir()], [(name, b"mine")])
                (folder / name).unlink()
        self.assertTrue(all(b"#" in content for content in before.values()), "the files are to be commented")

    def test_check_plans_and_asks_nobody(self):
        study = self.new_study()
        plan = self.run_program("check", study, "--json", key=CANARY, expect=OK).json()
        text = self.run_program("check", study, key=CANARY, expect=OK).out
        self.assertEqual(self.server.requests, [])
        self.assertFalse(study.dataset.exists())
        self.assertEqual(sorted(path.name for path in study.folder.iterdir()),
                         ["institutions.csv", "people.csv", "study.toml"])
        self.assertEqual((plan["people"], plan["institutions"], plan["teams"]), (6, 3, ["north", "south"]))
        source = plan["sources"][0]
        self.assertTrue(source["key"])
        self.assertEqual(source["calls"], sum(step["calls"] for step in source["steps"]))
        self.assertAlmostEqual(source["cost_usd"], sum(step["cost_usd"] for step in source["steps"]))
        # One name is searched for at $0.001, and the list of works is one call of $0.0001 at least; ids are free.
        self.assertAlmostEqual(source["cost_usd"], 0.0011)
        self.assertEqual(source["calls"], 8)  # 5 author ids, 1 ORCID, 1 name, 1 list
        self.assertIn("calls", text)
        self.assertIn("$", text)
        self.assertFalse(self.run_program("check", study, "--json", expect=OK).json()["sources"][0]["key"])

    def test_plan_after_a_run_counts_its_pages(self):
        self.server.openalex.null_cursor_on_short_page = True
        study = self.ran()
        spent = 10000 - self.server.openalex.credits
        self.server.forget()
        plan = self.run_program("check", study, "--json", key=CANARY, expect=OK).json()["sources"][0]
        # The search by name, ten credits, is not repeated within a week.
        self.assertAlmostEqual(plan["cost_usd"] * 10000, spent - 10)

    def test_resolve_proposes_and_edits_nothing(self):
        study = self.new_study(people=[*PEOPLE, {"key": "petra", "name": "Petra Novak"}])
        mine = {path.name: path.read_bytes() for path in study.folder.iterdir()}
        result = self.run_program("resolve", study, key=CANARY, expect=OK)
        self.assertEqual(self.server.works_requests(), [])
        for name, content in mine.items():
            self.assertEqual((study.folder / name).read_bytes(), content)
        lines = read_table(study.folder / "review" / "identities.csv")
        status = {(line["person"], line["author_id"]): line["status"] for line in lines}
        for author, person in IDENTITIES.items():
            self.assertEqual(status[person, author], "probable" if person == "novak" else "confirmed", status)
        # Two records have her name, and nothing tells them apart: nobody is taken.
        petra = [line for line in lines if line["person"] == "petra"]
        self.assertEqual({line["author_id"]: line["status"] for line in petra},
                         {"A5000000004": "ambiguous", "A5000000044": "ambiguous"})
        self.assertIn("Petra Novak", result.err)
        for line in lines:
            self.assertTrue(0 <= float(line["score"]) <= 1 and line["why"], line)
        settled = [line["status"] == "confirmed" for line in lines]
        self.assertEqual(settled, sorted(settled), "who is settled comes last")

    def test_a_decision_settles_it(self):
        study = self.new_study(people=[{"key": "petra", "name": "Petra Novak"}])
        study.write("identities.csv", "person,source,author_id,work,decision,by,date,why\n"
                    "petra,openalex,A5000000044,,same,me,2026-11-23,met her\n"
                    "petra,openalex,A5000000004,,different,me,2026-11-23,met her\n")
        self.run_program("run", study, key=CANARY, expect=OK)
        self.assertEqual([line["title"] for line in study.table("works")], ["The other Petra"])

    def test_fetch_and_analyze_one_by_one_make_the_report_of_run(self):
        whole, parts = self.ran("whole"), self.new_study("parts")
        for command in ("resolve", "fetch"):
            self.run_program(command, parts, key=CANARY, expect=OK)
        self.server.forget()
        self.run_program("analyze", parts, expect=OK)
        self.assertEqual(self.server.requests, [], "analyze asks no source")
        self.assert_same_report(whole.report_files(), parts.report_files())

    def test_commands_that_need_a_dataset_say_so(self):
        study = self.new_study()
        for arguments in (("analyze",), ("status",), ("explain", "lin", "wei"),
                          ("export", "--format", "csv", "-o", "-")):
            with self.subTest(arguments[0]):
                result = self.run_program(arguments[0], study, *arguments[1:], expect=NO_INPUT)
                self.assertIn("fetch", result.err)
        self.assertFalse(study.dataset.exists())

    def test_status(self):
        study = self.ran()
        told = self.run_program("status", study, "--json", expect=OK).json()
        works = studied_works(self.world)
        self.assertEqual(told["gaps"], [])
        source = told["sources"][0]
        self.assertEqual((source["source"], source["records"]), ("openalex", len(works)))
        self.assertEqual(source["authorships"], sum(len(work.byline) for work in works.values()))
        self.assertEqual(source["unknown_affiliations"],
                         sum(not mention.institutions and not mention.printed
                             for work in works.values() for mention in work.byline))
        self.assertEqual(told["people"]["openalex"], {"confirmed": 5, "probable": 1})
        self.assertTrue(all(query["complete"] for query in told["queries"]))
        self.assertEqual({query["complete_as_of"] for query in told["queries"] if not query["lookup"]},
                         {"2026-11-23T03:17:00Z"},
                         "complete as of the source's clock")
        self.assertIn("no gaps", self.run_program("status", study, expect=OK).out)

    def test_calls_and_cost_are_those_of_the_source(self):
        study = self.ran()
        queries = self.run_program("status", study, "--json", expect=OK).json()["queries"]
        self.assertEqual(sum(query["calls"] for query in queries), len(self.server.requests))
        told = sum(query["cost_usd"] for query in queries)
        self.assertAlmostEqual(told * 10000, 10000 - self.server.openalex.credits)

    def test_explain(self):
        study = self.ran()
        told = self.run_program("explain", study, "lin", "Wei, Tao", "--json", expect=OK).json()
        joint = {work.title for id, work in studied_works(self.world).items()
                 if {"person:lin", "person:wei"} <= set(bylines(self.world, {id: work})[id])}
        self.assertEqual({work["title"] for work in told["joint_works"]}, joint)
        self.assertEqual((told["distance"], told["path_count"]), (1, 1))
        # Lin and Okafor wrote nothing together in the window: over Wei, or over Sato, in two steps.
        told = self.run_program("explain", study, "lin", "okafor", "--json", expect=OK).json()
        self.assertEqual((told["joint_works"], told["distance"], told["path_count"]), ([], 2, 2))
        self.assertEqual({path[0]["to"]["key"] for path in told["paths"]}, {"person:wei", "person:sato"})
        text = self.run_program("explain", study, "lin", "okafor", expect=OK).out
        self.assertIn("Models, small and large", text)
        teams = self.run_program("explain", study, "north", "south", "--json", expect=OK).json()
        self.assertEqual([shared["key"] for shared in teams["shared"]], ["person:sato"])
        unknown = self.run_program("explain", study, "lin", "Okafro", expect=USAGE)
        self.assertIn("Okafor", unknown.err)

    def test_export_of_every_format(self):
        study = self.ran()
        formats = self.run_program("export", study, "--format", "?", "-o", "-", expect=USAGE).err
        formats = formats[formats.index("known: ") + 7:formats.rindex(")")].split(", ")
        self.assertIn("csv", formats)
        for name in formats:
            with self.subTest(name):
                self.run_program("export", study, "--format", name, "-o", f"out.{name}", expect=OK)
                content = (self.folder / f"out.{name}").read_bytes()
                self.assertTrue(content)
                again = self.run_program("export", study, "--format", name, "-o", "-", expect=OK)
                self.assertEqual(again.out.encode(), content)


class Figures(RunTest):
    """Values of the report, from the world alone."""

    def test_pairs_under_every_counting(self):
        expected = pair_weights(bylines(self.world, studied_works(self.world)))
        for counting in COUNTINGS:
            with self.subTest(counting):
                study = self.ran(counting, analysis=f'counting = "{counting}"\nmetrics = ["degree", "strength"]')
                lines = {tuple(sorted((line["author_a"], line["author_b"]))): line for line in study.table("pairs")}
                self.assertEqual(set(lines), set(expected))
                for pair, line in lines.items():
                    self.assertEqual(int(line["joint_works"]), len(expected[pair]["works"]), pair)
                    for name in COUNTINGS:
                        self.assertAlmostEqual(float(line[f"weight_{name}"]), expected[pair][name], 12, (pair, name))

    def test_people(self):
        study = self.ran()
        works = studied_works(self.world)
        authors_of = bylines(self.world, works)
        pairs = pair_weights(authors_of)
        lines = {line["key"]: line for line in study.table("people")}
        self.assertEqual(list(lines), [person["key"] for person in PEOPLE])
        for key, line in lines.items():
            author = f"person:{key}"
            mine = [works[id] for id, authors in authors_of.items() if author in authors]
            links = [link for pair, link in pairs.items() if author in pair]
            with self.subTest(key):
                self.assertEqual(int(line["works"]), len(mine))
                self.assertEqual((int(line["first_year"]), int(line["last_year"])),
                                 (min(work.year for work in mine), max(work.year for work in mine)))
                self.assertEqual(int(line["degree"]), len(links))
                self.assertAlmostEqual(float(line["strength"]), sum(link["fractional"] for link in links), 12)

    def test_works(self):
        study = self.ran()
        expected = {work.title: work for work in studied_works(self.world).values()}
        lines = {line["title"]: line for line in study.table("works")}
        self.assertEqual(set(lines), set(expected))
        for title, line in lines.items():
            self.assertEqual((int(line["year"]), line["venue"]), (expected[title].year, expected[title].venue))
            self.assertEqual(line["doi"], expected[title].doi)
        # The author printed twice counts once; the unknown one counts.
        self.assertEqual(int(lines["Printed twice"]["authors"]), 2)
        self.assertEqual(int(lines["Tides and tokens, again"]["authors"]), 4)

    def test_matrix_is_the_network(self):
        study = self.ran()
        matrix = study.latest / "matrix"
        labels = [line["key"] for line in read_table(matrix / "authors.labels.csv")]
        rows = [line.split() for line in (matrix / "authors.mtx").read_text().splitlines() if line[0] != "%"]
        self.assertEqual(rows[0], [str(len(labels)), str(len(labels)), str(len(rows) - 1)])
        found = {tuple(sorted((labels[int(i) - 1], labels[int(j) - 1]))): float(value) for i, j, value in rows[1:]}
        expected = pair_weights(bylines(self.world, studied_works(self.world)))
        self.assertEqual(set(found), set(expected))
        for pair, weight in found.items():
            self.assertAlmostEqual(weight, expected[pair]["fractional"], 12)

    def test_coverage(self):
        study = self.ran()
        works = studied_works(self.world)
        lines = {(line["source"], line["person"]): line for line in study.table("coverage") if not line["query"]}
        for person in PEOPLE:
            line = lines["openalex", person["key"]]
            mentions = [mention for work in works.values() for mention in work.byline
                        if IDENTITIES.get(mention.author) == person["key"]]
            mine = sum(any(IDENTITIES.get(mention.author) == person["key"] for mention in work.byline)
                       for work in works.values())
            self.assertEqual((int(line["fetched"]), int(line["truncated_bylines"])), (mine, 0))
            self.assertEqual(int(line["unknown_affiliations"]), sum(not mention.institutions for mention in mentions))
            self.assertEqual((line["complete_as_of"], line["gap"]), ("2026-11-23T03:17:00Z", ""))
        asked = [line for line in study.table("coverage") if line["query"] and line["expected"]]
        self.assertEqual(sum(int(line["expected"]) for line in asked), len(works))
        self.assertTrue(all(line["expected"] == line["fetched"] for line in asked))

    def test_institutions(self):
        study = self.ran()
        lines = {line["key"]: line for line in study.table("institutions")}
        works = studied_works(self.world).values()
        ids = {"ridge": "I4200000001", "ridge-east": "I4200000002", "harbour": "I4200000003"}
        for key, id in ids.items():
            # The author without id prints a text in which a pattern of the watched institution is found.
            printing = [work for work in works if any(
                id in mention.institutions or (key == "ridge-east" and "Ridge Lab. East, Somewhere" in mention.printed)
                for mention in work.byline)]
            self.assertEqual(int(lines[key]["works"]), len(printing), key)
        self.assertEqual(lines["ridge-east"]["parents"], "ridge")
        self.assertEqual(lines["openalex:I4200000004"]["country"], "JP")

    def test_funders(self):
        study = self.ran()
        lines = {(line["funder"], line["team"]): line for line in study.table("funders")}
        self.assertEqual(int(lines["openalex:F4300000001", "north"]["works"]), 2)

    def test_data_package_describes_every_table(self):
        study = self.ran()
        package = json.loads((study.latest / "datapackage.json").read_text())
        told = {resource["path"]: [field["name"] for field in resource["schema"]["fields"]]
                for resource in package["resources"] if resource["path"].endswith(".csv")}
        for name, content in study.report_files().items():
            if name.endswith(".csv"):
                header = content.decode().splitlines()[0].split(",")
                self.assertEqual(told.get(name), header, name)

    def test_manifest_tells_every_file(self):
        import hashlib
        study = self.ran()
        manifest = study.run_manifest()
        told = {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest["files"]}
        files = {name: (len(content), hashlib.sha256(content).hexdigest())
                 for name, content in study.report_files().items() if name != "run.json"}
        self.assertEqual(told, files)
        self.assertEqual(manifest["gaps"], [])


class Repeating(RunTest):
    """The same again gives the same bytes."""

    def test_second_run_changes_nothing(self):
        study = self.ran()
        first = study.report_files()
        self.run_program("run", study, key=CANARY, expect=OK)
        self.assertEqual(study.report_count(), 2)
        self.assert_same_report(first, study.report_files())

    def test_threads_change_nothing(self):
        first = self.ran("one", "--threads", "1").report_files()
        self.assert_same_report(first, self.ran("two", "--threads", "2").report_files())

    def test_order_of_the_works_changes_nothing(self):
        lines = [json.dumps(self.world.work_record(id)) + "\n" for id in self.world.works]
        reports = []
        for threads, order in ((1, lines), (2, lines[::-1]), (2, sorted(lines, key=lambda line: line[::-1]))):
            study = self.new_study(f"order-{len(reports)}", sources={})
            file = self.folder / str(len(reports)) / "works.jsonl"
            file.parent.mkdir()
            file.write_text("".join(order))
            self.run_program("import", study, file, expect=OK)
            self.run_program("analyze", study, "--threads", threads, "--seed", 7, expect=OK)
            reports.append(study.report_files())
        for report in reports[1:]:
            self.assert_same_report(reports[0], report)

    def test_order_of_the_roster_changes_no_figure(self):
        first, second = self.ran("one"), self.ran("two", people=PEOPLE[::-1])
        for name in ("pairs", "authors", "works"):
            self.assertEqual(first.table(name), second.table(name))

    def test_refresh_publishes_only_what_changed(self):
        study = self.new_study()
        for expected in (1, 1):
            result = self.run_program("refresh", study, "-q", key=CANARY, expect=OK)
            self.assertEqual((study.report_count(), result.out, result.err), (expected, "", ""))
        self.world.work("W1099", "Fresh from the press", "2024-08-08", ["A5000000001", "A5000000005"])
        self.run_program("refresh", study, key=CANARY, expect=OK)
        self.assertEqual(study.report_count(), 2)
        self.assertIn("Fresh from the press", [line["title"] for line in study.table("works")])


class Secrets(RunTest):
    """The key goes into one header and nowhere else."""

    def test_key_is_sent_as_a_header_only(self):
        self.ran()
        self.assertTrue(self.server.requests)
        for request in self.server.requests:
            self.assertEqual(request.headers.get("authorization"), f"Bearer {CANARY}")
            others = {name: value for name, value in request.headers.items() if name != "authorization"}
            self.assertNotIn(CANARY, request.path + request.raw_query + json.dumps(others))
            self.assertIn("coterie/", request.headers["user-agent"])

    def test_key_is_found_nowhere(self):
        study = self.new_study()
        log = self.folder / "events.log"
        result = self.run_program("run", study, "-v", "--log-file", log, key=CANARY, expect=OK)
        self.server.openalex.keys = {"another"}
        refused = self.run_program("run", study, "-v", "--log-file", log, key=CANARY)
        for text in (result.out, result.err, refused.out, refused.err):
            self.assertNotIn(CANARY, text)
        with sqlite3.connect(study.dataset) as dataset:
            self.assertNotIn(CANARY, "\n".join(dataset.iterdump()))
        dataset.close()
        searched = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertIn(study.dataset, searched)
        self.assertIn(log, searched)
        for path in searched:
            self.assertNotIn(CANARY.encode(), path.read_bytes(), path)

    def test_key_from_a_file(self):
        study = self.new_study(sources={"openalex": {"base_url": self.server.url, "key_file": "openalex.key"}})
        study.write("openalex.key", CANARY + "\n").chmod(0o600)
        self.run_program("run", study, expect=OK)


if __name__ == "__main__":
    unittest.main()
