"""Files of works, in every format the program reads, and recorded answers compared field by field."""

import gzip
import json
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from made_up import made_up_world
from openalex_reader import StoredWorks, work_from_json
from program import DATA, NO_INPUT, OK, ProgramTest, fixtures
from world import World
from works_lines import header_line, work_line

PEOPLE = [{"key": "lin", "name": "Meixiu Lin"}, {"key": "wei", "name": "Tao Wei"}]
OURS = [
    {"id": "N1", "title": "Näher am Licht", "year": 2015, "date": "2015-04-01", "venue": "Night", "doi": "10.5555/N.1",
     "authors": [{"name": "Meixiu Lin", "affiliations": ["Ridge Lab", "Harbour University, Sea"]},
                 {"name": "Tao Wei"}]},
    {"id": "N2", "title": "Alone", "year": 2016, "authors": [{"name": "Tao Wei", "id": "tw-1"}]},
    {"id": "N3", "title": "=SUM(A1)", "year": 2017, "venue": "+1, \"quoted\"",
     "authors": [{"name": "Lin, Meixiu"}, {"name": "Wei, Tao"}, {"name": "-Dash O'Brien"}]},
]


class ImportTest(ProgramTest):
    """A study without sources, and files to import."""

    def setUp(self):
        super().setUp()
        self.target = self.study(people=PEOPLE, analysis='metrics = ["degree", "strength"]')

    def file(self, name, lines, packed=False):
        """A file of lines in the test's folder."""
        data = "".join(line + "\n" for line in lines).encode()
        path = self.folder / name
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
        return path

    def ours(self, name="ours.jsonl", works=OURS, packed=False, source="notes"):
        return self.file(name, [header_line(source), *map(work_line, works)], packed)

    def import_files(self, *paths, expect=OK, study=None):
        return self.run_program("import", study or self.target, *paths, expect=expect)

    def status(self, study=None):
        return self.run_program("status", study or self.target, "--json", expect=OK).json()

    def stored(self, source, study=None):
        works = StoredWorks((study or self.target).dataset, source)
        self.addCleanup(works.close)
        return works.all()


