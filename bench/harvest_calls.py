#!/usr/bin/env python3
"""How many calls, bytes and dollars a harvest of OpenAlex takes, beside a plain client that asks one author at a time.

    python3 bench/harvest_calls.py build/release/coterie [--people 1000] [--works 40000]

A server in this process plays OpenAlex over a made-up, seeded world: people of a roster who work in groups, works of two
to sixty authors, one work in a hundred with 150 to 300 authors, whose bylines lists cut at 100. It is asked

* by coterie: `resolve` and `fetch`, then both again with nothing changed;
* by a plain client as it is written with the usual libraries: each author's record, then each author's works, 25 or 200 a
  page, all fields, nothing remembered. It takes gzip, as those libraries do; without it the bytes decoded are those sent.

Both ways are checked first: the works in the dataset and in the plain client's memory are those of the world, coterie's
bylines are whole. The least number of calls is what OpenAlex's rules leave: 100 authors a filter, 100 works a page, one free
call for each work whose byline is cut, 100 ids a lookup. Counts do not vary from run to run, so each way is run once.
Both ways in which OpenAlex has ended lists are played: a null cursor on the last page, or one more page, which is empty.
"""

import argparse
import gzip
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENALEX = "https://openalex.org/"
LIST_DOLLARS = 0.0001
FREE_DOLLARS_A_DAY = 1.0
CUT = 100


