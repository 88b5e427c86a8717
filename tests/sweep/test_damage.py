"""A dataset with a byte changed: an error or an answer, never a crash. Also run on the instrumented program."""

import os
import random
import shutil
import subprocess
import sys
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from measure import measured
from program import CANNOT_CREATE, CONFIGURATION, DATA, OK, ProgramTest, binary

PAGE = 8192
SEED = 33
# A damaged dataset; one that seems to be of a newer program; a header that says it cannot be written.
REFUSED = {DATA, CONFIGURATION, CANNOT_CREATE}
SHOWN = 15


class Damage(ProgramTest):
    """Copies of one study, each with other damage."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ApiServer(made_up_world()))
        self.server.openalex.credits = 10**9
        self.template = self.study("template", people=PEOPLE[:2], institutions=INSTITUTIONS,
                                   analysis='metrics = ["degree"]', sources={"openalex": {"base_url": self.server.url}})
        self.run_program("refresh", self.template, expect=OK)
        self.content = self.template.dataset.read_bytes()
        self.assertEqual(len(self.content) % PAGE, 0)

    def damaged(self, number, change, commands):
        """Runs commands on a copy. :return: (exit status, finding or None) of each"""
        home = self.folder / f"copy-{number}"
        shutil.copytree(self.template.folder, home / "study", symlinks=True)
        content = bytearray(self.content)
        change(content)
        (home / "study" / "dataset.sqlite").write_bytes(content)
        environment = self.environment() | {"XDG_STATE_HOME": str(home / "state"), "TMPDIR": str(home)}
        results = []
        for command in commands:
            done = subprocess.run([binary(), command, home / "study"], env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, check=False, timeout=120)
            err = done.stderr.decode("utf-8", "replace").strip()
            fine = done.returncode == OK or (done.returncode in REFUSED and err)
            results.append((done.returncode, None if fine else f"{command}: exit {done.returncode}: {err[-300:]}"))
        shutil.rmtree(home)
        return results

    def check(self, changes, commands, answered=True):
        """
        :param changes: (what, function that changes the bytes)
        :param answered: whether an answer is fine too, as where a byte of a text is changed
        """
        codes = Counter()
        failed = []
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            for (what, _), results in zip(changes, pool.map(lambda item: self.damaged(item[0], item[1][1], commands),
                                                            enumerate(changes))):
                codes.update(code for code, _ in results)
                failed += [f"{what}: {finding}" for _, finding in results if finding]
        print(f"{len(changes)} datasets, exit statuses {dict(codes)}", file=sys.stderr)
        if failed:
            self.fail(f"{len(failed)} findings, the first are\n" + "\n".join(failed[:SHOWN]))
        self.assertGreater(codes[DATA], 0, "no damage was ever found")
        if not answered:
            self.assertEqual(codes[OK], 0, "lost pages were not noticed")

    def byte_changes(self, offsets_per_page):
        """Every page at its header, at the start of its cells, and at random places."""
        chosen = random.Random(SEED)
        changes = []
        for page in range(len(self.content) // PAGE):
            places = [0, 1, 3, 5, 7, 8, 9, *sorted(chosen.sample(range(PAGE), offsets_per_page))]
            used = [place for place in range(PAGE) if self.content[page * PAGE + place]] or [0]
            places += chosen.sample(used, min(len(used), offsets_per_page))
            for place in chosen.sample(places, min(len(places), offsets_per_page)):
                mask = chosen.choice([0x01, 0x80, 0xFF, 0x10])

                def change(content, at=page * PAGE + place, mask=mask):
                    content[at] ^= mask
                changes.append((f"page {page}, byte {place} ^ {mask:#x}", change))
        return changes

    def test_a_byte_of_each_page(self):
        self.check(self.byte_changes(measured(2, 24)), ("status", "analyze"))

    def test_a_byte_and_a_run_that_writes(self):
        self.check(self.byte_changes(measured(1, 6))[::measured(2, 1)], ("refresh",))

    def test_every_byte_of_the_header(self):
        def changed(at):
            def change(content):
                content[at] ^= 0xFF
            return change
        self.check([(f"byte {at}", changed(at)) for at in range(0, 100, measured(4, 1))], ("status",))

    def test_cut_and_blank(self):
        pages = len(self.content) // PAGE

        def cut(at):
            def change(content):
                del content[at:]
            return change

        def blank(page):
            def change(content):
                content[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
            return change
        step = measured(5, 1)
        changes = [(f"cut at {at}", cut(at)) for page in range(1, pages, step) for at in (page * PAGE, page * PAGE + 77)]
        changes += [(f"page {page} blank", blank(page)) for page in range(0, pages, step)]
        self.check(changes, ("status", "analyze"), answered=False)


if __name__ == "__main__":
    unittest.main()
