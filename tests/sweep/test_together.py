"""Several at one dataset: one writes, the others are told so at once; readers see the old state or the new one, whole."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer, Fault
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from measure import measured
from program import OK, TEMPORARY, ProgramTest
from published import report_faults
from works_lines import header_line, work_line

# Looks at the link without a pause until its input ends, and prints how often it was not there.
LOOK = """
import os, select, sys
missing = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    for _ in range(200):
        if not os.path.isdir(sys.argv[1]):
            missing += 1
print(missing)
"""
PUBLISHES = measured(25, 200)
RUNS = 10


class Together(ProgramTest):
    """A server over the made-up world and a study of one person."""

    def setUp(self):
        super().setUp()
        self.world = made_up_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.server.openalex.credits = 10**9
        self.server.openalex.null_cursor_on_short_page = True
        self.study_folder = self.study(people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                                       sources={"openalex": {"base_url": self.server.url}})


class Writers(Together):
    """One at a time."""

    def setUp(self):
        super().setUp()
        self.go_on = threading.Event()
        self.addCleanup(self.go_on.set)
        self.begun = threading.Event()

    def hold_the_first_request(self):
        def hold(_request):
            self.begun.set()
            self.go_on.wait(60)
        self.server.fault_at(1, Fault(before=hold))

    def test_ten_runs_at_once(self):
        self.hold_the_first_request()
        processes = [self.start("refresh", self.study_folder) for _ in range(RUNS)]
        self.assertTrue(self.begun.wait(30))
        deadline = time.monotonic() + 30
        while sum(process.poll() is not None for process in processes) < RUNS - 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        ended = [process for process in processes if process.poll() is not None]
        self.assertEqual([process.returncode for process in ended], [TEMPORARY] * (RUNS - 1))
        for process in ended:
            out, err = process.communicate()
            self.assertEqual(out, b"")
            self.assertEqual(err.count(b"\n"), 1, err)
            self.assertIn(b"holds", err)
        self.assertEqual(len(self.server.requests), 1, "somebody asked without the lock")
        self.go_on.set()
        holder = next(process for process in processes if process not in ended)
        out, err = holder.communicate(timeout=60)
        self.assertEqual((holder.returncode, out, err), (OK, b"", b""))
        self.assertEqual(self.study_folder.report_count(), 1)

    def test_the_lock_ends_with_the_process_that_holds_it(self):
        self.hold_the_first_request()
        holder = self.start("refresh", self.study_folder)
        self.assertTrue(self.begun.wait(30))
        self.run_program("refresh", self.study_folder, expect=TEMPORARY)
        holder.kill()
        holder.communicate(timeout=30)
        self.assertEqual(holder.returncode, -signal.SIGKILL)
        self.run_program("refresh", self.study_folder, expect=OK)

    def test_every_writing_command_is_kept_out_and_no_reading_one(self):
        self.run_program("refresh", self.study_folder, expect=OK)
        works = self.folder / "works.jsonl"
        works.write_text(header_line("notes") + "\n" + work_line({"id": "N1", "title": "One"}) + "\n")
        self.server.forget()
        self.hold_the_first_request()
        holder = self.start("fetch", self.study_folder)
        try:
            self.assertTrue(self.begun.wait(30))
            for command in (("import", self.study_folder, works), ("fetch", self.study_folder),
                            ("resolve", self.study_folder), ("run", self.study_folder), ("refresh", self.study_folder)):
                result = self.run_program(*command, expect=TEMPORARY)
                self.assertLess(result.seconds, 5)
                self.assertIn("holds", result.err)
            for command in (("status", self.study_folder), ("analyze", self.study_folder), ("check", self.study_folder),
                            ("explain", self.study_folder, "Meixiu Lin", "Tao Wei"),
                            ("export", self.study_folder, "--format", "csv", "-o", self.folder / "edges.csv")):
                self.run_program(*command, expect=OK)
        finally:
            self.go_on.set()
            holder.communicate(timeout=60)
        self.assertEqual(holder.returncode, OK)
        self.run_program("import", self.study_folder, works, expect=OK)


class Readers(Together):
    """They read in loops while report after report is published."""

    def setUp(self):
        super().setUp()
        self.faults = []
        self.rounds = {}
        self.done = threading.Event()

    def loop(self, name, read):
        """Reads again and again in a thread of its own."""
        def work():
            while not self.done.is_set():
                try:
                    self.faults += read()
                except Exception as error:  # whatever a reader meets is a finding
                    self.faults.append(f"{name}: {error!r}")
                self.rounds[name] = self.rounds.get(name, 0) + 1
                time.sleep(0.005)
        thread = threading.Thread(target=work)
        thread.start()
        return thread

    def read_report(self):
        """Resolves the link once, as a reader must, and compares every file with run.json."""
        reports = self.study_folder.folder / "reports"
        return report_faults(reports / os.readlink(reports / "latest"))

    def read_dataset(self):
        """Works and their bylines belong together. Python waits for a lock, as docs/dataset.md tells readers to."""
        uri = f"file:{self.study_folder.dataset}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            torn = database.execute("SELECT id FROM work w WHERE author_count <> (SELECT count(*) FROM authorship a "
                                    "WHERE a.work = w.work)").fetchall()
            # Every publish gives all works the same number in the title and the same citations.
            count = database.execute("SELECT count(DISTINCT cited_by) FROM work").fetchone()[0]
        return [f"torn byline of {id}" for id, in torn] + ([] if count <= 1 else [f"{count} states at once"])

    def read_status(self):
        result = self.run_program("status", self.study_folder, "--json")
        if result.code != OK:
            return [str(result)]
        status = json.loads(result.out)
        return [] if status["sources"][0]["records"] == self.works else [f"{status['sources'][0]['records']} works"]

    def read_network(self):
        result = self.run_program("export", self.study_folder, "--format", "csv", "-o", "-")
        return [] if result.code == OK and result.out else [str(result)]

    def test_readers_of_reports_and_dataset(self):
        ours = [work for work in self.world.works.values() if any(m.author == "A5000000001" for m in work.byline)]
        self.works = sum(2012 <= work.year <= 2025 for work in ours)
        self.run_program("refresh", self.study_folder, expect=OK)
        threads = [self.loop("report", self.read_report), self.loop("dataset", self.read_dataset),
                   self.loop("status", self.read_status), self.loop("network", self.read_network)]
        looking = subprocess.Popen([sys.executable, "-c", LOOK, self.study_folder.latest], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        try:
            for number in range(1, PUBLISHES + 1):
                for work in ours:  # one page, so one transaction
                    work.cited_by = number
                    work.title = f"{work.title.split(' #')[0]} #{number}"
                self.run_program("refresh", self.study_folder, expect=OK)
        finally:
            self.done.set()
            for thread in threads:
                thread.join(60)
            missing, _ = looking.communicate(timeout=60)
        self.assertEqual(self.faults[:5], [])
        self.assertEqual(int(missing), 0, "latest was not there")
        self.assertEqual(self.study_folder.report_count(), PUBLISHES + 1)
        print(f"{PUBLISHES} reports, rounds of reading: {self.rounds}", file=sys.stderr)
        self.assertGreater(min(self.rounds.values()), PUBLISHES / 5)


if __name__ == "__main__":
    unittest.main()
