#!/usr/bin/env python3
"""A process that plays OpenAlex with as many works as wanted, whose last page may be a hostile body.

    python3 tests/support/large_api.py WORKS [HOSTILE]

Prints its address and serves until it is killed. It is a process of its own so that its memory and its work are not the
test's. Works are made from their number, so the same number gives the same work in every process.
"""

import gzip
import json
import random
import subprocess
import sys
import urllib.parse
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AUTHOR = "A5000000001"  # the author of every work
OPENALEX = "https://openalex.org/"


def institution(number):
    id = f"{OPENALEX}I{4200000000 + number}"
    return {"id": id, "display_name": f"University number {number} of the Plain", "ror": None, "country_code": "CN",
            "type": "education", "lineage": [id]}


def work(number):
    """A work with about six authors and what a list with our `select` tells of it."""
    rng = random.Random(number)
    authorships = []
    for place in range(max(1, min(60, int(rng.lognormvariate(1.6, 0.6))))):
        author = 1 if place == 0 else rng.randrange(2, 300_000)
        where = institution(rng.randrange(8000))
        text = f"Department {rng.randrange(40)} of Things, {where['display_name']}, Street {rng.randrange(99)}, Some City"
        authorships.append({
            "author_position": "middle", "institutions": [where], "countries": ["CN"], "is_corresponding": False,
            "author": {"id": f"{OPENALEX}A{5000000000 + author}", "display_name": f"Given{author} Family{author % 997}",
                       "orcid": None},
            "raw_author_name": f"G. Family{author % 997}", "raw_orcid": None, "raw_affiliation_strings": [text],
            "affiliations": [{"raw_affiliation_string": text, "institution_ids": [where["id"]]}]})
    year = 2000 + number * 25 // 10**6 % 25
    doi = f"https://doi.org/10.5555/{number}"
    return {"id": f"{OPENALEX}W{1000000 + number}", "doi": doi, "title": f"On thing {number} " * 4, "language": "en",
            "publication_year": year, "publication_date": f"{year}-05-01", "type": "article",
            "ids": {"openalex": f"{OPENALEX}W{1000000 + number}", "doi": doi}, "authorships": authorships,
            "primary_location": {"landing_page_url": doi, "source": {"id": OPENALEX + "S1", "display_name": "A Journal"}},
            "locations": [{"landing_page_url": doi}], "cited_by_count": rng.randrange(100), "is_retracted": False,
            "awards": [], "funders": [], "updated_date": "2026-03-02T00:00:00",
            "referenced_works": [f"{OPENALEX}W{rng.randrange(10**9)}" for _ in range(30)]}


def page(works, start, size):
    results = [work(number) for number in range(start, min(works, start + size))]
    following = start + size if start + size < works else None
    return json.dumps({"meta": {"count": works, "per_page": size, "next_cursor": following and str(following)},
                       "results": results}, separators=(",", ":")).encode()


def list_with(results, count=1):
    return b'{"meta":{"count":%d,"next_cursor":null},"results":[%s]}' % (count, results)


def work_with(member):
    return list_with(b'{"id":"https://openalex.org/W1",%s}' % member)


def wide_page():
    """100 works x 100 authors x 20 affiliations, each with its institution."""
    works = []
    for number in range(100):
        record = work(number)
        record["authorships"] = [
            {"author": {"id": f"{OPENALEX}A{5000000001 + place}", "display_name": f"Given{place} Family"},
             "raw_author_name": f"G. Family{place}",
             "institutions": [institution((number * 7 + place * 20 + k) % 8000) for k in range(20)],
             "affiliations": [{"raw_affiliation_string": f"Department {k}, University {place}, City of work {number}",
                               "institution_ids": [institution((number * 7 + place * 20 + k) % 8000)["id"]]}
                              for k in range(20)]} for place in range(100)]
        works.append(json.dumps(record, separators=(",", ":")))
    return list_with(",".join(works).encode(), 100)


