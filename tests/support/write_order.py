"""Whether a run's files would survive a power failure, judged by the order of its system calls.

A file that is renamed must have been synced after its last write, a folder that is renamed must hold synced files and
names only, and afterwards the folder that holds the new name must be synced. A link is put in place after that. What a run leaves under a lasting name must
be reachable by synced names. SQLite's files keep an order of their own and are trusted, but for `log_faults`.
"""

import os
import re

CALLS = ("openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "renameat2", "mkdir", "symlink",
         "unlink", "unlinkat", "sendto")
_DESCRIPTOR = re.compile(r"^(\d+)<([^>]*)>")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SQLITE = re.compile(r"\.sqlite(-wal|-shm|-journal)?$")


class WriteOrder:
    """Goes through the calls of a run (strace.run_traced with paths=True) below a folder."""

    def __init__(self, calls, below):
        self._below = str(below) + "/"
        self._dirty = set()    # files with content that is not synced
        self._unnamed = set()  # paths whose name is not synced in their folder
        self._ours = set()     # paths this run made
        self._links = {}       # link -> what it leads to
        self.renames = 0
        self.faults = []
        for call in calls:
            if not re.search(r"= -1 E|\(INJECTED\)", call.text):
                getattr(self, f"_{call.name}", self._other)(call.text)
        for path in sorted(self._unnamed):
            if os.path.lexists(path):
                self.faults.append(f"the name is never synced: {path}")

    # One method per call -------------------------------------------------------------------------------------

    def _other(self, _text):
        """Nothing that touches files."""

    def _openat(self, text):
        path = self._path(text)
        if path and "O_CREAT" in text and path not in self._ours:
            self._made(path)

    def _write(self, text):
        path = self._descriptor(text)
        if path:
            self._dirty.add(path)

    _pwrite64 = _ftruncate = _write

    def _fsync(self, text):
        path = self._descriptor(text)
        if path:
            self._dirty.discard(path)
            self._unnamed -= {name for name in self._unnamed if os.path.dirname(name) == path}

    _fdatasync = _fsync

    def _mkdir(self, text):
        path = self._path(text)
        if path:
            self._made(path)

    def _symlink(self, text):
        paths = _PATH.findall(text)
        if len(paths) > 1 and self._counts(paths[1]):
            self._made(paths[1])
            self._links[paths[1]] = paths[0]

    def _unlink(self, text):
        path = self._path(text)
        if path:
            self._forget(path)

    _unlinkat = _unlink

    def _rename(self, text):
        old, new = _PATH.findall(text)[:2]
        if not self._counts(old):
            return
        self.renames += 1
        for path in sorted(self._dirty):
            if path == old or path.startswith(old + "/"):
                self.faults.append(f"renamed before it is synced: {path}")
        for path in sorted(self._unnamed):
            if path.startswith(old + "/"):
                self.faults.append(f"renamed before its folder is synced: {path}")
        target = os.path.join(os.path.dirname(new), self._links.pop(old, ""))
        if target in self._unnamed:
            self.faults.append(f"linked before its name is synced: {target}")
        for paths in (self._dirty, self._unnamed, self._ours):
            moved = {path for path in paths if path == old or path.startswith(old + "/")}
            paths -= moved
            paths |= {new + path[len(old):] for path in moved}
        self._unnamed.add(new)

    _renameat2 = _rename

    # Paths -------------------------------------------------------------------------------------------------

    def _made(self, path):
        self._ours.add(path)
        self._unnamed.add(path)

    def _forget(self, path):
        for paths in (self._dirty, self._unnamed, self._ours):
            paths.discard(path)

    def _counts(self, path):
        """Below the folder, no file of SQLite's, and no lock file, which means nothing after a power failure."""
        return path.startswith(self._below) and not _SQLITE.search(path) and not path.endswith(".lock")

    def _path(self, text):
        found = _PATH.search(text)
        return found[1] if found and self._counts(found[1]) else None

    def _descriptor(self, text):
        found = _DESCRIPTOR.match(text)
        return found[2] if found and (self._counts(found[2]) or found[2] + "/" == self._below) else None


def log_faults(calls, moments):
    """Moments at which SQLite's log holds a commit that is not synced.

    :param moments: texts; a call that holds one of them must find the log synced
    :return: faults, and how often each moment was met
    """
    dirty = False
    faults = []
    met = dict.fromkeys(moments, 0)
    for call in calls:
        if call.name in ("pwrite64", "write", "fsync", "fdatasync") and ".sqlite-wal>" in call.text.split(",")[0]:
            dirty = call.name in ("pwrite64", "write")
        for moment in moments:
            if moment in call.text:
                met[moment] += 1
                if dirty:
                    faults.append(f"the log is not synced at {call.name}({call.text[:100]}")
    return faults, met
