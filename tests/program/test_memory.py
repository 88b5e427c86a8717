"""How much memory a harvest takes: bounded, whatever the number of works and whatever the server sends."""

import os
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from large_api import AUTHOR, HOSTILE_FEEDS, LargeApi
from program import DATA, OK, TEMPORARY, ProgramTest, StudyFolder, binary

MOST_MB = 150
# One of each kind; bench/harvest_memory.py measures all of them.
HOSTILE = ("bomb", "bomb2", "endless", "numbers_below_the_cap", "many_authorships", "long_affiliations", "one_text",
           "one_text_below_the_cap", "nested", "open_brackets", "wide_page", "empty_elements", "few_empty_elements",
           "attributes", "nested_elements", "authors")


def is_instrumented():
    """Whether the program was built with a sanitizer."""
    program = Path(binary()).read_bytes()
    return any(name in program for name in (b"__asan_init", b"__tsan_init"))


@unittest.skipIf(is_instrumented(), "sanitizers take memory of their own")
class Memory(ProgramTest):
    """Peak resident memory of `fetch`."""

    def peak(self, name, works, hostile=None):
        """:return: exit code, MB at most"""
        source = "arxiv" if hostile in HOSTILE_FEEDS else "openalex"
        with LargeApi(works, hostile) as api:
            study = StudyFolder(self.folder / name, people=[{"key": "ada", "name": "Ada Example", "openalex": AUTHOR}],
                                sources={source: {"base_url": api.url, "page_size": 200 if source == "openalex" else 10}})
            environment = {**self.environment(), "XDG_STATE_HOME": str(self.folder / f"state-{name}")}
            subprocess.run([binary(), "resolve", "-q", study], env=environment, check=True, capture_output=True)
            # Hostile answers need not be asked for five times.
            command = [binary(), "fetch", "-q", *(["--max-time", "2s"] if hostile and works < 2 else []), study]
            with open(self.folder / f"{name}.err", "wb") as err:
                process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=err)
                _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_maxrss / 1024

    def test_it_does_not_grow_with_the_number_of_works(self):
        runs = (("few", 5000, None), ("many", 20_000, None), ("last_page", 6000, "long_affiliations"))
        with ThreadPoolExecutor(3) as pool:
            few, many, hostile = pool.map(lambda run: self.peak(*run), runs)
        self.assertEqual((few[0], many[0]), (OK, OK))
        self.assertLess(many[1], MOST_MB)
        # The pages of the database that are kept in memory fill up once, the rest is the memory of one page.
        self.assertLess(many[1] - few[1], 20, f"{few} {many}")
        self.assertLess(hostile[1], MOST_MB, "a hostile page at the end of a long list")

    def test_hostile_answers(self):
        with ThreadPoolExecutor(3) as pool:
            peaks = dict(zip(HOSTILE, pool.map(lambda name: self.peak(name, 1, name), HOSTILE)))
        for name, (code, peak) in peaks.items():
            with self.subTest(name):
                self.assertIn(code, (OK, DATA, TEMPORARY), (self.folder / f"{name}.err").read_text())
                self.assertLess(peak, MOST_MB)


if __name__ == "__main__":
    unittest.main()
