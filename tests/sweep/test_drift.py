"""A list that changes while it is read: works come in between, move, come twice or in another order.

Exit 0 is told only of a dataset that holds every work the source counted, and the run after the drift ends where a run that
met none does.
"""

import json
import random
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from answer import json_answer
from api_server import ApiServer, Fault
from dataset_dump import DatasetDump, dataset_faults, dataset_lines
from made_up import INSTITUTIONS, PEOPLE
from measure import measured
from program import OK, TEMPORARY, ProgramTest
from strace import workers
from world_of_pages import long_world

VARIANTS = measured(24, 90)
ALWAYS = 10**9


class Drift(ProgramTest):
    """Each variant is one seed: which pages drift, and how."""

    def drift(self, random_source, world, number):
        """Changes the world as a source might between two answers."""
        ids = sorted(world.works)
        kind = random_source.choice(("insert", "move", "both"))
        if kind != "move":
            day = f"{random_source.randint(2012, 2016)}-{random_source.randint(1, 12):02}-15"
            world.work(f"W{8000 + number}", f"Latecomer {number}", day, [("A5000000001", ["I4200000002"])])
        if kind != "insert":
            moved = world.works[random_source.choice(ids)]
            moved.date = f"{random_source.randint(2012, 2016)}-{random_source.randint(1, 12):02}-20"

    def disturbed(self, random_source, server, world):
        """What a page is turned into: its works shuffled, or some of the page before told again."""
        before = []

        def answer(request):
            right = server.right_answer(request)
            if right.status != 200:
                return right
            body = json.loads(right.body)
            results = body["results"]
            told = list(results)
            if results and before and random_source.random() < 0.4:
                # In the place of nothing: the source counts rightly and repeats itself.
                results = results + random_source.sample(before, random_source.randint(1, len(before)))
            random_source.shuffle(results)
            before[:] = told
            body["results"] = results
            return json_answer(body)
        return answer

    def one_variant(self, seed):
        random_source = random.Random(seed)
        world = long_world(24)
        with ApiServer(world) as server:
            server.openalex.credits = 10**9
            server.openalex.null_cursor_on_short_page = bool(seed % 2)
            study = self.study(f"study-{seed}", people=PEOPLE[:1], institutions=INSTITUTIONS,
                               analysis='metrics = ["degree"]',
                               sources={"openalex": {"base_url": server.url, "page_size": 8}})
            left = [random_source.randint(1, 8)]  # up to both times the list is read

            def between(request):
                if left[0] > 0 and request.query.get("cursor") != "*" and random_source.random() < 0.7:
                    left[0] -= 1
                    self.drift(random_source, world, left[0])
            # The condition is asked under the server's lock, before the answer is made.
            server.fault_when(lambda request: request.path == "/works" and (between(request) or True),
                              Fault(replace=self.disturbed(random_source, server, world), times=ALWAYS))
            first = self.run_program("refresh", study, expect=(OK, TEMPORARY))
            self.assertEqual(dataset_faults(study.dataset), [])
            stored = [line.split("'")[3] for line in DatasetDump(study.dataset).tables["work"]]
            self.assertEqual(len(stored), len(set(stored)), "a work is stored twice")
            if first.code == OK:
                self.assertEqual(set(world.works) - set(stored), set(), f"seed {seed}: exit 0 with works missing")
            else:
                self.assertIn("incomplete", first.err)
            server.no_more_faults()
            self.run_program("refresh", study, expect=OK)
            calm = self.study(f"calm-{seed}", people=PEOPLE[:1], institutions=INSTITUTIONS,
                              analysis='metrics = ["degree"]',
                              sources={"openalex": {"base_url": server.url, "page_size": 8}})
            self.run_program("refresh", calm, expect=OK)
            self.assertEqual(dataset_lines(study.dataset), dataset_lines(calm.dataset))
            # A refresh also tells what changed since the disturbed one.
            self.run_program("analyze", study, expect=OK)
            self.assert_same_report(calm.report_files(), study.report_files())
        return first.code

    def test_variants(self):
        with ThreadPoolExecutor(workers()) as pool:
            runs = [pool.submit(self.one_variant, seed) for seed in range(VARIANTS)]
        for seed, run in enumerate(runs):
            with self.subTest(seed):
                self.assertIsNone(run.exception())
        codes = [run.result() for run in runs if not run.exception()]
        self.assertEqual(set(codes), {OK, TEMPORARY}, "the variants are too tame, or too wild")
        print(f"{VARIANTS} variants, exit statuses of the disturbed runs: {sorted(codes)}", file=sys.stderr)

    def test_the_same_pages_twice(self):
        with ApiServer(long_world(24)) as server:
            study = self.study(people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                               sources={"openalex": {"base_url": server.url, "page_size": 8}})
            self.run_program("refresh", study, expect=OK)
            before = dataset_lines(study.dataset)
            self.run_program("fetch", study, "--fresh", expect=OK)
            self.assertEqual(dataset_lines(study.dataset), before)
            self.run_program("refresh", study, expect=OK)
            self.assertEqual(study.report_count(), 1)


if __name__ == "__main__":
    unittest.main()
