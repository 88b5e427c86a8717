"""Every system call that stores something fails once, or is the last thing the process does.

strace makes the n-th call of a name fail with EIO or ENOSPC, or kills the process at it, for every n of a run of
`refresh`, `import` and `analyze`. Whatever happens, nothing torn may be found, success may be told only of a whole result,
and the next run must end where an undisturbed one ends. The ordinary tests take every so-many-th point, `ctest --preset
sweep` takes all.
"""

import os
import shutil
import sys
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from api_server import ApiServer
from dataset_dump import dataset_faults, dataset_lines
from made_up import INSTITUTIONS, PEOPLE, made_up_world
from measure import measured
from program import IO, OK, ProgramTest, StudyFolder, binary
from published import left_behind, published_faults
from strace import ERRORS, KILL, need_strace, points, run_traced, workers
from works_lines import header_line, work_line

CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat2", "unlink", "ftruncate", "mmap",
         "symlink", "mkdir")
FAULTS = {name: (KILL, *ERRORS) for name in CALLS} | {"mmap": (KILL, "ENOMEM")}
# What a run may say of a system that fails it: no memory, cannot create, input/output, try again.
TOLD = {71, 73, IO, 75}
SHOWN = 40
WORKS = [{"id": f"N{n}", "title": f"Number {n}", "year": 2014 + n, "authors": [
    {"name": "Meixiu Lin", "affiliations": [f"Laboratory {n}"]}, {"name": f"Helper {n}"}]} for n in range(6)]


@dataclass
class State:
    """What a run left: the dataset's content and the newest report."""

    dataset: list
    report: dict


