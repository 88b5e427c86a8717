"""Runs the program under strace: its system calls written down, or one of them made to fail.

strace counts the calls of each name apart, and those of each thread apart.
"""

import functools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ERRORS = ("EIO", "ENOSPC")
KILL = "KILL"
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")


@functools.cache
def _refused():
    """Why processes cannot be traced here, or an empty text."""
    if not shutil.which("strace"):
        return "strace is not installed"
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=none", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else f"strace cannot trace here: {done.stderr.decode().strip()[-200:]}"


def need_strace():
    """:raises unittest.SkipTest: where processes cannot be traced"""
    if _refused():
        raise unittest.SkipTest(_refused())


@dataclass
class Call:
    """One system call; paths of descriptors stand in <> in its text."""

    thread: int
    name: str
    text: str


@dataclass
class Traced:
    """A run under strace."""

    code: int
    out: str
    err: str
    calls: list
    injected: bool


def run_traced(command, names, environment, fault=None, timeout=120, paths=False, strings=32):
    """Runs a command to its end.

    :param names: system calls to write down
    :param fault: (name, kind, n): the n-th call of that name fails with an error of ERRORS, or with KILL ends the process
    :param paths: whether to write the paths of descriptors
    """
    with tempfile.TemporaryDirectory(prefix="coterie-trace-") as folder:
        trace = Path(folder, "trace")
        options = ["-f", "-o", str(trace), "-s", str(strings), "-e", "signal=none",
                   "-e", f"trace={','.join(names)}", *(["-y"] if paths else [])]
        if fault:
            name, kind, n = fault
            effect = "signal=KILL" if kind == KILL else f"error={kind}"
            options += ["-e", f"inject={name}:{effect}:when={n}"]
        done = subprocess.run(["strace", *options, *map(str, command)], env=environment, cwd=environment.get("TMPDIR"),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)
        text = trace.read_text(encoding="utf-8", errors="replace")
    calls = [Call(int(match[1]), match[2], match[3]) for match in map(_LINE.match, text.splitlines()) if match]
    # A call that ends the process is written down without its result.
    injected = "(INJECTED)" in text or done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    return Traced(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"),
                  calls, injected)


def points(calls, marker):
    """The n of every call from the first one on whose text holds `marker`, by name; before it the loader is at work.

    Threads that begin later count from 1, so their calls are met where the main thread has made more of them.
    """
    main = calls[0].thread
    counts = Counter()
    first = {}
    begun = False
    for call in calls:
        begun = begun or marker in call.text
        counts[call.thread, call.name] += 1
        if begun and call.thread == main:
            first.setdefault(call.name, counts[main, call.name])
    most = Counter()
    for (_, name), count in counts.items():
        most[name] = max(most[name], count)
    return {name: range(start, most[name] + 1) for name, start in first.items()}


def workers():
    """How many runs may go side by side: they mostly wait for the pace of requests."""
    return 4 * (os.cpu_count() or 1)
