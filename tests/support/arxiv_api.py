"""arXiv's query API over a World: Atom feeds in the shape recorded in April 2026."""

import re
from xml.sax.saxutils import escape, quoteattr

from answer import Answer

_HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
"""
_WELL_FORMED = re.compile(r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?$")
_TOKEN = re.compile(r'\s*(\(|\)|[A-Za-z]+:\[[^\]]*\]|[A-Za-z]+:"[^"]*"|[A-Za-z]+:[^\s()]+|AND\b|OR\b|ANDNOT\b)')


class ArxivApi:
    """Answers requests for /api/query.

    `empty_pages`: start -> how many times to answer that page empty although more records exist (a known bug of the
    service). `feeds`: comma list of ids -> recorded body to answer with, instead of the world's entries.
    """

    def __init__(self, world):
        self.world = world
        self.empty_pages = {}
        self.feeds = {}

    def answer(self, query):
        """:param query: name -> value of the request's parameters"""
        start = int(query.get("start", 0))
        size = int(query.get("max_results", 10))
        ids = [id for id in query.get("id_list", "").split(",") if id]
        if size > 2000 or start + size > 30000:
            return self._error("max_results_must_be_at_most_2000", "max_results must be at most 2000")
        for id in ids:
            if not _WELL_FORMED.match(id):
                return self._error(f"incorrect_id_format_for_{id}", f"incorrect id format for {id}")
        if self.feeds:
            return self._recorded(ids)
        found = self._by_ids(ids) if ids else sorted(self.world.preprints.values(), key=lambda p: (p.published, p.id))
        if query.get("search_query"):
            matches = _parsed(query["search_query"])
            found = [preprint for preprint in found if matches(preprint)]
        elif not ids:
            found = []
        if query.get("sortOrder", "descending") == "descending" and not ids:
            found.reverse()
        page = found[start:start + size]
        if self.empty_pages.get(start, 0) > 0:
            self.empty_pages[start] -= 1
            page = []
        return Answer(200, self._feed(query, len(found), start, size, page), "application/atom+xml; charset=utf-8")

    def _by_ids(self, ids):
        """Unknown ids are silently dropped."""
        bare = [re.sub(r"v\d+$", "", id) for id in ids]
        return [self.world.preprints[id] for id in bare if id in self.world.preprints]

    def _recorded(self, ids):
        """A recorded feed as it was sent, several of them joined entry by entry."""
        entries = []
        for id in ids:
            body = self.feeds.get(re.sub(r"v\d+$", "", id), b"")
            entries += re.findall(rb"  <entry>.*?</entry>\n", body, re.DOTALL)
        head = self._feed({}, len(entries), 0, len(ids), [])
        body = head.replace(b"</feed>\n", b"".join(entries) + b"</feed>\n")
        return Answer(200, body, "application/atom+xml; charset=utf-8")

    def _feed(self, query, total, start, size, page):
        plain = "&".join(f"{name}={value}" for name, value in query.items())
        asked = escape(plain)
        head = (f"{_HEAD}  <id>https://arxiv.org/api/feed</id>\n  <title>arXiv Query: {asked}</title>\n"
                "  <updated>2026-11-23T00:00:00Z</updated>\n"
                f'  <link href={quoteattr("https://arxiv.org/api/query?" + plain)} type="application/atom+xml"/>\n'
                f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
                f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
                f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n")
        return (head + "".join(_entry(preprint) for preprint in page) + "</feed>\n").encode()

    def _error(self, name, message):
        """The entry arXiv answers a malformed question with."""
        body = (f"{_HEAD}  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
                "  <updated>2026-11-23T00:00:00Z</updated>\n  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n"
                "  <opensearch:totalResults>1</opensearch:totalResults>\n"
                "  <opensearch:startIndex>0</opensearch:startIndex>\n  <entry>\n"
                f"    <id>https://arxiv.org/api/errors#{name}</id>\n    <title>Error</title>\n"
                f"    <updated>2026-11-23T00:00:00Z</updated>\n    <summary>{escape(message)}</summary>\n"
                "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n")
        return Answer(400, body.encode(), "application/atom+xml; charset=utf-8")


def _entry(preprint):
    page = f"https://arxiv.org/abs/{preprint.id}v{preprint.version}"
    lines = [f"<id>{page.replace('https', 'http')}</id>", f"<title>{escape(preprint.title)}</title>",
             f"<updated>{preprint.updated or preprint.published}</updated>",
             f'<link href="{page}" rel="alternate" type="text/html"/>',
             f'<link href="{page.replace("/abs/", "/pdf/")}" rel="related" type="application/pdf" title="pdf"/>']
    if preprint.doi:
        lines.append(f'<link rel="related" href={quoteattr("https://doi.org/" + preprint.doi)} title="doi"/>')
    lines += ["<summary>Made up.</summary>",
              f'<category term="{preprint.category}" scheme="http://arxiv.org/schemas/atom"/>',
              f"<published>{preprint.published}</published>",
              f'<arxiv:primary_category term="{preprint.category}"/>']
    for name in ("comment", "journal_ref", "doi"):
        if getattr(preprint, name):
            lines.append(f"<arxiv:{name}>{escape(getattr(preprint, name))}</arxiv:{name}>")
    for author in preprint.authors:
        name, affiliations = (author, []) if isinstance(author, str) else author
        told = "".join(f"\n      <arxiv:affiliation>{escape(text)}</arxiv:affiliation>" for text in affiliations)
        lines.append(f"<author>\n      <name>{escape(name)}</name>{told}\n    </author>")
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _names(preprint):
    return [author if isinstance(author, str) else author[0] for author in preprint.authors]


def _words(text):
    return re.findall(r"\w+", text.lower().replace("_", " "))


def _holds_phrase(text, phrase):
    words, wanted = _words(text), _words(phrase)
    return any(words[n:n + len(wanted)] == wanted for n in range(len(words) - len(wanted) + 1))


def _term(token):
    """The test that one search term stands for."""
    field, _, value = token.partition(":")
    if value.startswith("["):
        first, last = re.match(r"\[(\d{12}) TO (\d{12})\]$", value).groups()
        return lambda preprint: first <= re.sub(r"\D", "", preprint.published)[:12] <= last
    phrase = value.strip('"')
    if field == "au":
        return lambda preprint: any(_holds_phrase(name, phrase) for name in _names(preprint))
    if field == "ti":
        return lambda preprint: _holds_phrase(preprint.title, phrase)
    raise ValueError(f"the test's arXiv knows no field {field}")


def _parsed(text):
    """Reads a search query: terms, AND, OR, ANDNOT, parentheses."""
    tokens = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if not match:
            raise ValueError(f"the test's arXiv does not understand {text[place:]!r}")
        tokens.append(match.group(1))
        place = match.end()

    def operand():
        token = tokens.pop(0)
        if token != "(":
            return _term(token)
        inner = expression()
        tokens.pop(0)
        return inner

    def expression():
        left = operand()
        while tokens and tokens[0] != ")":
            left = _joined(tokens.pop(0), left, operand())
        return left

    return expression()


def _joined(operator, left, right):
    if operator == "AND":
        return lambda preprint: left(preprint) and right(preprint)
    if operator == "ANDNOT":
        return lambda preprint: left(preprint) and not right(preprint)
    return lambda preprint: left(preprint) or right(preprint)