class Sweep(ProgramTest):
    """A command, the study it begins with, and what an undisturbed run makes of it."""

    reads_only = False
    is_one_transaction = False

    def setUp(self):
        need_strace()
        super().setUp()
        self.world = made_up_world()
        self.server = self.enterContext(ApiServer(self.world))
        self.server.openalex.credits = 10**9
        self.server.openalex.null_cursor_on_short_page = True

    def template(self, **content):
        """The study that every run gets a copy of."""
        return self.study("template", people=PEOPLE[:1], institutions=INSTITUTIONS, analysis='metrics = ["degree"]',
                          **content)

    def asking_template(self):
        return self.template(sources={"openalex": {"base_url": self.server.url, "page_size": 2}})

    def sweep(self, arguments, ordinary, calls=CALLS):
        """Makes every call of a command fail.

        :param arguments: of the command, with `study` for its copy of the template
        :param ordinary: about how many points the ordinary tests take
        """
        runs = []
        for number in range(2):  # a second run changes nothing: the measure of what comes after a fault
            command, environment, study = self.copy(f"undisturbed-{number}", arguments)
            traced = run_traced(command, calls, environment)
            self.assertEqual(traced.code, OK, traced.err)
            runs.append((traced, self.state(study)))
        self.assertEqual(runs[0][1], runs[1][1])
        reference = runs[0][1]
        self.assertTrue(reference.dataset)
        found = points(runs[0][0].calls, "study.toml")
        every = [(name, kind, n) for name, ns in sorted(found.items()) for kind in FAULTS[name] for n in ns]
        step = max(1, len(every) // measured(ordinary, len(every)))
        # The last calls of each name put things in place, so they are never left out.
        last = {(name, kind, n) for name, ns in found.items() for kind in FAULTS[name] for n in ns[-1:]}
        chosen = [point for number, point in enumerate(every) if number % step == 0 or point in last]
        met = Counter()
        with ThreadPoolExecutor(workers()) as pool:
            failed = []
            for fault, injected, faults in pool.map(lambda fault: self.fail_once(fault, arguments, calls, reference),
                                                    chosen):
                met["/".join(fault[:2])] += injected
                failed += [f"{'/'.join(map(str, fault))}: {text}" for text in faults]
        print(f"{len(chosen)} of {len(every)} points, {sum(met.values())} faults: {dict(met)}", file=sys.stderr)
        if failed:
            self.fail(f"{len(failed)} findings, the first are\n" + "\n".join(failed[:SHOWN]))
        # Threads take turns differently from run to run, so the last calls of a name may not be met.
        self.assertGreater(sum(met.values()), 0.9 * len(chosen), met)

    def copy(self, name, arguments):
        """:return: command, environment and study of a run in a folder of its own"""
        home = self.folder / name
        shutil.copytree(self.folder / "template", home / "study", symlinks=True)
        environment = self.environment() | {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "TMPDIR": str(home)}
        study = StudyFolder.__new__(StudyFolder)
        study.folder = home / "study"
        command = [binary(), *(str(study.folder) if part == "study" else part for part in arguments)]
        return command, environment, study

    @staticmethod
    def state(study):
        return State(dataset_lines(study.dataset) if study.dataset.exists() else [],
                     {name: content for name, content in study.report_files().items() if name != "run.json"}
                     if study.latest.exists() else {})

    def fail_once(self, fault, arguments, calls, reference):
        """One run with a fault and one without. :return: the fault, whether it was met, what was found wrong"""
        command, environment, study = self.copy("-".join(map(str, fault)), arguments)
        try:
            traced = run_traced(command, calls, environment, fault)
            faults = self.faults_after(traced, study, reference)
            again = run_traced(command, ["none"], environment)
            left = left_behind(study.folder, self.reads_only)  # before the test opens the dataset
            if again.code != OK:
                faults.append(f"the next run exits {again.code}: {again.err}")
            else:
                faults += [f"after the next run: {text}" for text in
                           self.difference(study, reference) + published_faults(study.folder)]
                faults += [f"left behind: {name}" for name in left]
            return fault, traced.injected, faults
        except Exception as error:  # a finding too: a torn file may break the test's own reading
            return fault, True, [repr(error)]
        finally:
            shutil.rmtree(study.folder.parent)

    def faults_after(self, traced, study, reference):
        """What a run with a fault may not leave behind or say."""
        faults = published_faults(study.folder)
        if os.path.lexists(self.folder / "template" / "reports" / "latest") and not study.latest.is_symlink():
            faults.append("latest is gone")
        if study.dataset.exists() and study.dataset.stat().st_size > 0:
            faults += dataset_faults(study.dataset)
            if self.is_one_transaction and dataset_lines(study.dataset) not in ([], reference.dataset):
                faults.append("a part of the file is stored")
        if traced.code == OK:
            faults += [f"exit 0, but {text}" for text in self.difference(study, reference)]
        elif traced.code > 0 and traced.code != 137:
            if traced.code not in TOLD:
                faults.append(f"exit {traced.code}: {traced.err.strip()}")
            if not traced.err.strip():
                faults.append(f"exit {traced.code} without a word")
        elif traced.code < -9:
            faults.append(f"ended by signal {-traced.code}")
        return faults

    def difference(self, study, reference):
        """How a study's state differs from the undisturbed one."""
        state = self.state(study)
        lines = sorted(set(state.dataset) ^ set(reference.dataset))
        files = [name for name in {*state.report, *reference.report}
                 if state.report.get(name) != reference.report.get(name)]
        return ([f"the dataset differs: {lines[0][:160]}"] if lines else []) + \
            ([f"the report differs: {files[0]}"] if files else [])


class Writing(Sweep):
    """Commands that write into the dataset."""

    def test_refresh(self):
        self.asking_template()
        self.sweep(["refresh", "study"], ordinary=90)

    def test_refresh_with_an_older_report(self):
        later = {id: self.world.works.pop(id) for id in ("W1004", "W1013")}
        template = self.asking_template()
        self.run_program("refresh", template, expect=OK)
        self.world.works.update(later)
        self.sweep(["refresh", "study"], ordinary=60)

    def test_import(self):
        path = self.folder / "works.jsonl"
        path.write_text("".join(f"{line}\n" for line in [header_line("notes"), *map(work_line, WORKS)]))
        self.template()
        self.is_one_transaction = True
        self.sweep(["import", "study", str(path)], ordinary=60)


class Reading(Sweep):
    """Commands that only read the dataset."""

    reads_only = True

    def test_analyze(self):
        path = self.folder / "works.jsonl"
        path.write_text("".join(f"{line}\n" for line in [header_line("notes"), *map(work_line, WORKS)]))
        self.run_program("import", self.template(), path, expect=OK)
        self.sweep(["analyze", "study"], ordinary=80)

    def test_export(self):
        path = self.folder / "works.jsonl"
        path.write_text("".join(f"{line}\n" for line in [header_line("notes"), *map(work_line, WORKS)]))
        template = self.template()
        self.run_program("import", template, path, expect=OK)
        self.run_program("analyze", template, expect=OK)
        self.sweep(["export", "study", "--format", "csv", "-o", "study/edges.csv"], ordinary=20)


if __name__ == "__main__":
    unittest.main()