class World:
    """Bylines; records are made when they are asked for, always the same ones."""

    def __init__(self, people, works):
        rng = random.Random(7)
        self.people = rng.sample(range(5_000_000_000, 5_100_000_000), people)
        groups = [self.people[at:at + 10] for at in range(0, people, 10)]
        self.bylines = []
        for number in range(works):
            first = number % people
            group = groups[first // 10]
            byline = [self.people[first]] + [p for p in group if p != self.people[first] and rng.random() < 0.06]
            if rng.random() < 0.02:
                byline.append(rng.choice(self.people))
            size = rng.randrange(150, 301) if number % 100 == 0 else max(2, min(60, int(rng.lognormvariate(1.3, 0.6))))
            byline += [5_200_000_000 + rng.randrange(200_000) for _ in range(size - len(byline))]
            byline = list(dict.fromkeys(byline))
            rng.shuffle(byline)
            self.bylines.append(byline)
        self.works_of = defaultdict(list)
        wanted = set(self.people)
        for number, byline in enumerate(self.bylines):
            for author in byline:
                if author in wanted:
                    self.works_of[author].append(number)

    def cut_works(self):
        return {number for number, byline in enumerate(self.bylines) if len(byline) > CUT}

    def record(self, number, names=None, cut=True):
        """The record; of its fields only those named."""
        rng = random.Random(number)
        byline = self.bylines[number]
        year = 2000 + number * 25 // len(self.bylines)
        doi = f"https://doi.org/10.5555/{number}"
        place = {"id": f"doi:{doi}", "is_oa": True, "landing_page_url": doi, "pdf_url": None, "license": None,
                 "source": {"id": OPENALEX + "S1", "display_name": "A Journal", "issn_l": "1234-5678", "type": "journal"}}
        record = {
            "id": f"{OPENALEX}W{1_000_000 + number}", "doi": doi, "title": f"On thing {number} and others",
            "display_name": f"On thing {number} and others", "publication_year": year, "language": "en",
            "publication_date": f"{year}-{1 + number % 12:02}-{1 + number % 28:02}", "type": "article",
            "ids": {"openalex": f"{OPENALEX}W{1_000_000 + number}", "doi": doi}, "primary_location": place,
            "locations": [place, {**place, "landing_page_url": f"https://pubmed.example/{number}"}],
            "authorships": [self.authorship(author) for author in (byline[:CUT] if cut else byline)],
            "cited_by_count": rng.randrange(100), "is_retracted": False, "awards": [], "funders": [],
            "referenced_works": [f"{OPENALEX}W{rng.randrange(10**9)}" for _ in range(35)],
            "updated_date": "2026-11-01T00:00:00"}
        if cut and len(byline) > CUT:
            record["is_authors_truncated"] = True
        if names:
            return {name: value for name, value in record.items() if name in names}
        words = [f"word{rng.randrange(5000)}" for _ in range(200)]  # what nobody here reads is two thirds of a record
        record |= {
            "abstract_inverted_index": {word: [at] for at, word in enumerate(words)},
            "concepts": [{"id": f"{OPENALEX}C{n}", "wikidata": f"https://www.wikidata.org/wiki/Q{n}", "level": 2,
                          "display_name": words[n], "score": 0.5} for n in range(15)],
            "topics": [{"id": f"{OPENALEX}T{n}", "display_name": f"Topic of {words[n]}", "score": 0.9,
                        "field": {"id": f"{OPENALEX}fields/{n}", "display_name": "Computer Science"}} for n in range(3)],
            "related_works": [f"{OPENALEX}W{rng.randrange(10**9)}" for _ in range(10)],
            "counts_by_year": [{"year": y, "cited_by_count": y % 7} for y in range(2012, 2026)],
            "created_date": "2020-01-01", "best_oa_location": place, "open_access": {"is_oa": True, "oa_url": doi},
            "biblio": {"volume": "1", "issue": "2", "first_page": "3", "last_page": "4"}}
        return record

    @staticmethod
    def authorship(author):
        where = author % 8000
        id = f"{OPENALEX}I{4_200_000_000 + where}"
        text = f"Department {author % 40} of Things, University number {where}, Some City"
        return {"author_position": "middle", "is_corresponding": False, "countries": ["CN"],
                "author": {"id": f"{OPENALEX}A{author}", "display_name": f"Given{author % 9973} Family{author % 997}",
                           "orcid": None},
                "institutions": [{"id": id, "display_name": f"University number {where}", "ror": None, "lineage": [id],
                                  "country_code": "CN", "type": "education"}],
                "raw_author_name": f"G. Family{author % 997}", "raw_orcid": None, "raw_affiliation_strings": [text],
                "affiliations": [{"raw_affiliation_string": text, "institution_ids": [id]}]}

    def author_record(self, author):
        return {"id": f"{OPENALEX}A{author}", "display_name": f"Given{author % 9973} Family{author % 997}", "orcid": None,
                "works_count": len(self.works_of[author]), "display_name_alternatives": [], "affiliations": []}


class Tally:
    """What was asked and sent."""

    def __init__(self):
        self.lists = self.singles = self.lookup_lists = self.lookup_singles = self.empty_pages = 0
        self.sent = self.wire = self.decoded = 0

    @property
    def calls(self):
        return self.lists + self.singles + self.lookup_lists + self.lookup_singles

    @property
    def dollars(self):
        return (self.lists + self.lookup_lists) * LIST_DOLLARS


class Api:
    """The server; `tally` is what came in since it was set."""

    def __init__(self, world, empty_last_page):
        self.world, self.empty_last_page, self.tally = world, empty_last_page, Tally()
        self.names = None  # that the last list of works was asked to tell
        self._lists = {}
        api = self

        class Handler(BaseHTTPRequestHandler):
            """One connection."""

            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                """Nothing."""

            def do_GET(self):
                path, _, query = self.path.partition("?")
                body = json.dumps(api.answer(path, dict(urllib.parse.parse_qsl(query))), separators=(",", ":")).encode()
                api.tally.decoded += len(body)
                encoding = ""
                if "gzip" in self.headers.get("accept-encoding", ""):
                    body, encoding = gzip.compress(body, 6, mtime=0), "Content-Encoding: gzip\r\n"
                head = (f"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 03:17:00 GMT\r\nContent-Type: application/json\r\n"
                        f"{encoding}Content-Length: {len(body)}\r\n\r\n").encode()
                api.tally.sent += len(self.raw_requestline) + len(str(self.headers))
                api.tally.wire += len(head) + len(body)
                self.wfile.write(head + body)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    def answer(self, path, query):
        names = set(query["select"].split(",")) if "select" in query else None
        kind, _, id = path.strip("/").partition("/")
        if kind == "works" and id:
            self.tally.singles += 1
            return self.world.record(int(id[1:]) - 1_000_000, names, cut=False)
        if kind == "works":
            self.tally.lists += 1
            self.names = names
            return self.page(query, names)
        if id:
            self.tally.lookup_singles += 1
            return self.world.author_record(int(id[1:]))
        self.tally.lookup_lists += 1
        wanted = [int(text[1:]) for text in query["filter"].partition(":")[2].split("|")]
        return {"meta": {"count": len(wanted), "next_cursor": None, "per_page": 100},
                "results": [self.world.author_record(author) for author in wanted]}

    def page(self, query, names):
        authors = query["filter"].split(",")[0].partition(":")[2]
        if authors not in self._lists:
            numbers = {number for text in authors.split("|") for number in self.world.works_of[int(text[1:])]}
            self._lists[authors] = sorted(numbers)
        numbers = self._lists[authors]
        size = int(query.get("per_page", 25))
        start = 0 if query["cursor"] == "*" else int(query["cursor"])
        shown = numbers[start:start + size]
        self.tally.empty_pages += not shown
        more = bool(shown) if self.empty_last_page else len(shown) == size and start + size < len(numbers)
        return {"meta": {"count": len(numbers), "per_page": size, "next_cursor": str(start + size) if more else None},
                "results": [self.world.record(number, names) for number in shown], "group_by": []}


def plain_client(api, page_size):
    """One author at a time. :return: work number -> byline as it was told"""
    connection = http.client.HTTPConnection("127.0.0.1", api.port)

    def get(path, **query):
        connection.request("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path,
                           headers={"Accept-Encoding": "gzip, deflate", "User-Agent": "python-requests/2.31",
                                    "Authorization": "Bearer key"})
        return json.loads(gzip.decompress(connection.getresponse().read()))

    works = {}
    for author in api.world.people:
        get(f"/authors/A{author}")
        cursor = "*"
        while cursor:
            page = get("/works", filter=f"author.id:A{author}", per_page=page_size, cursor=cursor)
            for work in page["results"]:
                works[int(work["id"].rpartition("W")[2]) - 1_000_000] = [
                    int(entry["author"]["id"].rpartition("A")[2]) for entry in work["authorships"]]
            cursor = page["meta"]["next_cursor"]
    return works


class Study:
    """A study over the roster, and the program that is run on it."""

    def __init__(self, program, folder, api):
        self.program, self.folder = program, Path(folder)
        study = self.folder / "study"
        study.mkdir()
        (study / "study.toml").write_text('[study]\ntitle = "calls"\n\n[sources.openalex]\n'
                                          f'base_url = "http://127.0.0.1:{api.port}"\nkey_env = "BENCH_KEY"\n')
        lines = [f"p{n},Given{a % 9973} Family{a % 997},A{a}" for n, a in enumerate(api.world.people)]
        (study / "people.csv").write_text("\n".join(["key,name,openalex", *lines]) + "\n")

    def bring_up_to_date(self):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state"),
                       "BENCH_KEY": "key"}
        for command in ("resolve", "fetch"):
            subprocess.run([self.program, command, "-q", self.folder / "study"], env=environment, check=True,
                           stdout=subprocess.DEVNULL)

    def works(self):
        """Work number -> byline as stored."""
        works = defaultdict(list)
        with sqlite3.connect(f"file:{self.folder / 'study' / 'dataset.sqlite'}?mode=ro", uri=True) as dataset:
            for id, author in dataset.execute("SELECT w.id, a.author_id FROM work w JOIN authorship a ON a.work = w.work "
                                              "ORDER BY w.id, a.position"):
                works[int(id[1:]) - 1_000_000].append(int(author[1:]))
        return works


