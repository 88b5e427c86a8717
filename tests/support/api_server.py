"""One HTTP server on 127.0.0.1 that speaks OpenAlex (below /) and arXiv (/api/query) over a World.

Every request is recorded. Faults are set for the N-th request or for all that meet a condition.
"""

import email.utils
import gzip
import socket
import struct
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from answer import Answer, html_answer, json_answer
from arxiv_api import ArxivApi
from openalex_api import OpenalexApi


@dataclass
class Request:
    """A request as it came in; numbers count from 1."""

    number: int
    path: str
    query: dict
    raw_query: str
    headers: dict
    time: float
    status: int = 0
    is_arxiv: bool = False
    notes: list = field(default_factory=list)


@dataclass
class Fault:
    """What is done instead of, or to, the right answer.

    `replace`: makes the answer; `before`: called before anything is sent; `cut`: share of the body that is sent before
    the connection is closed although Content-Length promises all; `reset`: the connection is reset at once.
    """

    replace: object = None
    before: object = None
    cut: float = 1.0
    reset: bool = False
    times: int = 1


def status_fault(status, retry_after=None, times=1):
    """500, 502, 503, 504 with an error body as OpenAlex sends it."""
    def make(_request):
        answer = json_answer({"error": "Internal server error", "message": "Something went wrong."}, status)
        if retry_after is not None:
            answer.headers["retry-after"] = str(retry_after)
        return answer
    return Fault(replace=make, times=times)


def html_fault(times=1):
    """A page of a proxy under status 200."""
    return Fault(replace=lambda _request: html_answer(200, "Service temporarily unavailable"), times=times)


def answer_fault(answer, times=1):
    """Exactly this answer."""
    return Fault(replace=lambda _request: Answer(answer.status, answer.body, answer.content_type, dict(answer.headers)),
                 times=times)


def redirect_fault(location, status=302, times=1):
    """A redirect to `location`."""
    def make(_request):
        answer = html_answer(status, "Found")
        answer.headers["location"] = location
        return answer
    return Fault(replace=make, times=times)


class ApiServer:
    """Runs while used as a context manager."""

    def __init__(self, world):
        self.openalex = OpenalexApi(world)
        self.arxiv = ArxivApi(world)
        self.gzip = True
        self.date = "Mon, 23 Nov 2026 03:17:00 GMT"  # fixed, so that two runs of a test tell the same times
        self.requests = []
        self._faults = []  # (condition, Fault)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def fault_at(self, number, fault):
        """Sets a fault for the request with this number, counted from the server's start (or last forget())."""
        self._faults.append((lambda request: request.number == number, fault))

    def fault_when(self, condition, fault):
        """Sets a fault for the first `fault.times` requests that meet the condition."""
        self._faults.append((condition, fault))

    def no_more_faults(self):
        self._faults.clear()

    def forget(self):
        """Forgets the recorded requests; numbers start again."""
        with self._lock:
            self.requests = []

    def works_requests(self):
        """The recorded requests for lists of works."""
        return [request for request in self.requests if request.path == "/works"]

    # For the handler ----------------------------------------------------------------------------------------

    def record(self, path, raw_query, headers):
        query = {name: values[-1] for name, values in
                 urllib.parse.parse_qs(raw_query, keep_blank_values=True).items()}
        with self._lock:
            request = Request(len(self.requests) + 1, path, query, raw_query, headers, time.monotonic(),
                              is_arxiv=path == "/api/query")
            self.requests.append(request)
            return request

    def fault_for(self, request):
        with self._lock:
            for condition, fault in self._faults:
                if fault.times > 0 and condition(request):
                    fault.times -= 1
                    return fault
        return None

    def right_answer(self, request):
        if len(request.path) + len(request.raw_query) > 8190:
            return json_answer({"error": "Request URL too long", "message": "The request line is too long"}, 400)
        with self._lock:
            if request.is_arxiv:
                return self.arxiv.answer(request.query)
            return self.openalex.answer(request.path, request.query, request.headers)


def _handler(server):
    class Handler(BaseHTTPRequestHandler):
        """Serves one connection."""

        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Nothing on stderr: the requests are recorded."""

        def date_time_string(self, timestamp=None):
            return server.date or email.utils.formatdate(timestamp, usegmt=True)

        def do_GET(self):
            path, _, raw_query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = server.record(urllib.parse.unquote(path), raw_query, headers)
            fault = server.fault_for(request)
            if fault and fault.before:
                fault.before(request)
            if fault and fault.reset:
                request.notes.append("reset")
                return self._reset()
            try:
                answer = fault.replace(request) if fault and fault.replace else server.right_answer(request)
            except Exception as error:  # a mistake in the server or in the question must reach the test
                request.notes.append(f"server failed: {error!r}")
                answer = json_answer({"error": "mock server failed", "message": repr(error)}, 500)
            request.status = answer.status
            self._send(answer, headers, fault.cut if fault else 1.0)

        def _reset(self):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        def _send(self, answer, headers, share):
            body = answer.body
            zipped = server.gzip and "gzip" in headers.get("accept-encoding", "")
            if zipped:
                body = gzip.compress(body, mtime=0)
            try:
                self.send_response(answer.status)
                self.send_header("content-type", answer.content_type)
                if zipped:
                    self.send_header("content-encoding", "gzip")
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:int(len(body) * share)])
                self.wfile.flush()
            except OSError:
                self.close_connection = True
            if share < 1.0:
                self.close_connection = True

    return Handler