MB = 1 << 20
HOSTILE = {  # name -> body before compression
    "numbers": lambda: list_with(b"1," * (30 * MB) + b"1"),
    "numbers_below_the_cap": lambda: work_with(b'"x":[' + b"1," * (5 * MB) + b"1]"),
    "empty_objects": lambda: list_with(b"{}," * (5 * MB) + b"{}"),
    "few_empty_objects": lambda: list_with(b"{}," * 140_000 + b"{}"),
    "empty_authorships": lambda: work_with(b'"authorships":[' + b"{}," * (4 * MB) + b"{}]"),
    "many_authorships": lambda: work_with(b'"authorships":[' + b"{}," * 149_000 + b"{}]"),
    "many_affiliations": lambda: work_with(
        b'"authorships":[{"raw_affiliation_strings":[' + b",".join(b'"%d"' % n for n in range(590_000)) + b"]}]"),
    "long_affiliations": lambda: work_with(
        b'"authorships":[{"raw_affiliation_strings":[' + b",".join(b'"Univers. %07d"' % n for n in range(590_000))
        + b"]}]"),
    "affiliation_objects": lambda: work_with(
        b'"authorships":[{"affiliations":[' + b",".join(
            b'{"raw_affiliation_string":"University number %07d of so many, City, Country"}' % n for n in range(149_000))
        + b"]}]"),
    "institutions": lambda: work_with(
        b'"authorships":[{"institutions":[' + b",".join(
            b'{"id":"I%d","display_name":"University number %07d"}' % (n, n) for n in range(118_000)) + b"]}]"),
    "many_references": lambda: work_with(b'"referenced_works":[' + b'"W1",' * 590_000 + b'"W1"]'),
    "long_references": lambda: work_with(b'"referenced_works":[' + b'"https://openalex.org/W4123456789",' * 350_000 + b'"W1"]'),
    "empty_texts": lambda: work_with(b'"x":[' + b'"",' * (5 * MB) + b'""]'),
    "one_text": lambda: work_with(b'"title":"' + b"x" * (60 * MB) + b'"'),
    "one_text_below_the_cap": lambda: work_with(b'"title":"' + b"x" * (11 * MB) + b'"'),
    "escaped_text": lambda: work_with(b'"title":"' + b"\\u00e9" * (3 * MB // 2) + b'"'),
    "nested": lambda: work_with(b'"x":' + b"[" * (5 * MB) + b"]" * (5 * MB)),
    "nested_objects": lambda: work_with(b'"x":' + b'{"a":' * (2 * MB) + b"1" + b"}" * (2 * MB)),
    "open_brackets": lambda: b"[" * (11 * MB),
    "wide_page": wide_page,
}
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><o:totalResults>1' \
       b"</o:totalResults>%s</feed>"
HOSTILE_FEEDS = {
    "empty_elements": lambda: ATOM % (b"<a/>" * (11 * MB // 4)),
    "few_empty_elements": lambda: ATOM % (b"<a/>" * 290_000),
    "elements_with_text": lambda: ATOM % (b"<a>b</a>" * (11 * MB // 8)),
    "entries": lambda: ATOM % (b"<entry><id>http://arxiv.org/abs/2501.00001v1</id></entry>" * (11 * MB // 60)),
    "authors": lambda: ATOM % (b"<entry><id>http://arxiv.org/abs/2501.00001v1</id>"
                               + b"<author><name>a</name></author>" * 70_000 + b"</entry>"),
    "attributes": lambda: ATOM % (b"<a" + b' b=""' * (2 * MB) + b"/>"),
    "nested_elements": lambda: ATOM % (b"<a>" * MB + b"</a>" * MB),
    "one_long_text": lambda: ATOM % (b"<entry><id>" + b"x" * (11 * MB) + b"</id></entry>"),
    "references": lambda: ATOM % (b"<entry><title>" + b"&#233;" * (3 * MB // 2) + b"</title></entry>"),
}


def gzipped_zeros(size, times):
    """`size` zeros, compressed so many times over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()
    for _ in range(times - 1):
        packed = gzip.compress(packed)
    return packed


def prepared(hostile):
    """Content-Encoding and body of the hostile answer."""
    if hostile == "bomb":
        return "gzip", gzipped_zeros(300 * MB, 1)
    if hostile == "bomb2":
        return "gzip, gzip, gzip", gzipped_zeros(100 * MB, 3)
    if hostile == "endless":
        return "", b""
    return "gzip", gzip.compress({**HOSTILE, **HOSTILE_FEEDS}[hostile](), 1)


def handler(works, hostile):
    encoding, body = prepared(hostile) if hostile else ("", b"")

    class Handler(BaseHTTPRequestHandler):
        """Serves one connection."""

        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Nothing."""

        def do_GET(self):
            path, _, query = self.path.partition("?")
            query = dict(urllib.parse.parse_qsl(query))
            if path.startswith("/authors"):
                record = {"id": OPENALEX + AUTHOR, "display_name": "Ada Example", "works_count": works}
                if path == "/authors":
                    record = {"meta": {"count": 1, "next_cursor": None}, "results": [record]}
                return self.reply("gzip", gzip.compress(json.dumps(record).encode()))
            if path == "/api/query":
                return self.reply(encoding, body)
            start = 0 if query["cursor"] == "*" else int(query["cursor"])
            if hostile and start + int(query["per_page"]) >= works:
                return self.reply(encoding, body) if hostile != "endless" else self.reply_without_end()
            return self.reply("gzip", gzip.compress(page(works, start, int(query["per_page"])), 1))

        def reply(self, encoding, body):
            try:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-encoding", encoding)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # the other side has had enough
                self.close_connection = True

        def reply_without_end(self):
            self.close_connection = True
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                for _ in range(3100):
                    self.wfile.write(b" " * MB)
            except OSError:
                pass

    return Handler


class LargeApi:
    """Starts the process and stops it; for `with`."""

    def __init__(self, works, hostile=None):
        command = [sys.executable, "-B", str(Path(__file__).resolve()), str(works), *([hostile] if hostile else [])]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()


class Server(ThreadingHTTPServer):
    """Says nothing about connections that the other side gives up."""

    daemon_threads = True

    def handle_error(self, *_):
        """Nothing."""


def main():
    server = Server(("127.0.0.1", 0), handler(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
