"""Disks that are full, files that may not grow, folders that cannot be written: exit 74 or 73, the old state whole, and the
next run, once there is room, ends where an undisturbed one ends."""

import os
import resource
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from dataset_dump import dataset_faults, dataset_lines
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from measure import measured
from program import CANNOT_CREATE, IO, OK, ProgramTest, StudyFolder, binary
from published import published_faults
from works_lines import header_line, work_line

KIB = 1 << 10
PAGES = 16


class Limits(ProgramTest):
    """A server with long works and a study of one person."""

    def setUp(self):
        super().setUp()
        world = made_up_world()
        for n in range(PAGES):  # each page takes some 300 kB of the dataset
            world.work(f"W{4000 + n}", f"Volume {n} " + "x" * 150_000, f"20{13 + n % 12}-05-05",
                       [("A5000000001", ["I4200000002"]), "A5000000020"], doi=f"10.5555/volume.{n}", venue="y" * 150_000)
        self.server = self.enterContext(ApiServer(world))
        self.server.openalex.credits = 10**9
        self.content = {"people": PEOPLE[:1], "institutions": INSTITUTIONS, "analysis": 'metrics = ["degree"]',
                        "sources": {"openalex": {"base_url": self.server.url, "page_size": 1}}}

    def undisturbed(self):
        study = self.study("undisturbed", **self.content)
        self.run_program("refresh", study, expect=OK)
        return study

    def assert_whole(self, study):
        self.assertEqual(published_faults(study.folder), [])
        if study.dataset.exists() and study.dataset.stat().st_size > 0:
            self.assertEqual(dataset_faults(study.dataset), [])

    def assert_same(self, study, other):
        self.assert_whole(study)
        self.assertEqual(dataset_lines(study.dataset), dataset_lines(other.dataset))
        self.assert_same_report(other.report_files(), study.report_files())


class FullDisk(Limits):
    """A file system of its own that runs full."""

    def mounted(self, name, size):
        """A file system in memory. :raises unittest.SkipTest: where none may be mounted"""
        place = self.folder / name
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "coterie-test", place], capture_output=True,
                              check=False)
        if done.returncode != 0:
            self.skipTest(f"a tmpfs cannot be mounted: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=False)
        return place

    def test_harvest(self):
        reference = self.undisturbed()
        for size in ("64k", "3m"):
            with self.subTest(size):
                place = self.mounted(f"disk-{size}", size)
                study = StudyFolder(place / "study", **self.content)
                result = self.run_program("refresh", study, expect=IO)
                self.assertRegex(result.err, "full|space")
                self.assert_whole(study)
                kept = [line for line in dataset_lines(study.dataset) if line.startswith("work:")] \
                    if study.dataset.stat().st_size else []
                self.assertEqual(bool(kept), size == "3m", "whole pages are to be kept")
                subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
                self.server.forget()
                self.run_program("refresh", study, expect=OK)
                if kept:
                    self.assertNotEqual(self.server.works_requests()[0].query["cursor"], "*", "not from the cursor")
                self.assert_same(study, reference)

    def test_report_and_import(self):
        study = StudyFolder(self.mounted("disk", "3m") / "study", people=PEOPLE[:1], analysis='metrics = ["degree"]')
        small, large = self.folder / "small.jsonl", self.folder / "large.jsonl"
        for path, count in ((small, 3), (large, 40)):
            path.write_text("\n".join([header_line("notes"), *(work_line(
                {"id": f"N{n}", "title": "z" * 100_000, "year": 2020, "authors": [{"name": "Meixiu Lin"}, {"name": f"B{n} C"}]})
                for n in range(count))]) + "\n")
        self.run_program("import", study, small, expect=OK)
        self.run_program("analyze", study, expect=OK)
        before = dataset_lines(study.dataset), study.report_files()
        self.run_program("import", study, large, expect=IO)
        self.assert_whole(study)
        self.assertEqual(dataset_lines(study.dataset), before[0])
        filler = study.folder.parent / "filler"
        with open(filler, "wb") as file:
            try:
                while True:
                    os.write(file.fileno(), bytes(64 * KIB))
            except OSError:
                pass
        for command in (("analyze", study), ("export", study, "--format", "csv", "-o", study.folder / "edges.csv")):
            self.run_program(*command, expect=(IO, CANNOT_CREATE))
        self.assert_whole(study)
        self.assertEqual(study.report_files(), before[1])
        self.assertEqual(sorted(path.name for path in study.folder.iterdir() if "edges" in path.name or ".tmp" in path.name), [])
        filler.unlink()
        self.run_program("analyze", study, expect=OK)


class FileSize(Limits):
    """`ulimit -f`: a write beyond it is a failed write."""

    def limited(self, size, *arguments):
        return subprocess.run([binary(), *map(str, arguments)], env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, timeout=120,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))

    def test_every_size(self):
        reference = self.undisturbed()
        largest = max(path.stat().st_size for path in reference.folder.rglob("*"))
        study = self.study("limited", **self.content)
        codes = []
        for step in range(measured(8, 40)):
            size = 4 * KIB + (largest + 512 * KIB) * step // measured(8, 40)
            done = self.limited(size, "refresh", study)
            codes.append(done.returncode)
            self.assertIn(done.returncode, (OK, IO), f"{size}: {done.stderr.decode()}")
            if done.returncode == IO:
                self.assertTrue(done.stderr.strip())
            self.assert_whole(study)
        self.assertEqual(codes[0], IO)
        self.run_program("refresh", study, expect=OK)
        self.assert_same(study, reference)

    def test_report_and_export(self):
        study = self.undisturbed()
        before = study.report_files()
        for command in (("analyze", study), ("export", study, "--format", "csv", "-o", self.folder / "edges.csv")):
            # Less than what is written; SQLite's shared memory takes 32 KiB.
            done = self.limited(33 * KIB if command[0] == "analyze" else 64, *command)
            self.assertIn(done.returncode, (IO, CANNOT_CREATE), done.stderr.decode())
        self.assert_whole(study)
        self.assertEqual(study.report_files(), before)
        self.assertFalse((self.folder / "edges.csv").exists())


class ReadOnly(Limits):
    """A study on a file system that takes no writes."""

    def test_nothing_is_lost_or_half_done(self):
        study = self.undisturbed()
        before = dataset_lines(study.dataset), study.report_files()
        for options in (["--bind", study.folder, study.folder], ["-o", "remount,ro,bind", study.folder]):
            done = subprocess.run(["mount", *options], capture_output=True, check=False)
            if done.returncode != 0:
                self.skipTest(f"cannot be mounted: {done.stderr.decode().strip()}")
            if "--bind" in options:
                self.addCleanup(subprocess.run, ["umount", "-l", study.folder], check=False)
        for command in ("refresh", "run", "fetch", "analyze"):
            result = self.run_program(command, study, expect=CANNOT_CREATE)
            self.assertTrue(result.err.strip())
        self.assertEqual((dataset_lines(study.dataset), study.report_files()), before)


if __name__ == "__main__":
    unittest.main()
