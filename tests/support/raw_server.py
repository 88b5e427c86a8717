"""A server on 127.0.0.1 that sends bytes: right answers over a World, and what goes wrong on the wire.

It stands below HTTP, so that it can break what an HTTP library would mend: lengths, chunks, compression, headers.
"""

import functools
import gzip
import socket
import threading
import urllib.parse
import zlib

from openalex_api import OpenalexApi

MB = 1 << 20
DATE = "Mon, 23 Nov 2026 03:17:00 GMT"  # fixed, so that two runs of a test tell the same times
HEAD = f"HTTP/1.1 200 OK\r\nDate: {DATE}\r\nConnection: close\r\n".encode()


def good(answer, headers="", body=None):
    """The bytes of an answer with a length."""
    body = answer.body if body is None else body
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    return (f"HTTP/1.1 {answer.status} X\r\nDate: {DATE}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n{headers}{more}\r\n").encode() + body


def zipped(answer):
    return good(answer, "Content-Encoding: gzip\r\n", gzip.compress(answer.body, mtime=0))


def _zipped_body(answer, change):
    return good(answer, "Content-Encoding: gzip\r\n", change(gzip.compress(answer.body, mtime=0)))


def _inverted(data, at):
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1:]


@functools.cache
def _bomb(size, times):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()
    for _ in range(times - 1):
        data = gzip.compress(data)
    return (f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: {', '.join(['gzip'] * times)}\r\n"
            f"Content-Length: {len(data)}\r\n\r\n").encode() + data


def _nested(answer, times):
    body = answer.body
    for _ in range(times):
        body = gzip.compress(body)
    return good(answer, f"Content-Encoding: {', '.join(['gzip'] * times)}\r\n", body)


def _throttled(wait):
    body = b'{"error":"Rate limit exceeded","message":"Rate limit exceeded: 10 requests per second"}'
    return (f"HTTP/1.1 429 Too Many\r\nRetry-After: {wait}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def _redirect(place):
    return f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()


_HTML = b"<!doctype html><title>503</title><h1>Service temporarily unavailable</h1>"

# Name -> the bytes sent in place of the right answer; see FOLLOWED for what comes after them.
SCENARIOS = {
    "short_cl": lambda a: good(a)[:-len(a.body) // 2],
    "no_cl_trunc": lambda a: HEAD + b"\r\n" + a.body[:len(a.body) // 2],
    "chunk_trunc": lambda a: HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (100, a.body[:100]),
    "gz_trunc": lambda a: _zipped_body(a, lambda data: data[:len(data) // 2]),
    "gz_trunc_trailer": lambda a: _zipped_body(a, lambda data: data[:-8]),
    "gz_flip": lambda a: _zipped_body(a, lambda data: _inverted(data, -6)),
    "gz_mid": lambda a: _zipped_body(a, lambda data: _inverted(data, len(data) // 2)),
    "gz_notgz": lambda a: good(a, "Content-Encoding: gzip\r\n"),
    "gz_trailing": lambda a: _zipped_body(a, lambda data: data + b"junk behind it"),
    "bomb": lambda a: _bomb(300 * MB, 1),
    "bomb2": lambda a: _bomb(100 * MB, 3),
    "enc6": lambda a: _nested(a, 6),
    "endless": lambda a: HEAD + b"\r\n" + a.body,
    "stall": lambda a: good(a)[:-len(a.body) + 100],
    "redir_host": lambda a: _redirect("http://localhost:9/works"),
    "redir_port": lambda a: _redirect("http://127.0.0.1:9/works"),
    "redir_file": lambda a: _redirect("file:///etc/passwd"),
    "redir_ftp": lambda a: _redirect("ftp://127.0.0.1/works"),
    "redir_loop": lambda a: _redirect("/works?filter=loop"),
    "429": lambda a: _throttled("2"),
    "429date": lambda a: _throttled("Wed, 21 Oct 2015 07:28:00 GMT"),
    "429neg": lambda a: _throttled("-5"),
    "200html": lambda a: HEAD + b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(_HTML) + _HTML,
    "error_body": lambda a: HEAD + b'\r\n{"error":"Gateway timeout","message":"m","reason":"query_timeout"}',
    "hugehdr": lambda a: HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"h" * 8000) for n in range(100)) + b"\r\n",
    "nothing": lambda a: b"",
    "no_http": lambda a: b"\x16\x03\x01 nonsense\r\n\r\n",
}
FOLLOWED = {"endless": "spaces", "stall": "silence"}


class RawServer:
    """Runs while used as a context manager; `disturbed(request line) -> scenario name or None` picks what goes wrong."""

    def __init__(self, world, disturbed=None):
        self.api = OpenalexApi(world)
        self.disturbed = disturbed or (lambda path: None)
        self.paths = []  # of every request, in order
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._socket.settimeout(0.1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()
        self._socket.close()

    def works_requests(self):
        """How many lists of works were asked for."""
        return sum(path.startswith("/works?") for path in self.paths)

    def _serve(self):
        while not self._done.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            with connection:
                try:
                    self._talk(connection)
                except OSError:  # the other side has had enough
                    pass

    def _talk(self, connection):
        connection.settimeout(5)
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            if not data:
                return
            request += data
        lines = request.decode("latin-1").split("\r\n")
        path, _, query = lines[0].split(" ")[1].partition("?")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        with self._lock:
            self.paths.append(f"{path}?{query}" if query else path)
            scenario = self.disturbed(self.paths[-1])
        answer = self.api.answer(urllib.parse.unquote(path), dict(urllib.parse.parse_qsl(query)), headers)
        connection.sendall(SCENARIOS[scenario](answer) if scenario else zipped(answer))
        if FOLLOWED.get(scenario) == "spaces":
            while not self._done.is_set():
                connection.sendall(b" " * MB)
        if FOLLOWED.get(scenario) == "silence":
            connection.settimeout(0.2)
            while not self._done.is_set():
                try:
                    if not connection.recv(1):
                        return
                except TimeoutError:
                    continue
