"""Runs the built program, and makes studies for it in folders that vanish with the test."""

import csv
import io
import json
import os
import subprocess
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

OK, USAGE, DATA, NO_INPUT, UNAVAILABLE = 0, 64, 65, 66, 69
CANNOT_CREATE, IO, TEMPORARY, KEY_REJECTED, CONFIGURATION = 73, 74, 75, 77, 78

PEOPLE_COLUMNS = ("key", "name", "aliases", "teams", "orcid", "openalex", "dblp", "arxiv", "semantic_scholar",
                  "affiliation_hints", "note")
INSTITUTION_COLUMNS = ("key", "name", "parent", "openalex", "ror", "patterns", "note")
KEY_VARIABLE = "COTERIE_TEST_KEY"


def binary():
    """The program under test."""
    path = os.environ.get("COTERIE_BINARY")
    if not path or not os.access(path, os.X_OK):
        raise RuntimeError(f"COTERIE_BINARY must name the built program; it is {path!r}")
    return path


def fixtures(*parts):
    """A folder or file of recorded data. :raises unittest.SkipTest: if it is not there"""
    root = os.environ.get("COTERIE_FIXTURES")
    if not root:
        source = os.environ.get("COTERIE_SOURCE", Path(__file__).resolve().parents[2])
        root = Path(source).parent / "shared" / "fixtures"
    path = Path(root, *parts)
    if not path.exists():
        raise unittest.SkipTest(f"recorded data is not there: {path} (set COTERIE_FIXTURES)")
    return path


@dataclass
class Result:
    """What a run of the program came to."""

    code: int
    out: str
    err: str
    seconds: float
    command: list

    def __str__(self):
        return (f"{' '.join(map(str, self.command))}\nexit code {self.code} after {self.seconds:.1f} s\n"
                f"--- stdout\n{self.out}\n--- stderr\n{self.err}")

    def json(self):
        return json.loads(self.out)


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, in which the program's home and state lie too."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="coterie-test-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.maxDiff = 4000

    def environment(self, key=None):
        """A clean environment: nothing of the caller's settings, keys or proxies reaches the program."""
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder / "home"),
                       "XDG_STATE_HOME": str(self.folder / "state"), "LANG": "C.UTF-8", "TMPDIR": str(self.folder),
                       "NO_COLOR": "1"}
        # Sanitizers are told what to do by the caller, who built the program with them.
        environment.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        if key is not None:
            environment[KEY_VARIABLE] = key
        return environment

    def start(self, *arguments, key=None):
        """Starts the program and leaves it running."""
        return subprocess.Popen([binary(), *map(str, arguments)], env=self.environment(key), cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_program(self, *arguments, key=None, timeout=120, expect=None):
        """Runs the program to its end. :param expect: exit code, or several that are right; None: any"""
        command = [binary(), *map(str, arguments)]
        begin = time.monotonic()
        done = subprocess.run(command, env=self.environment(key), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=timeout, check=False)
        result = Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"),
                        time.monotonic() - begin, command)
        if expect is not None:
            self.assertIn(result.code, (expect,) if isinstance(expect, int) else expect, str(result))
        return result

    def study(self, name="study", **content):
        """A study in the test's folder; see StudyFolder."""
        return StudyFolder(self.folder / name, **content)

    def assert_same_report(self, first, second, but=("run.json",)):
        """Both report folders hold the same files with the same bytes."""
        self.assertEqual(sorted(first), sorted(second))
        different = [name for name in first if name not in but and first[name] != second[name]]
        if different:
            name = different[0]
            self.assertMultiLineEqual(first[name].decode("utf-8", "replace"), second[name].decode("utf-8", "replace"),
                                      f"{name} differs (of {different})")


class StudyFolder:
    """A study's folder: study.toml, people.csv and institutions.csv as a person would write them."""

    def __init__(self, folder, people=(), institutions=(), sources=None, window=(2012, 2025), scope="", analysis="",
                 influence=""):
        """
        :param people, institutions: one dict of columns per line
        :param sources: source name -> dict of settings, as for api_server; None: no source
        :param scope, analysis, influence: lines of those tables
        """
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        lines = ["[study]", 'title = "A test"', f"window = {{ from = {window[0]}, to = {window[1]} }}"]
        for name, settings in (sources or {}).items():
            lines += ["", f"[sources.{name}]"]
            lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        for table, text in (("scope", scope), ("analysis", analysis), ("influence", influence)):
            if text:
                lines += ["", f"[{table}]", text]
        self.write("study.toml", "\n".join(lines) + "\n")
        self.write("people.csv", table_text(PEOPLE_COLUMNS, people))
        if institutions:
            self.write("institutions.csv", table_text(INSTITUTION_COLUMNS, institutions))

    def __fspath__(self):
        return str(self.folder)

    def __str__(self):
        return str(self.folder)

    def write(self, name, content):
        """Writes a file of the study; bytes as they are, text as UTF-8."""
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)
        return self.folder / name

    @property
    def dataset(self):
        return self.folder / "dataset.sqlite"

    @property
    def latest(self):
        """The newest report's folder."""
        return self.folder / "reports" / "latest"

    def report_count(self):
        """How many reports are published."""
        reports = self.folder / "reports"
        entries = reports.iterdir() if reports.exists() else ()
        return sum(entry.is_dir() and not entry.is_symlink() for entry in entries)

    def report_files(self):
        """Name -> bytes of every file of the newest report."""
        root = self.latest.resolve()
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}

    def table(self, name):
        """A table of the newest report, as a list of dicts."""
        return read_table(self.latest / f"{name}.csv")

    def run_manifest(self):
        return json.loads((self.latest / "run.json").read_text())


def table_text(columns, rows):
    """A CSV file with these columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_table(path):
    """A CSV file as a list of dicts."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
