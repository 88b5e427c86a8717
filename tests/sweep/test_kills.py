"""One harvest, killed again and again: at any moment, at any request, at any write of the dataset. The end is the same."""

import random
import signal
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer, Fault
from dataset_dump import dataset_faults, dataset_lines
from made_up import INSTITUTIONS, PEOPLE
from measure import measured
from program import OK, ProgramTest, binary
from published import left_behind, published_faults
from strace import KILL, need_strace, run_traced
from world_of_pages import long_world

CYCLES = measured(26, 200)
PAGES = measured(20, 36)
SEED = 20261124


class Kills(ProgramTest):
    """Each cycle starts a refresh and kills it."""

    def setUp(self):
        need_strace()
        super().setUp()
        self.server = self.enterContext(ApiServer(long_world(PAGES)))
        self.server.openalex.credits = 10**9
        self.random = random.Random(SEED)

    def new_study(self, name):
        return self.study(name, people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                          sources={"openalex": {"base_url": self.server.url, "page_size": 1}})

    def kill_at_any_moment(self, study):
        process = self.start("refresh", study)
        time.sleep(self.random.uniform(0, 0.6))
        process.kill()
        process.communicate(timeout=60)
        return process.returncode

    def kill_at_a_request(self, study):
        number = self.random.randint(1, 5)
        process = []
        started = threading.Event()

        def stop(_request):
            started.wait(20)
            process[0].kill()
            process[0].wait(20)
        self.server.no_more_faults()
        self.server.forget()
        self.server.fault_at(number, Fault(before=stop))
        process.append(self.start("refresh", study))
        started.set()
        process[0].communicate(timeout=60)
        self.server.no_more_faults()
        return process[0].returncode

    def kill_at_a_write(self, study):
        name, most = self.random.choice([("pwrite64", 90), ("fdatasync", 9), ("fsync", 60), ("rename", 20)])
        fault = (name, KILL, self.random.randint(1, most))
        return run_traced([binary(), "refresh", study], [name], self.environment(), fault).code

    def test_every_cycle_ends_in_the_same_dataset(self):
        undisturbed = self.new_study("undisturbed")
        self.run_program("refresh", undisturbed, expect=OK)
        study = self.new_study("killed")
        ways = [self.kill_at_any_moment, self.kill_at_a_request, self.kill_at_any_moment, self.kill_at_a_write]
        killed = 0
        for cycle in range(CYCLES):
            code = ways[cycle % len(ways)](study)
            self.assertIn(code, (OK, -signal.SIGKILL), f"cycle {cycle}")
            killed += code != OK
            faults = published_faults(study.folder)
            if study.dataset.exists():
                faults += dataset_faults(study.dataset)
            self.assertEqual(faults, [], f"cycle {cycle}")
        print(f"{killed} of {CYCLES} runs killed", file=sys.stderr)
        self.assertGreater(killed, 0.7 * CYCLES, "too few of the runs were killed to show anything")
        self.run_program("refresh", study, expect=OK)
        self.assertEqual(left_behind(study.folder), [])
        self.assertEqual(dataset_lines(study.dataset), dataset_lines(undisturbed.dataset))
        self.assert_same_report(undisturbed.report_files(), study.report_files())

    def test_a_list_that_is_killed_page_by_page_is_read_once(self):
        study = self.new_study("page-by-page")
        asked = []
        for _ in range(5):
            self.server.forget()
            self.server.no_more_faults()
            process = []
            started = threading.Event()

            def stop(_request):
                started.wait(20)
                process[0].kill()
                process[0].wait(20)
            # The person is looked up, one page is stored, and the request for the next one is the last.
            self.server.fault_when(lambda request: len(self.server.works_requests()) == 2, Fault(before=stop))
            process.append(self.start("refresh", study))
            started.set()
            process[0].communicate(timeout=60)
            asked += [request.query["cursor"] for request in self.server.works_requests()]
        # Each run begins with the page that the one before could not store, and only with that.
        self.assertEqual(asked[1::2][:-1], asked[2::2])
        self.assertEqual(len(set(asked)), 6)


if __name__ == "__main__":
    unittest.main()
