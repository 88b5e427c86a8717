"""What a test server sends back, before transport."""

import json
from dataclasses import dataclass, field


@dataclass
class Answer:
    """One HTTP answer: status, body and headers, not yet compressed."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict = field(default_factory=dict)


def json_answer(value, status=200, **headers):
    """An answer in JSON; header names are given with underscores."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, headers={name.replace("_", "-"): str(text) for name, text in headers.items()})


def html_answer(status, text):
    """A page for people, as web servers and proxies send it in place of an API's own error."""
    body = f"<!doctype html>\n<html lang=en>\n<title>{status}</title>\n<h1>{text}</h1>\n".encode()
    return Answer(status, body, "text/html; charset=utf-8")
