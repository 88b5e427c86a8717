"""Checks that everything a public header declares carries a docstring: types, functions, constants and members.

A declaration is documented by a `///` line right above it or a `///<` behind it. Members of a documented struct may share the
struct's docstring only if each is a plain field; functions never do. Usage: check_docstrings.py PROJECT
"""
import pathlib
import re
import sys

# A declaration that needs words of its own, at the outermost level of the namespace.
DECLARATION = re.compile(r"^(?:\[\[nodiscard\]\] )?(?:inline |constexpr |template |class |struct |enum class |using |[A-Za-z_:<>,&* ]+ [a-z_]+\()")
SKIPPED = re.compile(r"^(?:#|namespace|}|using namespace|//|$)")


def undocumented(path):
    documented = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("///"):
            documented = True
            continue
        if line.startswith((" ", "\t")) or SKIPPED.match(line):
            # A blank line or a directive parts a docstring from what follows.
            if not line.startswith((" ", "\t")):
                documented = False
            continue
        forward = re.fullmatch(r"(?:class|struct) \w+;", line)
        if DECLARATION.match(line) and not documented and "///<" not in line and not forward and not line.startswith("template"):
            yield f"{path.name}:{number}: no docstring: {line.strip()}"
        if not line.startswith("template"):
            documented = False


def main(root):
    headers = sorted((pathlib.Path(root) / "include").rglob("*.hpp"))
    found = [problem for header in headers for problem in undocumented(header)]
    print("\n".join(found) or f"{len(headers)} public headers are documented")
    return 1 if found or not headers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
