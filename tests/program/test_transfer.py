"""Faults on the wire, seen from the whole program: a run that meets one loses nothing and ends.

Waits between attempts are real, so the runs of this file go side by side. How each fault is taken apart is tested below
the program, with waits that cost nothing; here the measure is the exit code, the report, the dataset.
"""

import sqlite3
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from made_up import INSTITUTIONS, PEOPLE, made_up_world
from program import DATA, KEY_VARIABLE, OK, TEMPORARY, UNAVAILABLE, ProgramTest, StudyFolder
from raw_server import HEAD, SCENARIOS, RawServer

ROSTER = [person for person in PEOPLE if person["key"] in ("lin", "wei")]
KEY = "canary-5f3a-8e21-77"
SIDE_BY_SIDE = 13  # they mostly wait
SLOW = {"stall"}  # is cut after half a minute; tested below the program with a shorter time


class Disturbance:
    """Spoils so many lists of works, from the second on; the first page is always good."""

    def __init__(self, scenario, times):
        self.scenario, self.times = scenario, times
        self._lists = 0

    def __call__(self, path):
        if self.scenario == "redir_loop" and "filter=loop" in path:
            return self.scenario
        if not path.startswith("/works?"):
            return None
        self._lists += 1
        return self.scenario if 1 < self._lists <= 1 + self.times else None


class TransferTest(ProgramTest):
    """Runs of the program, each with a server, a study and a state folder of its own."""

    def new_study(self, name, server):
        return StudyFolder(self.folder / name, people=ROSTER, institutions=INSTITUTIONS,
                           analysis='metrics = ["degree", "strength"]',
                           sources={"openalex": {"base_url": server.url, "key_env": KEY_VARIABLE, "page_size": 2}})

    def side_by_side(self, test, names):
        """Calls the test with every name, several at a time, and fails with all that failed."""
        def one(name):
            try:
                test(name)
                return None
            except AssertionError as error:
                return f"{name}: {error}"
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            failed = [told for told in pool.map(one, names) if told]
        self.assertEqual(failed, [], "\n\n".join(failed))

    def environment(self, key=None):
        """Servers have ports of their own, so runs side by side need not share a pace."""
        environment = super().environment(key)
        environment["XDG_STATE_HOME"] = tempfile.mkdtemp(dir=self.folder, prefix="state-")
        return environment

    def undisturbed(self):
        """Name -> bytes of the report of a run without trouble, and the works of its dataset."""
        if not hasattr(self, "_undisturbed"):
            with RawServer(made_up_world()) as server:
                server.api.keys = {KEY}
                study = self.new_study("undisturbed", server)
                self.run_program("run", study, expect=OK, key=KEY)
                self._undisturbed = study.report_files(), self.works(study)
        return self._undisturbed

    def works(self, study):
        with sqlite3.connect(f"file:{study.dataset}?mode=ro", uri=True) as dataset:
            return [row[0] for row in dataset.execute("SELECT id FROM work ORDER BY date, id")]

    def assert_undisturbed(self, study):
        self.assert_same_report(self.undisturbed()[0], study.report_files())
        self.assertEqual(self.works(study), self.undisturbed()[1])

    def assert_no_key(self, study, result):
        """The key stands in nothing that was printed or stored."""
        for text in (result.out, result.err):
            self.assertNotIn(KEY, text)
        for path in study.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(KEY.encode(), path.read_bytes(), str(path))


class Passing(TransferTest):
    """The fault comes twice, then the server is well."""

    def setUp(self):
        super().setUp()
        self.undisturbed()

    def test_nothing_is_missing(self):
        self.side_by_side(self.meets, [name for name in SCENARIOS if name not in SLOW and "redir" not in name])

    def meets(self, scenario):
        with RawServer(made_up_world(), Disturbance(scenario, 2)) as server:
            server.api.keys = {KEY}
            study = self.new_study(scenario, server)
            result = self.run_program("run", study, expect=OK, key=KEY)
            self.assert_undisturbed(study)
            self.assertEqual(self.run_program("status", study, "--json", expect=OK).json()["gaps"], [])
            self.assert_no_key(study, result)


class Lasting(TransferTest):
    """The fault stays: exit code, number of requests, nothing torn, the gap told; then the server is well again."""

    EXPECTED = {"short_cl": TEMPORARY, "no_cl_trunc": DATA, "gz_trunc": DATA, "gz_mid": TEMPORARY, "gz_trailing": DATA,
                "bomb": DATA, "hugehdr": DATA, "200html": DATA, "error_body": TEMPORARY, "429neg": TEMPORARY,
                "redir_port": UNAVAILABLE, "redir_file": UNAVAILABLE, "redir_loop": UNAVAILABLE}

    def setUp(self):
        super().setUp()
        self.undisturbed()

    def test_it_ends_and_tells(self):
        self.side_by_side(self.stays, self.EXPECTED)

    def stays(self, scenario):
        with RawServer(made_up_world(), Disturbance(scenario, 10**6)) as server:
            server.api.keys = {KEY}
            study = self.new_study(scenario, server)
            result = self.run_program("run", study, expect=self.EXPECTED[scenario], key=KEY)
            self.assertIn("incomplete", result.err)
            self.assertLessEqual(server.works_requests(), 7, "the number of requests has no bound")
            self.assertEqual(self.works(study), self.undisturbed()[1][:2], "not exactly the first page is kept")
            gaps = self.run_program("status", study, "--json", expect=OK).json()["gaps"]
            self.assertEqual(len(gaps), 1, gaps)
            self.assert_no_key(study, result)
            server.disturbed = lambda path: None
            self.run_program("run", study, expect=OK, key=KEY)
            self.assert_undisturbed(study)


class Cut(TransferTest):
    """A list cut at many places, without a length: never fewer works than a whole one."""

    def test_cut_anywhere(self):
        self.undisturbed()
        self.side_by_side(self.is_cut, [0.001, 0.2, 0.5, 0.8, 0.97, 0.9999])

    def is_cut(self, share):
        name = f"cut-{share}"
        lock = threading.Lock()
        begun = []

        def once(path):
            with lock:
                begun.append(path)
                return name if path.startswith("/works?") and not any(p.startswith("/works?") for p in begun[:-1]) \
                    else None
        SCENARIOS[name] = lambda a: HEAD + b"\r\n" + a.body[
            :min(len(a.body) - 1, int(len(a.body) * share))]
        with RawServer(made_up_world(), once) as server:
            server.api.keys = {KEY}
            study = self.new_study(name, server)
            self.run_program("run", study, expect=OK, key=KEY)
            self.assert_undisturbed(study)


if __name__ == "__main__":
    unittest.main()