class OurFormat(ImportTest):
    """coterie's own JSON Lines."""

    def test_every_field_arrives(self):
        self.import_files(self.ours())
        works = self.stored("notes")
        self.assertEqual(set(works), {"N1", "N2", "N3"})
        for told in OURS:
            work = works[told["id"]]
            for name in ("title", "year", "date", "venue"):
                self.assertEqual(work[name], told.get(name, "" if name != "year" else None))
            self.assertEqual(work["doi"], told.get("doi", "").lower())
            self.assertEqual((work["author_count"], work["truncated"]), (len(told["authors"]), False))
            for author, stored in zip(told["authors"], work["authorships"], strict=True):
                self.assertEqual((stored["names"], stored["author_id"]), ({author["name"]}, author.get("id", "")))
                self.assertEqual([text for text, _ in stored["affiliations"]], author.get("affiliations", []))

    def test_plain_and_packed_and_in_parts_are_equal(self):
        plain = self.ours("plain.jsonl")
        packed = self.ours("packed.dat", packed=True)
        lines = [header_line("notes"), *map(work_line, OURS)]
        parts = self.folder / "parts.gz"  # two members, cut inside a line
        text = "".join(line + "\n" for line in lines).encode()
        parts.write_bytes(gzip.compress(text[:100]) + gzip.compress(text[100:]))
        prints = set()
        for path in (plain, packed, parts):
            study = self.study(f"study-{path.stem}", people=PEOPLE)
            self.import_files(path, study=study)
            prints.add(self.status(study)["fingerprint"])
        self.assertEqual(len(prints), 1)

    def test_twice_and_in_another_order_changes_nothing(self):
        path = self.ours()
        self.import_files(path)
        self.run_program("analyze", self.target, expect=OK)
        first, print_of_first = self.target.report_files(), self.status()["fingerprint"]
        self.import_files(path)
        self.assertEqual(self.status()["fingerprint"], print_of_first)
        self.assertEqual(self.status()["sources"][0]["records"], 3)
        self.run_program("analyze", self.target, expect=OK)
        self.assert_same_report({n: b for n, b in first.items() if n != "coverage.csv"},
                                {n: b for n, b in self.target.report_files().items() if n != "coverage.csv"})
        turned = self.study("turned", people=PEOPLE)
        for number, work in enumerate(reversed(OURS)):
            self.import_files(self.ours(f"part-{number}.jsonl", [work]), study=turned)
        self.assertEqual(self.status(turned)["fingerprint"], print_of_first)

    def test_a_newer_telling_replaces_the_older(self):
        self.import_files(self.ours())
        self.import_files(self.ours("later.jsonl", [{**OURS[0], "title": "Closer", "authors": OURS[1]["authors"]}]))
        work = self.stored("notes")["N1"]
        self.assertEqual((work["title"], len(work["authorships"])), ("Closer", 1))
        self.assertEqual(self.status()["sources"][0]["records"], 3)

    def test_sources_are_kept_apart_and_works_joined_in_the_report(self):
        self.import_files(self.ours(), self.ours("copy.jsonl", source="copy"))
        self.assertEqual({source["source"]: source["records"] for source in self.status()["sources"]},
                         {"notes": 3, "copy": 3})
        self.run_program("analyze", self.target, expect=OK)
        titles = sorted(line["title"] for line in self.target.table("works"))
        self.assertEqual(titles.count("Näher am Licht"), 1, "one DOI is one work")

    def test_bad_lines_are_told_and_good_ones_kept(self):
        lines = [header_line("notes"), work_line(OURS[0]), "{broken", work_line(OURS[1]),
                 json.dumps({"title": "no id", "authors": []}), '{"id": "N9", "title": "caf\udce9"}',
                 work_line(OURS[2]), "[1, 2]"]
        path = self.folder / "mixed.jsonl"
        path.write_bytes("".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape"))
        result = self.import_files(path, expect=DATA)
        self.assertEqual(set(self.stored("notes")), {"N1", "N2", "N3"})
        told = [int(number) for number in re.findall(r"mixed\.jsonl, line (\d+)", result.err)]
        self.assertEqual(told, [3, 5, 6, 8])
        self.assertEqual([(entry["works"], entry["rejected"]) for entry in self.status()["imports"]], [(3, 4)])
        self.run_program("analyze", self.target, expect=OK)
        line = next(line for line in self.target.table("coverage") if "mixed.jsonl" in line["query"])
        self.assertEqual((line["fetched"], line["rejected"]), ("3", "4"))

    def test_spreadsheets_find_no_formula(self):
        self.import_files(self.ours())
        self.run_program("analyze", self.target, expect=OK)
        self.assertIn("'=SUM(A1)", [line["title"] for line in self.target.table("works")])
        self.run_program("analyze", self.target, "--csv-raw", expect=OK)
        self.assertIn("=SUM(A1)", [line["title"] for line in self.target.table("works")])


class Files(ImportTest):
    """Files that cannot be read."""

    def test_missing(self):
        self.assertIn("nowhere.jsonl", self.import_files("nowhere.jsonl", expect=NO_INPUT).err)

    def test_unknown_formats(self):
        for name, content in (("notes.txt", b"Dear diary,\n"), ("empty.jsonl", b""), ("page.html", b"<html></html>"),
                              ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), ("list.json", b'{"hello": 1}\n')):
            with self.subTest(name):
                (self.folder / name).write_bytes(content)
                self.assertIn(name, self.import_files(name, expect=DATA).err)

    def test_damaged_compression(self):
        whole = gzip.compress(("\n".join([header_line("notes"), *map(work_line, OURS)]) + "\n").encode())
        flipped = bytearray(whole)
        flipped[-6] ^= 0xff  # in the checksum
        for name, content in (("cut.gz", whole[:-20]), ("checksum.gz", bytes(flipped)), ("tail.gz", whole[:-8])):
            with self.subTest(name):
                (self.folder / name).write_bytes(content)
                study = self.study(f"study-{name}", people=PEOPLE)
                self.assertIn(name, self.import_files(name, expect=DATA, study=study).err)
                self.assertEqual(self.status(study)["sources"], [], "a damaged file must leave nothing behind")

    def test_newer_version_of_our_format(self):
        header = json.loads(header_line("notes"))
        path = self.file("future.jsonl", [json.dumps({**header, "version": 99}), work_line(OURS[0])])
        self.assertIn("99", self.import_files(path, expect=DATA).err)


