#!/usr/bin/env python3
"""How fast `coterie import` takes OpenAlex works in, as JSON Lines.

    python3 bench/import_rate.py build/release/coterie [--megabytes 200] [--runs 3] [WORKS.jsonl]

Without a file, works in the shape and of the mean size of OpenAlex's records (about 14 KB) are made up, seeded. Prints, for each run and as the median:
MB/s and works/s of the whole command, which reads, parses and writes the dataset, and the number of works stored, checked
against the number written.
"""
import argparse
import json
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time


def made_up_work(number, rng):
    """A work with what a real record has: authorships with institutions and strings, and much that is not kept."""
    def institution():
        id = rng.randrange(8000)
        return {"id": f"https://openalex.org/I{100000 + id}", "display_name": f"University number {id}",
                "ror": None, "country_code": "CN", "type": "education", "lineage": [f"https://openalex.org/I{100000 + id}"]}

    authorships = []
    for position in range(max(1, min(40, int(rng.lognormvariate(1.1, 0.6))))):
        author, place = rng.randrange(120000), institution()
        text = f"Department of Things, {place['display_name']}, Some Street 12, Some City"
        authorships.append({
            "author_position": "middle", "author": {"id": f"https://openalex.org/A{5000000000 + author}",
                                                    "display_name": f"Given{author} Family{author % 997}", "orcid": None},
            "institutions": [place], "countries": ["CN"], "is_corresponding": False, "raw_author_name": f"G. Family{author % 997}",
            "raw_affiliation_strings": [text], "affiliations": [{"raw_affiliation_string": text, "institution_ids": [place["id"]]}]})
    words = [f"word{rng.randrange(5000)}" for _ in range(330)]
    return {"id": f"https://openalex.org/W{1000000 + number}", "doi": f"https://doi.org/10.5555/{number}", "title": " ".join(words[:9]),
            "publication_year": 2000 + number % 25, "publication_date": f"{2000 + number % 25}-05-01", "type": "article", "language": "en",
            "primary_location": {"landing_page_url": None, "source": {"id": "https://openalex.org/S1", "display_name": "A Journal"}},
            "authorships": authorships, "is_retracted": False, "cited_by_count": rng.randrange(100),
            "abstract_inverted_index": {word: [place] for place, word in enumerate(words)},
            "concepts": [{"id": f"https://openalex.org/C{i}", "display_name": words[i], "score": 0.5, "level": 2} for i in range(25)],
            "referenced_works": [f"https://openalex.org/W{rng.randrange(10**9)}" for _ in range(35)],
            "related_works": [f"https://openalex.org/W{rng.randrange(10**9)}" for _ in range(10)],
            "counts_by_year": [{"year": year, "cited_by_count": year % 7} for year in range(2012, 2025)],
            "updated_date": "2026-03-02T00:00:00", "created_date": "2020-01-01"}


def write_works(path, megabytes):
    rng = random.Random(1)
    number = size = 0
    with open(path, "w", encoding="utf-8") as out:
        while size < megabytes * 1_000_000:
            size += out.write(json.dumps(made_up_work(number, rng), separators=(",", ":")) + "\n")
            number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("works", type=pathlib.Path, nargs="?")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        works = arguments.works or pathlib.Path(folder, "works.jsonl")
        if not arguments.works:
            write_works(works, arguments.megabytes)
        expected = sum(1 for _ in open(works, "rb"))
        rates = []
        for run in range(arguments.runs):
            study = pathlib.Path(folder, f"study{run}")
            study.mkdir()
            (study / "study.toml").write_text('[study]\ntitle = "import"\n')
            (study / "people.csv").write_text("Nobody Known\n")
            begin = time.monotonic()
            subprocess.run([arguments.program, "import", "-q", study, works], check=True, stdout=subprocess.DEVNULL)
            seconds = time.monotonic() - begin
            with sqlite3.connect(study / "dataset.sqlite") as dataset:
                stored = dataset.execute("SELECT count(*) FROM work").fetchone()[0]
            if stored != expected:
                sys.exit(f"{stored} works stored, {expected} expected")
            rates.append(works.stat().st_size / 1e6 / seconds)
            print(f"run {run + 1}: {seconds:.2f} s, {rates[-1]:.0f} MB/s, {expected / seconds:.0f} works/s")
        print(f"median {statistics.median(rates):.0f} MB/s over {works.stat().st_size / 1e6:.0f} MB, {expected} works")


if __name__ == "__main__":
    main()
