"""A power failure at any moment: what is renamed is synced before, and the new name afterwards."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from program import OK, ProgramTest, binary
from strace import need_strace, run_traced
from works_lines import header_line, work_line
from write_order import CALLS, WriteOrder, log_faults

# Writes, syncs and renames in an order that a power failure would not forgive, and in one that it does.
WRITER = """
import os, sys
folder, way = sys.argv[1:]
os.makedirs(folder + "/new") if way == "folder" else None
at = folder + "/new/part" if way == "folder" else folder + "/part"
file = os.open(at, os.O_WRONLY | os.O_CREAT, 0o644)
os.write(file, b"content")
if way != "early":
    os.fsync(file)
if way == "late":
    os.write(file, b" and more")
if way == "folder":
    os.rename(folder + "/new", folder + "/whole")
else:
    os.rename(at, folder + "/whole")
if way == "early":
    os.fsync(file)
if way == "link":
    os.symlink("whole", folder + "/temporary")
    os.rename(folder + "/temporary", folder + "/latest")
if way not in ("unnamed", "folder"):
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(place)
"""


class Checker(ProgramTest):
    """The judge itself."""

    def faults(self, way):
        folder = self.folder / way
        folder.mkdir()
        traced = run_traced([sys.executable, "-c", WRITER, folder, way], CALLS, self.environment(), paths=True)
        self.assertEqual(traced.code, 0, traced.err)
        order = WriteOrder(traced.calls, folder)
        self.assertEqual(order.renames, 2 if way == "link" else 1)
        return [fault.split(":")[0] for fault in order.faults]

    def test_bad_writers_are_found_and_the_good_one_is_not(self):
        need_strace()
        self.assertEqual(self.faults("good"), [])
        self.assertEqual(self.faults("early"), ["renamed before it is synced"])
        self.assertEqual(self.faults("late"), ["renamed before it is synced"])
        self.assertEqual(self.faults("link"), ["linked before its name is synced"])
        self.assertEqual(self.faults("unnamed"), ["the name is never synced"])
        self.assertEqual(self.faults("folder"), ["renamed before its folder is synced", *2 * ["the name is never synced"]])


class Program(ProgramTest):
    """The program's commands."""

    def setUp(self):
        need_strace()
        super().setUp()
        self.works = self.folder / "works.jsonl"
        self.works.write_text("\n".join([header_line("notes"), work_line(
            {"id": "N1", "title": "One", "year": 2020, "authors": [{"name": "Meixiu Lin"}, {"name": "Tao Wei"}]})]) + "\n")

    def traced(self, *arguments, renames):
        """The calls of a command; `renames`: how many at least."""
        traced = run_traced([binary(), *arguments], CALLS, self.environment(), paths=True, strings=120)
        self.assertEqual(traced.code, OK, traced.err)
        order = WriteOrder(traced.calls, self.folder)
        self.assertEqual([fault for fault in order.faults if "/state" not in fault], [])
        self.assertGreaterEqual(order.renames, renames)
        return traced.calls

    def test_files_of_a_user(self):
        study = self.study(people=PEOPLE[:2], analysis='metrics = ["degree"]')
        calls = self.traced("import", study, self.works, renames=0)
        # The study's folder holds the dataset's name, and the last commit is synced when success is told.
        self.assertEqual(log_faults(calls, ["works read"]), ([], {"works read": 1}))
        self.traced("analyze", study, renames=15)
        self.traced("analyze", study, renames=15)
        self.traced("export", study, "--format", "csv", "-o", self.folder / "edges.csv", renames=1)

    def test_refresh(self):
        with ApiServer(made_up_world()) as server:
            study = self.study(people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                               sources={"openalex": {"base_url": server.url, "page_size": 2}})
            for number in (1, 2):
                calls = self.traced("refresh", study, renames=17 if number == 1 else 1)
                server.openalex.world.works["W1001"].title = "Changed"
                pages = len(server.works_requests())
                server.forget()
                # A page is synced before the next is asked for, and "complete" before a report says so.
                faults, met = log_faults(calls, ["GET /works?", 'reports"'])
                self.assertEqual(faults, [])
                self.assertEqual(met["GET /works?"], pages)
                self.assertGreater(met['reports"'], 0)


if __name__ == "__main__":
    unittest.main()
