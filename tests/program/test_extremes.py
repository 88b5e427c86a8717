"""Numbers, names and bylines beyond reason, through files and through a source: taken, capped or rejected, and told."""

import csv
import json
import os
import random
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from answer import Answer
from api_server import ApiServer, Fault
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from program import DATA, OK, ProgramTest, binary
from works_lines import header_line, work_line
from world import OPENALEX

MANY = 20_000
MEMORY = 400 << 10  # KiB of resident memory that no run may need
ROSTER = [{"key": "lin", "name": "Meixiu Lin", "openalex": "A5000000001"}, {"key": "wei", "name": "Tao Wei"}]


class Extremes(ProgramTest):
    """A study without sources, and files to import."""

    def setUp(self):
        super().setUp()
        self.addCleanup(csv.field_size_limit, csv.field_size_limit(10**8))
        self.target = self.study(people=ROSTER, analysis='metrics = ["degree", "strength"]')

    def measured(self, *arguments, expect):
        """Runs the program and looks at the memory it took."""
        process = subprocess.Popen([binary(), *map(str, arguments)], env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        err = process.stderr.read().decode("utf-8", "replace")
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, expect, err)
        if "SAN_OPTIONS" not in " ".join(os.environ):
            self.assertLess(usage.ru_maxrss, MEMORY)
        return err

    def import_works(self, works, expect=OK):
        path = self.folder / "works.jsonl"
        path.write_text("\n".join([header_line("notes"), *(work if isinstance(work, str) else work_line(work)
                                                            for work in works)]) + "\n", encoding="utf-8")
        return self.measured("import", self.target, path, expect=expect)

    def analyzed(self):
        self.measured("analyze", self.target, expect=OK)
        return {line["title"][:40]: line for line in self.target.table("works")}

    def test_the_same_author_again_and_again(self):
        self.import_works([{"id": "N1", "title": "Four times", "year": 2020, "authors": [
            *4 * [{"name": "Meixiu Lin"}], {"name": "Tao Wei"}, *2 * [{"name": "Meixiu Lin"}]]}])
        self.analyzed()
        people = {line["key"]: line for line in self.target.table("people")}
        self.assertEqual((people["lin"]["works"], people["wei"]["works"]), ("1", "1"))
        pairs = self.target.table("pairs")
        self.assertEqual([(float(pair["joint_works"]), float(pair["weight_full"]), float(pair["weight_fractional"]))
                          for pair in pairs], [(1, 1, 1)])

    def test_long_bylines(self):
        names = [{"name": f"Member {n:05} Ofmany"} for n in range(MANY)]
        self.import_works([
            {"id": "N1", "title": "A crowd", "year": 2020, "authors": [{"name": "Meixiu Lin"}, *names]},
            {"id": "N2", "title": "A claim", "year": 2020, "author_count": 10**9, "authors": [{"name": "Meixiu Lin"}]},
            {"id": "N3", "title": "A pair", "year": 2020, "authors": [{"name": "Meixiu Lin"}, {"name": "Tao Wei"}]}])
        works = self.analyzed()
        self.assertEqual({title: int(line["authors"]) for title, line in works.items()},
                         {"A crowd": MANY + 1, "A claim": 10**9, "A pair": 2})
        # Longer than the cut: counted as works, left out of the network.
        self.assertEqual(len(self.target.table("pairs")), 1)
        self.assertEqual({line["key"]: line["works"] for line in self.target.table("people")}, {"lin": "3", "wei": "1"})

    def test_impossible_numbers_are_rejected_one_by_one(self):
        bad = ['"year": 0', '"year": -5', '"year": 99999', '"year": 1e400', '"year": NaN', '"year": 2020.5',
               '"year": "2020"', '"author_count": -1', '"author_count": 1e30', '"author_count": 99999999999999999999999',
               '"cited_by": -7',
               '"cited_by": Infinity', '"date": "2020-13-45"', '"version": -1']
        lines = [f'{{"id": "B{n}", "title": "Bad {n}", {text}}}' for n, text in enumerate(bad)]
        err = self.import_works([*lines, {"id": "N1", "title": "Good", "year": 2020, "authors": [{"name": "Tao Wei"}]}],
                                expect=DATA)
        for n, text in enumerate(bad):
            self.assertIn(f"line {n + 2}: rejected", err, text)
        self.assertEqual(set(self.analyzed()), {"Good"})

    def test_odd_names_and_long_texts(self):
        odd = ["", " ", "\u200b", "\u0000", "\u202e", "\U0001f642" * 1000, "a" * 100_000, "\ufffd", "-", ";", '"', "=1+1"]
        self.import_works([
            {"id": "N1", "title": "Odd names", "year": 2020, "authors": [{"name": name} for name in odd] +
             [{"name": "Meixiu Lin"}, {"name": None}]},
            {"id": "N2", "title": "t" * 1_000_000, "year": 2020, "authors": [{"name": "Meixiu Lin"}]},
            {"id": "N3", "title": "Many places", "year": 2020, "authors": [
                {"name": "Meixiu Lin", "affiliations": [f"Department {n}" for n in range(5000)],
                 "institutions": [{"id": f"i{n}", "name": f"Institute {n}"} for n in range(300)]}]}])
        works = self.analyzed()
        self.assertEqual(set(works), {"Odd names", "t" * 40, "Many places"})
        self.assertEqual({line["key"]: line["works"] for line in self.target.table("people")}["lin"], "3")
        # Two names have letters; what else counts as somebody's name is not at stake here.
        self.assertIn(int(works["Odd names"]["authors"]), range(2, len(odd) + 3))

    def test_drawn_works(self):
        """Each author counts once per work, whatever the byline repeats: counted again here."""
        draw = random.Random(34)
        pool = [f"Person {chr(97 + n)}lpha {chr(97 + n)}beta" for n in range(12)]
        works = [{"id": f"N{n}", "title": f"Drawn {n}", "year": draw.choice([2012, 2025, 2020]), "authors": [
            {"name": draw.choice(pool)} for _ in range(draw.choice([1, 2, 5, 30]))]} for n in range(60)]
        self.import_works(works)
        self.analyzed()
        wanted = {}
        for work in works:
            for name in {author["name"] for author in work["authors"]}:
                wanted[name] = wanted.get(name, 0) + 1
        told = {line["name"]: int(line["works"]) for line in self.target.table("authors")}
        self.assertEqual({name: told.get(name) for name in wanted}, wanted)


