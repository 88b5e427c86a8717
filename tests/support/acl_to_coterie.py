#!/usr/bin/env python3
"""Turns the ACL Anthology's papers (one JSON record a line, as gzip) into coterie's JSON Lines of works.

    python3 acl_to_coterie.py IN.gz OUT.jsonl [--people names.txt]

Works get the source `acl` and the Anthology's paper id. An author's id is carried over only where the Anthology gives
one, that is, where a name alone is not enough. With --people, only works with one of the names (one a line) are kept.
OUT ending in .gz is compressed.
"""

import argparse
import gzip
import json
import re
import sys
import unicodedata

from works_lines import header_line, work_line


def author_name(author):
    """First and last name in one text."""
    return " ".join(part for part in (author.get("first"), author.get("last")) if part)


def folded(name):
    """A name without accents, case and marks, its words sorted: equal for most ways of writing one name."""
    flat = unicodedata.normalize("NFKD", name).casefold()
    words = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c)).split()
    return " ".join(sorted(words))


def work_of(paper):
    """A paper's record as a work."""
    work = {"id": paper["id"], "title": paper["title"], "year": int(paper["year"])}
    # In the place of the DOI some records have a handle, a web address, or the DOI's beginning alone.
    doi = paper.get("doi", "") if re.match(r"10\.\d+/\S", paper.get("doi", "")) else ""
    venue = paper.get("booktitle") or " ".join(paper.get("venue") or [])
    work.update({name: value for name, value in (("venue", venue), ("doi", doi)) if value})
    work["authors"] = []
    for author in paper["authors"]:
        told = {"name": author_name(author)}
        told.update({name: value for name, value in (("id", author.get("id")),
                                                     ("affiliations", author.get("affiliation"))) if value})
        work["authors"].append(told)
    return work


def papers(path):
    """The records of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def convert(source, target, names=None):
    """Writes the works. :param names: folded names of which a work must have one; None: all. :return: how many"""
    count = 0
    opened = gzip.open if str(target).endswith(".gz") else open
    with opened(target, "wt", encoding="utf-8") as out:
        out.write(header_line("acl") + "\n")
        for paper in papers(source):
            work = work_of(paper)
            if names is None or any(folded(author["name"]) in names for author in work["authors"]):
                out.write(work_line(work) + "\n")
                count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description="ACL Anthology papers as coterie's JSON Lines of works")
    parser.add_argument("source", metavar="IN.gz")
    parser.add_argument("target", metavar="OUT.jsonl")
    parser.add_argument("--people", metavar="names.txt", help="keep only works with one of these names, one a line")
    arguments = parser.parse_args()
    names = None
    if arguments.people:
        with open(arguments.people, encoding="utf-8") as lines:
            names = {folded(line) for line in lines if line.strip()}
    print(f"{convert(arguments.source, arguments.target, names)} works", file=sys.stderr)


if __name__ == "__main__":
    main()
