"""A large real file: the ACL Anthology's papers, imported whole, analyzed, and counted again here."""

import sys
import unittest
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from acl_to_coterie import author_name, convert, folded, papers, work_of
from openalex_reader import StoredWorks
from program import OK, ProgramTest, fixtures

METRICS = ("degree", "strength", "components", "closeness", "harmonic", "pagerank", "coreness", "clustering",
           "communities")
JOINT_WORKS = {  # counted in the Anthology as of August 2024
    ("Daya Guo", "Nan Duan"): 12, ("Daya Guo", "Duyu Tang"): 7, ("Yu Wu", "Ming Zhou"): 9,
    ("Chang Zhou", "Jingren Zhou"): 5, ("Zhihong Shao", "Minlie Huang"): 5, ("Ming Zhou", "Nan Duan"): 43,
}


class Acl(ProgramTest):
    """One import and one analysis, looked at in several ways."""

    def test_import_and_analysis(self):
        source = fixtures("acl", "acl_papers.jsonl.gz")
        people = sorted({name for pair in JOINT_WORKS for name in pair})
        study = self.study(people=[{"name": name} for name in people], window=(1950, 2024),
                           analysis="metrics = [" + ", ".join(f'"{metric}"' for metric in METRICS) + "]")
        works = self.folder / "acl.jsonl"
        self.assertEqual(convert(source, works), 95336)
        imported = self.run_program("import", study, works, timeout=300, expect=OK)
        self.assertIn("95336 works", imported.out)
        analyzed = self.run_program("analyze", study, timeout=500, expect=OK)
        print(f"\nimport {imported.seconds:.1f} s, analyze {analyzed.seconds:.1f} s", file=sys.stderr)

        records = list(papers(source))
        self.check_records(study, records)
        self.check_tables(study, records, people)

    def check_records(self, study, records):
        """Every record stands in the dataset as it stands in the file."""
        stored = StoredWorks(study.dataset, "acl")
        self.addCleanup(stored.close)
        works = stored.all()
        self.assertEqual(len(works), len(records))
        for record in records:
            work = works[record["id"]]
            byline = [(author_name(author), author.get("id", "")) for author in record["authors"]]
            told = [(next(iter(author["names"]), ""), author["author_id"]) for author in work["authorships"]]
            self.assertEqual(told, byline, record["id"])
            self.assertEqual((work["title"], work["year"], work["doi"]),
                             (record["title"], int(record["year"]), work_of(record).get("doi", "").lower()))

    def check_tables(self, study, records, people):
        """Works, authors and pairs of the report against a count of the file."""
        by_name = [{folded(author_name(author)) for author in record["authors"]} for record in records]
        # Works that share a DOI are one work.
        distinct = len({work_of(record).get("doi", record["id"]).lower() for record in records})
        self.assertEqual(len(study.table("works")), distinct)

        # An author with an id is told apart from one without; collectives are left out: the count is close, not equal.
        keys = {author.get("id") or folded(author_name(author)) for record in records for author in record["authors"]}
        authors = study.table("authors")
        self.assertAlmostEqual(len(authors) / len(keys), 1, delta=0.01)

        works_of = defaultdict(int)
        pairs = Counter()
        wanted = {folded(name): name for name in people}
        for names in by_name:
            known = sorted(wanted[name] for name in names if name in wanted)
            for name in known:
                works_of[name] += 1
            pairs.update((first, second) for i, first in enumerate(known) for second in known[i + 1:])
        for line in study.table("people"):
            self.assertEqual(int(line["works"]), works_of[line["name"]], line["name"])
        told = {}
        for line in study.table("pairs"):
            names = tuple(sorted((line["name_a"], line["name_b"])))
            if set(names) <= set(people):
                told[names] = int(line["joint_works"])
        self.assertEqual(told, dict(pairs))
        for pair, count in JOINT_WORKS.items():
            self.assertEqual(told[tuple(sorted(pair))], count, pair)


if __name__ == "__main__":
    unittest.main()
