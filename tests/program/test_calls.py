"""How many calls a harvest takes: the least that the source's rules leave, and none for what is known already.

The world, the server and the count of the least are those of bench/harvest_calls.py, in small.
"""

import json
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "support"), str(Path(__file__).resolve().parents[2] / "bench")]

import harvest_calls
from program import ProgramTest, binary


class Calls(ProgramTest):
    """230 people are three filters; some of the 1,200 works have long bylines, some are in two filters."""

    def test_no_call_too_many(self):
        world = harvest_calls.World(230, 1200)
        self.assertTrue(world.cut_works())
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda empty: self.count(world, empty), (False, True)))

    def count(self, world, empty_last_page):
        api = harvest_calls.Api(world, empty_last_page)
        self.addCleanup(api.close)
        folder = self.folder / f"calls-{empty_last_page}"
        folder.mkdir()
        study = harvest_calls.Study(binary(), folder, api)
        for refresh in (False, True):
            api.tally = harvest_calls.Tally()
            study.bring_up_to_date()
            least = harvest_calls.least(world, refresh)
            counted = {"lists": api.tally.lists, "singles": api.tally.singles,
                       "lookups": api.tally.lookup_lists + api.tally.lookup_singles}
            self.assertEqual(counted, least, f"empty last page: {empty_last_page}, refresh: {refresh}")
            self.assertEqual(study.works(), dict(enumerate(world.bylines)))
            # Fields that nobody reads are not sent, and the rest is sent compressed.
            self.assertLess(api.tally.wire, api.tally.decoded / 5)
            everything = len(json.dumps(world.record(1)))
            self.assertLess(len(json.dumps(world.record(1, api.names))), everything / 2)


if __name__ == "__main__":
    unittest.main()
