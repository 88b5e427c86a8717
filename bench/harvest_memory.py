#!/usr/bin/env python3
"""Peak memory of `coterie fetch`, for lists of several lengths and for every hostile answer of the tests.

    python3 bench/harvest_memory.py build/release/coterie [--works 5000,20000,100000] [--no-hostile]

A process of its own (tests/support/large_api.py) plays the source. 100,000 works are 1,000 calls, which the pace of ten a
second makes about two minutes. Prints exit code, peak resident memory as the kernel counts it, seconds, size of the dataset;
fails if a peak is 150 MB or more.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from large_api import AUTHOR, HOSTILE, HOSTILE_FEEDS, LargeApi

MOST_MB = 150


def measure(program, works, hostile=None):
    """:return: exit code, peak MB, seconds, MB of the dataset"""
    source = "arxiv" if hostile in HOSTILE_FEEDS else "openalex"
    with LargeApi(works, hostile) as api, tempfile.TemporaryDirectory(prefix="coterie-bench-") as folder:
        study = Path(folder, "study")
        study.mkdir()
        (study / "study.toml").write_text(f'[study]\ntitle = "memory"\n\n[sources.{source}]\nbase_url = "{api.url}"\n')
        (study / "people.csv").write_text(f"key,name,openalex\nada,Ada Example,{AUTHOR}\n")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "XDG_STATE_HOME": f"{folder}/state"}
        subprocess.run([program, "resolve", "-q", study], env=environment, check=True, stdout=subprocess.DEVNULL)
        begin = time.monotonic()
        limit = ["--max-time", "10s"] if hostile and works < 2 else []
        process = subprocess.Popen([program, "fetch", "-q", *limit, study], env=environment, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return (process.returncode, usage.ru_maxrss / 1024, time.monotonic() - begin,
                (study / "dataset.sqlite").stat().st_size / 1e6)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--works", default="5000,20000,100000")
    parser.add_argument("--no-hostile", action="store_true")
    arguments = parser.parse_args()
    cases = [(f"{int(works):,} works", int(works), None) for works in arguments.works.split(",")]
    if not arguments.no_hostile:
        cases += [(name, 1, name) for name in ("bomb", "bomb2", "endless", *HOSTILE, *HOSTILE_FEEDS)]
        cases += [("20,000 works, then long_affiliations", 20_000, "long_affiliations")]
    most = 0.0
    for name, works, hostile in cases:
        code, peak, seconds, size = measure(arguments.program.resolve(), works, hostile)
        most = max(most, peak)
        print(f"{name:40} exit {code:3}  {peak:6.1f} MB  {seconds:6.1f} s  dataset {size:6.1f} MB", flush=True)
    print(f"most {most:.1f} MB (to be below {MOST_MB})")
    sys.exit(most >= MOST_MB)


if __name__ == "__main__":
    main()
