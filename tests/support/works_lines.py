"""Writes coterie's own JSON Lines of works, as docs/works-format.md describes them."""

import json


def header_line(source):
    """The first line of a file."""
    return json.dumps({"coterie": "works", "version": 1, "source": source})


def work_line(work):
    """One work: a dict with id, title, year, date, venue, doi and authors (name, id, affiliations)."""
    return json.dumps(work, ensure_ascii=False)
