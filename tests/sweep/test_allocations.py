"""Memory that runs out: at the N-th allocation, for once or for good, and at a limit of the address space.

The program ends with 71 and a line on stderr, or as if nothing had happened; it never crashes and leaves nothing torn.
"""

import os
import resource
import shutil
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from dataset_dump import dataset_faults, dataset_lines
from made_up import PEOPLE
from measure import measured
from program import OK, ProgramTest, binary
from published import published_faults
from works_lines import header_line, work_line

SYSTEM = 71
SHOWN = 20
MIB = 1 << 20


def preloaded():
    """The library that makes allocations fail. :raises unittest.SkipTest: where it cannot be used"""
    path = os.environ.get("COTERIE_FAILING_MALLOC", "")
    if not os.path.exists(path):
        raise unittest.SkipTest("COTERIE_FAILING_MALLOC names no library")
    if b"__asan_init" in Path(binary()).read_bytes():
        raise unittest.SkipTest("the program is instrumented and has allocations of its own")
    return path


class Memory(ProgramTest):
    """A study with a dataset, and a file to import."""

    def setUp(self):
        super().setUp()
        self.works = self.write_works("works.jsonl", 40)
        template = self.study("template", people=PEOPLE)
        self.run_program("import", template, self.works, expect=OK)
        self.run_program("analyze", template, expect=OK)
        self.more = self.write_works("more.jsonl", 60)
        self.report = {name: data for name, data in template.report_files().items() if name != "run.json"}
        self.before = dataset_lines(template.dataset)
        whole = self.study("whole", people=PEOPLE)
        self.run_program("import", whole, self.works, self.more, expect=OK)
        self.after = dataset_lines(whole.dataset)

    def write_works(self, name, count):
        names = [person["name"] for person in PEOPLE]
        works = [{"id": f"N{n}", "title": f"Work {n}", "year": 2013 + n % 10, "authors": [
            {"name": names[n % 6], "affiliations": [f"Laboratory {n % 7}"]}, {"name": names[(n + n // 6 + 1) % 6]},
            {"name": f"Helper {chr(97 + n % 23)}olm"}]} for n in range(count)]
        path = self.folder / name
        path.write_text("\n".join([header_line("notes"), *map(work_line, works)]) + "\n")
        return path

    def run_limited(self, name, arguments, variables=(), limit=None):
        """A run of its own copy of the study. :return: exit status, stderr and what is wrong"""
        study = self.folder / name
        shutil.copytree(self.folder / "template", study, symlinks=True)
        try:
            command = [binary(), *(str(study) if part == "study" else str(part) for part in arguments)]
            done = subprocess.run(command, env=self.environment() | dict(variables), stdin=subprocess.DEVNULL,
                                  capture_output=True, check=False, timeout=120, preexec_fn=limit)
            err = done.stderr.decode("utf-8", "replace").strip()
            return done.returncode, err, self.faults(study, arguments[0], done.returncode, err)
        finally:
            shutil.rmtree(study)

    def faults(self, study, command, code, err):
        faults = published_faults(study) + dataset_faults(study / "dataset.sqlite")
        if code not in (OK, SYSTEM):
            faults.append(f"exit {code}: {err[-200:]}")
        if code != OK and not err:
            faults.append(f"exit {code} without a word")
        if command == "import":
            wanted = {OK: [self.after], SYSTEM: [self.before, self.after]}.get(code)
            if wanted and dataset_lines(study / "dataset.sqlite") not in wanted:
                faults.append(f"exit {code}, and the dataset is neither old nor new")
        elif code == OK:
            latest = (study / "reports" / "latest").resolve()
            found = {name: (latest / name).read_bytes() for name in self.report}
            if found != self.report:
                faults.append("exit 0, but the report differs")
        return faults

    def check_all(self, runs):
        """:param runs: (what, thunk that gives status, stderr and faults)"""
        codes = {}
        failed = []
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            for (what, _), (code, _, faults) in zip(runs, pool.map(lambda run: run[1](), runs)):
                codes[code] = codes.get(code, 0) + 1
                failed += [f"{what}: {fault}" for fault in faults]
        print(f"{len(runs)} runs, exit statuses {codes}", file=sys.stderr)
        if failed:
            self.fail(f"{len(failed)} findings, the first are\n" + "\n".join(failed[:SHOWN]))
        self.assertGreater(codes.get(SYSTEM, 0), 0, "memory never ran out")


class Allocations(Memory):
    """Single allocations fail."""

    def sweep(self, arguments, ordinary, full):
        library = preloaded()
        count = self.folder / "count"
        code, err, faults = self.run_limited("counted", arguments, {"LD_PRELOAD": library,
                                                                    "COTERIE_COUNT_ALLOCATIONS": str(count)})
        self.assertEqual((code, faults), (OK, []), err)
        most = int(count.read_text())
        points = measured(ordinary, full)
        # From the first allocation to the last, and more closely at the start, where nothing is set up yet.
        numbers = sorted({1 + most * n // points for n in range(points)} | set(range(1, points // 4)))
        self.check_all([(f"{arguments[0]}, allocation {number} of {most}{', lasting' if lasting else ''}",
                         lambda number=number, lasting=lasting: self.run_limited(
                             f"run-{number}-{lasting}", arguments,
                             {"LD_PRELOAD": library, "COTERIE_FAIL_ALLOCATION": str(number),
                              "COTERIE_FAIL_LASTING": lasting}))
                        for number in numbers for lasting in ("", "1")])

    def test_analyze(self):
        self.sweep(["analyze", "study", "--threads", "2"], 40, 1500)

    def test_import(self):
        self.sweep(["import", "study", self.more], 40, 1000)


class AddressSpace(Memory):
    """What `ulimit -v` does."""

    def test_analyze_and_import(self):
        if b"__asan_init" in Path(binary()).read_bytes():
            self.skipTest("the sanitizer takes the address space for itself")
        least = next(size for size in range(8, 4096, 4) if self.starts(size))
        steps = measured(12, 60)
        runs = []
        for arguments in (["analyze", "study", "--threads", "2"], ["import", "study", self.more]):
            for step in range(steps):
                size = least * MIB + step * measured(4, 1) * MIB
                runs.append((f"{arguments[0]} in {size / MIB:.0f} MiB", lambda arguments=arguments, size=size, step=step:
                             self.run_limited(f"limit-{arguments[0]}-{step}", arguments, limit=lambda:
                                              resource.setrlimit(resource.RLIMIT_AS, (size, size)))))
        self.check_all(runs)

    def starts(self, size):
        """Whether the loader and the program's start get along with so many MiB."""
        done = subprocess.run([binary(), "--version"], capture_output=True, check=False, preexec_fn=lambda:
                              resource.setrlimit(resource.RLIMIT_AS, (size * MIB, size * MIB)))
        return done.returncode == 0


if __name__ == "__main__":
    unittest.main()
