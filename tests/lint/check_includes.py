"""Checks that every #include keeps to the directions between modules and to the third-party allow list.

Linking alone does not hide headers that lie in the system's include folder, so this script reads the includes themselves.
Usage: check_includes.py PROJECT
"""
import pathlib
import re
import sys

# Folder of a module -> its name. The longest prefix wins.
MODULES = {
    "src/util": "util",
    "src/core": "core",
    "src/identity": "identity",
    "fetchers": "fetchers",
    "src/dataset": "dataset",
    "analysis": "analysis",
    "src/report": "report",
    "src/app": "app",
    "src/main.cpp": "app",
}

# Public header -> the module that implements it. util/ is a folder of its own.
PUBLIC = {
    "error": "util",
    "corpus": "core", "date": "core", "harvest_store": "core", "identity": "core", "query": "core", "ids": "core", "roster": "core", "study_file": "core",
    "table": "core", "work": "core",
    "who_is_who": "identity", "corpus_builder": "identity",
    "http": "fetchers", "source": "fetchers", "harvest": "fetchers", "works_file": "fetchers",
    "dataset": "dataset", "answers": "dataset",
    "matrices": "analysis", "network": "analysis", "study": "analysis", "metric": "analysis", "tables": "analysis",
    "explain": "analysis", "highlights": "analysis", "carried_communities": "analysis",
    "writer": "report", "manifest": "report", "changes": "report",
}

# What a module may include beside itself.
ALLOWED = {
    "util": set(),
    "core": {"util"},
    "identity": {"util", "core"},
    "fetchers": {"util", "core"},
    "dataset": {"util", "core"},
    "analysis": {"util", "core"},
    "report": {"util", "core"},
    "app": {"util", "core", "identity", "fetchers", "dataset", "analysis", "report"},
}
# Third-party include (prefix) -> modules that may use it. fmt is for everybody.
THIRD_PARTY = {
    "fmt/": {"util", "core", "identity", "fetchers", "dataset", "analysis", "report", "app"},
    "unicode/": {"util"},
    "openssl/": {"util"},
    "toml++/": {"core"},
    "curl/": {"fetchers"},
    "simdjson.h": {"fetchers"},
    "pugixml.hpp": {"fetchers"},
    "libdeflate.h": {"fetchers"},
    "zlib.h": {"fetchers", "dataset"},
    "sqlite3.h": {"dataset"},
    "Eigen/": {"analysis"},
    "igraph/": {"analysis"},
    "nlohmann/": {"report", "app"},
    "CLI/": {"app"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def module_of(path):
    names = [name for name in MODULES if path == name or path.startswith(name + "/")]
    return MODULES[max(names, key=len)] if names else None


def target_module(include):
    """The module a quoted include belongs to, or None."""
    if include.startswith("coterie/util/"):
        return "util"
    if include.startswith("coterie/"):
        return PUBLIC.get(include.removeprefix("coterie/").removesuffix(".hpp"), "?")
    return module_of(include)


def problems_of(path, text):
    public = re.fullmatch(r"include/coterie/(?:(util)/)?(\w+)\.hpp", path)
    if public:
        module = "util" if public.group(1) else PUBLIC.get(public.group(2))
        if module is None:
            yield f"{path}: a public header that check_includes.py does not know; add it to PUBLIC"
            return
    else:
        module = module_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        include = match.group(1)
        place = f"{path}:{number}"
        third = [prefix for prefix in THIRD_PARTY if include == prefix or include.startswith(prefix)]
        if third:
            if module not in THIRD_PARTY[third[0]]:
                yield f"{place}: {module} must not include <{include}>"
            elif third[0] == "curl/" and not path.startswith("fetchers/http"):
                yield f"{place}: only fetchers/http*.cpp may include <{include}>"
            continue
        target = target_module(include)
        if target is None:
            continue
        if target == "?":
            yield f"{place}: unknown public header '{include}'"
        elif target != module and target not in ALLOWED[module]:
            yield f"{place}: {module} must not include '{include}' of {target}"


def main(root):
    root = pathlib.Path(root)
    files = [p for folder in ("include", "src", "fetchers", "analysis") for p in (root / folder).rglob("*.[ch]pp")]
    if len(files) < 20:
        print("check_includes: found almost no sources; is this the project?")
        return 1
    found = [p for file in sorted(files) for p in problems_of(file.relative_to(root).as_posix(), file.read_text())]
    print("\n".join(found) or f"{len(files)} files keep to the directions")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