class FromASource(ProgramTest):
    """The same through a server's page."""

    def test_page_of_extremes(self):
        world = made_up_world()
        with ApiServer(world) as server:
            study = self.study("asked", people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                               sources={"openalex": {"base_url": server.url}})
            changes = {"W1001": {"publication_year": -5}, "W1002": {"title": "t" * 1_000_000, "display_name": None},
                       "W1003": {"cited_by_count": -1}, "W1004": {"authorships": None},
                       "W1013": {"publication_year": 99999}}

            def extreme(request):
                right = server.right_answer(request)
                body = json.loads(right.body)
                for record in body["results"]:
                    id = record["id"].removeprefix(OPENALEX)
                    record.update(changes.get(id, {}))
                    if id == "W1003":
                        record["authorships"] *= MANY // 10
                return Answer(200, json.dumps(body).encode(), right.content_type, right.headers)
            server.fault_when(lambda request: request.path == "/works", Fault(replace=extreme, times=10**6))
            result = self.run_program("refresh", study, expect=(OK, DATA))
            status = self.run_program("status", study, "--json", expect=OK).json()
            works = next(query for query in status["queries"] if not query["lookup"])
            # Whatever is not stored is told.
            stored = status["sources"][0]["records"]
            self.assertEqual(stored + works["rejected"], works["expected"])
            self.assertEqual(result.code == DATA, works["rejected"] > 0, str(result))
            self.assertEqual(bool(status["gaps"]), works["rejected"] > 0)
            server.no_more_faults()
            self.run_program("refresh", study, expect=OK)
            people = study.table("people")
            self.assertEqual([line["works"] for line in people], ["5"])


if __name__ == "__main__":
    unittest.main()