def least(world, refresh):
    """Lists, singles and lookups that cannot be spared."""
    lists = 0
    people = sorted(world.people)
    for at in range(0, len(people), 100):
        numbers = {number for author in people[at:at + 100] for number in world.works_of[author]}
        lists += -(-len(numbers) // 100)
    return {"lists": lists, "singles": 0 if refresh else len(world.cut_works()), "lookups": -(-len(people) // 100)}


def show(rows):
    titles = ("", "calls", "lists", "singles", "lookups", "empty pages", "sent MB", "received MB", "decoded MB", "dollars",
              "free days")
    lines = [titles] + [(name, t.calls, t.lists, t.singles, t.lookup_lists + t.lookup_singles, t.empty_pages,
                         f"{t.sent / 1e6:.2f}", f"{t.wire / 1e6:.1f}", f"{t.decoded / 1e6:.1f}", f"{t.dollars:.4f}",
                         f"{t.dollars / FREE_DOLLARS_A_DAY:.2f}") for name, t in rows]
    widths = [max(len(str(line[n])) for line in lines) for n in range(len(titles))]
    for line in lines:
        print("  ".join(str(cell).ljust(w) if n == 0 else str(cell).rjust(w)
                        for n, (cell, w) in enumerate(zip(line, widths))))


def measure(program, world, empty_last_page):
    """Prints the table for one behaviour of the last page. :return: worst share of calls above the least"""
    api = Api(world, empty_last_page)
    rows, worst = [], 0.0
    truth = dict(enumerate(world.bylines))
    with tempfile.TemporaryDirectory(prefix="coterie-bench-") as folder:
        study = Study(program, folder, api)
        for name, refresh in (("coterie, first harvest", False), ("coterie, nothing changed", True)):
            api.tally = Tally()
            study.bring_up_to_date()
            rows.append((name, api.tally))
            if study.works() != truth:
                sys.exit(f"{name}: the dataset does not hold the world's works with whole bylines")
            fewest = least(world, refresh)
            share = api.tally.calls / sum(fewest.values())
            worst = max(worst, share)
            print(f"{name}: {api.tally.calls} calls, the least is {sum(fewest.values())} ({fewest}): {share:.3f}")
    for size in (25, 200):
        api.tally = Tally()
        told = plain_client(api, size)
        rows.append((f"one author at a time, {size} a page", api.tally))
        if set(told) != set(truth):
            sys.exit("the plain client does not have the world's works")
        lost = sum(len(truth[number]) - len(byline) for number, byline in told.items())
    print(f"both ways: the same {len(truth)} works; the plain client lacks {lost} of "
          f"{sum(map(len, truth.values()))} authorships, behind the first {CUT} of a byline")
    show(rows)
    api.close()
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--works", type=int, default=40_000)
    arguments = parser.parse_args()
    world = World(arguments.people, arguments.works)
    shared = sum(map(len, world.works_of.values()))
    print(f"{arguments.people} people, {arguments.works} works ({shared} counted per person), "
          f"{len(world.cut_works())} with more than {CUT} authors")
    worst = 0.0
    for empty_last_page in (False, True):
        print(f"\nlists end with {'one more page, which is empty' if empty_last_page else 'a null cursor'}")
        worst = max(worst, measure(arguments.program.resolve(), world, empty_last_page))
    print(f"\ncalls over the least: at most {worst:.3f} (to be at most 1.05)")
    sys.exit(worst > 1.05)


if __name__ == "__main__":
    main()
