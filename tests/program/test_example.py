"""The shipped example: what is true of it stands in its report, its bytes are the same every time, and it is quick."""

import csv
import os
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from program import OK, ProgramTest  # noqa: E402

EXAMPLE = Path(os.environ.get("COTERIE_SOURCE", Path(__file__).resolve().parents[2])) / "examples" / "deepseek-qwen"

# Joint works of two names, counted in the ACL Anthology of 15 August 2024 before coterie existed.
JOINT_WORKS = {("daya-guo", "nan-duan"): 12, ("daya-guo", "duyu-tang"): 7, ("yu-wu", "ming-zhou"): 9,
               ("ming-zhou", "nan-duan"): 43, ("chang-zhou", "jingren-zhou"): 5, ("zhihong-shao", "minlie-huang"): 5}


class Example(ProgramTest):
    def setUp(self):
        super().setUp()
        self.study_folder = self.folder / "deepseek-qwen"
        shutil.copytree(EXAMPLE, self.study_folder, ignore=shutil.ignore_patterns("reports", "review", "dataset.sqlite*"))
        self.run_program("import", self.study_folder, self.study_folder / "works.jsonl", expect=OK)

    def analyzed(self, *options):
        """:return: the result, and file name -> bytes of the report"""
        result = self.run_program("analyze", self.study_folder, *options, expect=OK)
        report = (self.study_folder / "reports" / "latest").resolve()
        files = [path for path in report.rglob("*") if path.is_file()]
        return result, {path.relative_to(report).as_posix(): path.read_bytes() for path in files}

    def table(self, name):
        with open(self.study_folder / "reports" / "latest" / f"{name}.csv", encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def test_facts(self):
        result, _ = self.analyzed()
        self.assertEqual(len(self.table("works")), len((EXAMPLE / "works.jsonl").read_text(encoding="utf-8").splitlines()) - 1)
        self.assertGreater(len(self.table("works")), 1000)
        pairs = {frozenset((line["author_a"], line["author_b"])): int(line["joint_works"]) for line in self.table("pairs")}
        for (a, b), expected in JOINT_WORKS.items():
            self.assertEqual(pairs.get(frozenset((f"person:{a}", f"person:{b}"))), expected, (a, b))
        teams = {line["key"]: set(line["teams"].split(";")) for line in self.table("people")}
        core = {key for key, of in teams.items() if "deepseek-r1" in of}
        self.assertEqual(len(core), 18)
        self.assertEqual({key for key in core if teams[key] & {"qwen", "qwen2.5"}}, set(), "names in both teams")
        # The report's place and five lines or more.
        self.assertTrue(result.out.startswith("report: "))
        self.assertGreaterEqual(len(result.out.splitlines()), 6)

    def test_same_bytes_for_any_number_of_threads_and_any_order(self):
        _, first = self.analyzed("--threads", "1")
        lines = (self.study_folder / "works.jsonl").read_text(encoding="utf-8").splitlines()
        (self.study_folder / "works.jsonl").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
        (self.study_folder / "dataset.sqlite").unlink()
        self.run_program("import", self.study_folder, self.study_folder / "works.jsonl", expect=OK)
        _, second = self.analyzed("--threads", "3")
        self.assert_same_report(first, second)

    def test_is_quick(self):
        """Ten seconds on two cores are promised; a machine that is busy or slower gets some leave."""
        result, _ = self.analyzed()
        self.assertLess(result.seconds, 30)

    def test_importing_again_changes_nothing(self):
        _, first = self.analyzed()
        self.run_program("import", self.study_folder, self.study_folder / "works.jsonl", expect=OK)
        _, second = self.analyzed()
        self.assert_same_report(first, second)


if __name__ == "__main__":
    unittest.main()