class Openalex(ImportTest):
    """OpenAlex's JSON Lines."""

    def test_shapes_of_2026_and_2023(self):
        world = made_up_world()
        new = [world.work_record(id) for id in world.works]
        old = []
        for number, id in enumerate(world.works):
            work = world.work_record(id)
            work["id"] = f"https://openalex.org/W9{number:03}"
            for name in ("funders", "awards", "is_xpac", "primary_location", "locations"):
                work.pop(name, None)
            work["host_venue"] = {"display_name": world.works[id].venue or None}
            for authorship in work["authorships"]:
                authorship.pop("raw_orcid")
                authorship.pop("affiliations")
                authorship.pop("countries")
                printed = authorship.pop("raw_affiliation_strings")
                authorship["raw_affiliation_string"] = "; ".join(printed)
                for institution in authorship["institutions"]:
                    institution.pop("lineage")
            old.append(work)
        self.import_files(self.file("new.jsonl", map(json.dumps, new)),
                          self.file("old.jsonl", map(json.dumps, old), packed=True))
        stored = self.stored("openalex")
        for work in new + old:
            expected = work_from_json(work)
            self.assertEqual(stored[expected["id"]], expected)
        self.assertEqual(len(stored), len(new) + len(old))

    def test_bad_lines(self):
        good = json.dumps(made_up_world().work_record("W1001"))
        no_id = json.dumps({"title": "x", "authorships": []})
        no_list = json.dumps({"id": "https://openalex.org/W5", "authorships": "many"})
        path = self.file("bad.jsonl", [good, no_id, no_list, good[:200]])
        result = self.import_files(path, expect=DATA)
        self.assertEqual([int(n) for n in re.findall(r"bad\.jsonl, line (\d+)", result.err)], [2, 3, 4])
        self.assertEqual(list(self.stored("openalex")), ["W1001"])

    def test_recorded_works_field_by_field(self):
        folder = fixtures("openalex")
        answers = [path for place in ("openalexPro_vcr/*.body.json", "openalexPro_snaps/*.json")
                   for path in sorted(folder.glob(place))]
        files, told = [], {}
        for path in answers:
            answer = json.loads(path.read_bytes())
            works = [work for work in answer.get("results", [answer]) if "authorships" in work]
            if works:
                files.append(self.file(f"recorded-{len(files)}.jsonl", map(json.dumps, works)))
                told.update((work["id"], work) for work in works)
        for path in sorted((folder / "works_2023").glob("*.gz")):
            files.append(path)
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                told.update((work["id"], work) for work in map(json.loads, lines))
        self.assertGreater(len(told), 1500)
        result = self.import_files(*files)
        self.assertNotIn("rejected:", result.err)
        stored = self.stored("openalex")
        expected = [work_from_json(work) for work in told.values()]
        self.assertEqual(set(stored), {work["id"] for work in expected})
        for work in expected:
            for name, value in work.items():
                self.assertEqual(stored[work["id"]][name], value, f"{work['id']}: {name}")


class Arxiv(ImportTest):
    """Recorded feeds of arXiv, served again."""

    def test_recorded_feeds_field_by_field(self):
        spaces = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}
        declared = f'xmlns="{spaces["a"]}" xmlns:arxiv="{spaces["x"]}"'.encode()
        bodies = {}
        for path in sorted(fixtures("arxiv", "arxiv_py").glob("*.xml")):
            for entry in re.findall(rb"  <entry>.*?</entry>\n", path.read_bytes(), re.DOTALL):
                id = re.search(rb"<id>https?://arxiv.org/abs/([^<]+?)(v\d+)?</id>", entry)
                if id:
                    bodies[id[1].decode()] = entry
        self.assertGreater(len(bodies), 50)
        with ApiServer(World()) as server:
            server.arxiv.feeds = bodies
            study = self.study("arxiv", people=PEOPLE[:1], window=(1990, 2026),
                               sources={"arxiv": {"base_url": server.url}})
            study.write("identities.csv", "person,source,author_id,work,decision\n"
                        + "".join(f"lin,arxiv,,{id},same\n" for id in bodies))
            self.run_program("fetch", study, expect=OK)
        stored = StoredWorks(study.dataset, "arxiv")
        self.addCleanup(stored.close)
        works = stored.all()
        more = {row["id"]: row
                for row in stored.rows("SELECT work.* FROM work JOIN source USING (source) WHERE name = ?")}
        self.assertEqual(set(works), set(bodies))
        for id, body in bodies.items():
            entry = ElementTree.fromstring(b"<feed %s>%s</feed>" % (declared, body)).find("a:entry", spaces)

            def text(name):
                return " ".join((entry.findtext(name, "", spaces) or "").split())
            with self.subTest(id):
                work, row = works[id], more[id]
                self.assertEqual(work["title"], text("a:title"))
                self.assertEqual(row["arxiv"], id)
                self.assertEqual(work["doi"], text("x:doi").lower())
                self.assertEqual(row["journal_reference"], text("x:journal_ref"))
                self.assertEqual(row["version"], int(text("a:id").rpartition("v")[2]))
                self.assertEqual(work["date"], text("a:published")[:10])
                self.assertEqual(row["updated"], text("a:updated"))
                authors = entry.findall("a:author", spaces)
                self.assertEqual([a["names"] for a in work["authorships"]],
                                 [{" ".join(author.findtext("a:name", "", spaces).split())} for author in authors])
                self.assertEqual([[text for text, _ in a["affiliations"]] for a in work["authorships"]],
                                 [[" ".join(e.text.split()) for e in author.findall("x:affiliation", spaces)]
                                  for author in authors])


if __name__ == "__main__":
    unittest.main()
