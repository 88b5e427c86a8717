"""A clock that is wrong or jumps: the same requests, no long sleep, the same report."""

import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import Fault
from program import OK, binary
from test_faults import ALWAYS, FaultTest, is_works_list

INTERVAL = 0.1  # between two requests to OpenAlex, seconds
CLOCKS = (("-3d", True), ("+1y", True), ("+0 x100", True), ("+0 x100", False))  # False: the steady clock is wrong too


@unittest.skipUnless(shutil.which("faketime"), "faketime is not installed")
class WrongClock(FaultTest):
    """The program under faketime, which moves the time of day and leaves the steady clock alone."""

    def run_at(self, clock, command="run", steady=True, study=None):
        """Runs the program under that clock. :return: seconds it took by the right one"""
        self.server.forget()
        begin = time.monotonic()
        done = subprocess.run(["faketime", "-m", *(["--exclude-monotonic"] if steady else []), "-f", clock, binary(),
                               command, str(study or self.study_folder)], env=self.environment(), cwd=self.folder,
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, OK, done.stderr)
        return time.monotonic() - begin

    def asked(self):
        return [(request.path, request.query) for request in self.server.requests]

    def test_the_same_requests_and_the_same_report(self):
        self.run_at("+0")
        expected = self.asked()
        self.assertEqual(len([path for path, _ in expected if path == "/works"]), 3)
        for clock, steady in CLOCKS:
            with self.subTest(clock, steady=steady):
                self.fresh_study(f"study{clock}-{steady}".replace(" ", ""))
                self.assertLess(self.run_at(clock, steady=steady), 10)
                self.assertEqual(self.asked(), expected)
                self.assert_undisturbed()
                times = [request.time for request in self.server.requests]
                if steady:
                    # Looking people up and fetching know of each other by the time of day alone, so that a clock that
                    # runs 100 times too fast costs the pause between the two.
                    pauses = sorted(b - a for a, b in zip(times, times[1:]))
                    self.assertGreater(pauses[1], 0.7 * INTERVAL)

    def test_a_clock_that_is_set_right_again(self):
        """What a run of the future stamped neither delays nor spares a question."""
        self.run_at("+0")
        expected = self.asked()
        self.run_at("+1y", "refresh")
        for clock in ("+0", "-3d"):
            self.assertLess(self.run_at(clock, "refresh"), 10)
            self.assertEqual(self.asked(), expected)

    def test_a_source_that_is_asked_once_a_day(self):
        self.world.preprint("2001.00001", "Preprint", "2020-01-01T00:00:00Z", ["Tao Wei", "Bo Holt"])
        study = self.study("arxiv", people=[{"key": "wei", "name": "Tao Wei"}],
                           sources={"arxiv": {"base_url": self.server.url}})
        for clock in ("+1y", "+0", "-3d"):
            self.assertLess(self.run_at(clock, study=study), 15)
            self.assertEqual(len(self.server.requests), 1)

    def test_a_clock_that_jumps_during_the_run(self):
        for clock, other in (("-3d", "+1y"), ("+1y", "-3d")):
            with self.subTest(f"{clock} to {other}"):
                self.fresh_study(f"jump{clock}")
                place = self.folder / f"clock{clock}"
                place.write_text(clock)
                self.server.no_more_faults()
                self.server.fault_when(is_works_list, Fault(before=lambda _, to=other, file=place: file.write_text(to),
                                                            times=ALWAYS))
                self.server.forget()
                begin = time.monotonic()
                environment = {**self.environment(), "FAKETIME_TIMESTAMP_FILE": str(place), "FAKETIME_NO_CACHE": "1",
                               "FAKETIME_DONT_FAKE_MONOTONIC": "1", "LD_PRELOAD": self.library()}
                done = subprocess.run([binary(), "run", str(self.study_folder)], env=environment, cwd=self.folder,
                                      capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual(done.returncode, OK, done.stderr)
                self.assertLess(time.monotonic() - begin, 10)
                self.assert_undisturbed()

    def library(self):
        """faketime's library, as faketime itself preloads it."""
        told = subprocess.run(["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True,
                              check=True)
        return told.stdout.strip()


if __name__ == "__main__":
    unittest.main()
