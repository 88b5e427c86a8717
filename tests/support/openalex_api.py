"""OpenAlex's API over a World: entities, filters, cursors, prices and errors as the service has them in 2026."""

import base64
import json
import re
import unicodedata

from answer import html_answer, json_answer
from world import OPENALEX

_LETTERS = {"works": "W", "authors": "A", "institutions": "I"}
_SELECTABLE = {
    "works": """id doi title display_name relevance_score publication_year publication_date ids language
        primary_location sources type type_crossref indexed_in open_access authorships institution_assertions
        institutions countries_distinct_count institutions_distinct_count corresponding_author_ids
        corresponding_institution_ids apc_list apc_paid fwci is_authors_truncated has_fulltext fulltext_origin
        cited_by_count citation_normalized_percentile cited_by_percentile_year biblio is_retracted is_paratext is_xpac
        primary_topic topics keywords concepts mesh locations_count locations best_oa_location
        sustainable_development_goals awards funders datasets versions has_content content_urls referenced_works_count
        referenced_works related_works abstract_inverted_index cited_by_api_url counts_by_year updated_date
        created_date""".split(),
    "authors": """id orcid display_name display_name_alternatives relevance_score works_count cited_by_count
        summary_stats ids affiliations last_known_institutions topics topic_share x_concepts counts_by_year
        works_api_url updated_date created_date block_key parsed_longest_name""".split(),
    "institutions": """id ror display_name relevance_score country_code type type_id lineage homepage_url
        display_name_acronyms display_name_alternatives works_count cited_by_count summary_stats ids geo
        associated_institutions counts_by_year roles is_super_system status updated_date created_date""".split(),
}
_PAID_FILTERS = {f"{edge}{name}" for name in ("created_date", "updated_date") for edge in ("from_", "to_", "")}
_BLOCKED_AUTHOR = "A9999999999"


class _Refused(Exception):
    """An error answer on its way out."""

    def __init__(self, answer):
        super().__init__(answer.body)
        self.answer = answer


def _bad_question(message, error="Invalid query parameters error."):
    return _Refused(json_answer({"error": error, "message": message}, 400))


class OpenalexApi:
    """Answers requests below /.

    `keys`: keys that are accepted; a wrong one is refused even so, and with `key_required` a missing one too.
    `largest_page`: 100 as the documentation says, or 200 as the source code does.
    `null_cursor_on_short_page`: the behaviour of August 2026; otherwise one more, empty page follows.
    `hidden`: ids of works that lists leave out although `meta.count` counts them (a partial page of the search engine).
    `credits`: what is left of the day's allowance; one credit is $0.0001.
    """

    def __init__(self, world):
        self.world = world
        self.keys = set()
        self.key_required = False
        self.largest_page = 200
        self.null_cursor_on_short_page = False
        self.longest_byline = 100
        self.hidden = set()
        self.credits = 10000

    def answer(self, path, query, headers):
        """:param path: without the query; :param query: name -> value; :param headers: names in lower case"""
        try:
            self._check_key(query, headers)
            parts = [part for part in path.split("/") if part]
            if not parts or parts[0] not in _LETTERS:
                return html_answer(404, "Not Found")
            cost = self._cost(parts, query)
            if cost > self.credits:
                return self.daily_refusal(cost)
            answer = self._entity(parts[0], "/".join(parts[1:]), query) if parts[1:] else self._list(parts[0], query)
            self.credits -= cost
            answer.headers.update(self._allowance_headers(cost))
            return answer
        except _Refused as refused:
            return refused.answer

    # Keys and money -----------------------------------------------------------------------------------------

    def _check_key(self, query, headers):
        bearer = headers.get("authorization", "")
        given = (bearer[7:] if bearer.startswith("Bearer ") else "") or query.get("api_key") or query.get("api-key") \
            or headers.get("api_key") or headers.get("api-key")
        if (given and given not in self.keys) or (self.key_required and not given):
            refusal = {"error": "Invalid or missing API key", "message": "API key not found"}
            raise _Refused(json_answer(refusal, 401))

    def _cost(self, parts, query):
        """Credits; one entity by id is free unless its second segment is a URL's."""
        if len(parts) > 1 and not parts[1].startswith("http"):
            return 0
        return 10 if "search" in query or ".search:" in query.get("filter", "") else 1

    def _allowance_headers(self, cost):
        return {"x-ratelimit-limit": "10000", "x-ratelimit-remaining": str(self.credits),
                "x-ratelimit-credits-used": str(cost), "x-ratelimit-onetime-remaining": "0",
                "x-ratelimit-reset": "39950", "x-ratelimit-limit-usd": "1", "x-ratelimit-cost-usd": str(cost / 10000),
                "x-ratelimit-remaining-usd": str(self.credits / 10000), "x-ratelimit-prepaid-remaining-usd": "0"}

    def daily_refusal(self, cost=1):
        """The 429 that lasts until midnight UTC."""
        return json_answer({
            "error": "Rate limit exceeded",
            "message": f"Insufficient budget. This request costs ${cost / 10000} but you only have $0 remaining.",
            "retryAfter": 39950, "costUsd": cost / 10000, "dailyRemainingUsd": 0, "prepaidRemainingUsd": 0,
            "creditsRequired": cost, "creditsRemaining": 0, "onetimeCreditsRemaining": 0,
        }, 429, retry_after=39950, x_ratelimit_remaining=0, x_ratelimit_reset=39950,
            x_ratelimit_cost_required_usd=cost / 10000)

    @staticmethod
    def per_second_refusal(wait=0.4):
        """The 429 that passes at once."""
        return json_answer({"error": "Rate limit exceeded", "retryAfter": wait,
                            "message": "Rate limit exceeded: 10 requests per second. Please slow down."},
                           429, retry_after=1)

    @staticmethod
    def plan_refusal(name="from_updated_date"):
        """The 429 that never passes."""
        return json_answer({"error": "Plan upgrade required", "message": f'The "{name}:..." filter requires a Premium, '
                            "Institutional, or Partner plan. See https://openalex.org/pricing"}, 429)

    # One entity ---------------------------------------------------------------------------------------------

    def _entity(self, kind, wanted, query):
        shelf = self._shelf(kind)
        id = self._id_behind(kind, wanted)
        if id in self.world.merged:
            answer = html_answer(301, "Moved Permanently")
            answer.headers["location"] = f"/{kind}/{self.world.merged[id]}"
            return answer
        if id not in shelf:
            return html_answer(404, "Not Found")
        if id != wanted and wanted.upper().endswith(id):
            answer = html_answer(302, "Found")
            answer.headers["location"] = f"/{kind}/{id}"
            return answer
        record = {"works": self.world.work_record, "authors": self.world.author_record,
                  "institutions": self.world.institution_record}[kind](id)
        return json_answer(self._selected(kind, record, query))

    def _shelf(self, kind):
        return {"works": self.world.works, "authors": self.world.authors,
                "institutions": self.world.institutions}[kind]

    def _id_behind(self, kind, wanted):
        """The id that `W..`, `doi:..`, `orcid:..`, `ror:..` or their URLs name; the text itself if none."""
        wanted = wanted.removeprefix(OPENALEX)
        scheme, _, value = wanted.partition(":")
        if scheme in ("https", "http"):
            value = value.lstrip("/")
            scheme, value = {"doi.org": "doi", "orcid.org": "orcid", "ror.org": "ror"}.get(value.split("/")[0], ""), \
                value.partition("/")[2]
        value = value.lower()
        if kind == "works" and scheme == "doi":
            return next((id for id, work in self.world.works.items() if work.doi.lower() == value), wanted)
        if kind == "authors" and scheme == "orcid":
            return next((id for id, author in self.world.authors.items() if author.orcid.lower() == value), wanted)
        if kind == "institutions" and scheme == "ror":
            return next((id for id, place in self.world.institutions.items() if place.ror == value), wanted)
        return wanted.upper()

    @staticmethod
    def _selected(kind, record, query):
        if "select" not in query:
            return record
        names = query["select"].split(",")
        for name in names:
            if name not in _SELECTABLE[kind]:
                raise _bad_question(f"{name} is not a valid select field. Valid fields for select are: "
                                    f"{', '.join(_SELECTABLE[kind])}.")
        return {name: value for name, value in record.items() if name in names}

    # Lists --------------------------------------------------------------------------------------------------

    def _list(self, kind, query):
        if "limit" in query:
            raise _Refused(json_answer({"error": "Invalid request rejected at the API edge",
                                        "error_source": "openalex-api-proxy", "message": "limit is no parameter"}, 400))
        if "page" in query and "cursor" in query:
            raise _bad_question("Cannot use page parameter with cursor.", "Pagination error.")
        size = int(query.get("per_page") or query.get("per-page") or 25)
        if not 1 <= size <= self.largest_page:
            raise _bad_question(f"per-page parameter must be between 1 and {self.largest_page}", "Pagination error.")
        found = self._found(kind, query)
        shown = [id for id in found if id not in self.hidden]
        page_number = int(query.get("page", 1))
        meta = {"count": len(found), "db_response_time_ms": 8, "page": None if "cursor" in query else page_number,
                "per_page": size, "groups_count": None, "cost_usd": 0.0001}
        if "cursor" in query:
            place = self._place_of(query["cursor"], kind, query)
            page = [id for id in shown if place is None or self._sort_key(kind, id, query) > place][:size]
            ended = len(page) < size if self.null_cursor_on_short_page else not page
            meta["next_cursor"] = None if ended else self._cursor(self._sort_key(kind, page[-1], query))
        else:
            if page_number * size > 10000:
                raise _bad_question("Maximum results size of 10,000 records is exceeded.", "Pagination error.")
            page = shown[(page_number - 1) * size:page_number * size]
        results = [self._selected(kind, self._record(kind, id), query) for id in page]
        return json_answer({"meta": meta, "results": results, "group_by": []})

    def _record(self, kind, id):
        if kind == "works":
            return self.world.work_record(id, self.longest_byline)
        return self.world.author_record(id) if kind == "authors" else self.world.institution_record(id)

    def _sort_key(self, kind, id, query):
        if kind != "works":
            return (0, id)
        work = self.world.works[id]
        name, _, direction = query.get("sort", "").partition(":")
        if name != "publication_date":
            return (-work.cited_by, id)
        day = int(work.date.replace("-", ""))
        return (-day if direction == "desc" else day, id)

    @staticmethod
    def _cursor(key):
        """Base64 of the last row's sort values, quoted once more; the mark makes `+`, `/` and `=` appear in it."""
        inner = json.dumps([*key, ">>>???>>>???>>>???"])
        return base64.b64encode(json.dumps(inner).encode() + b" " * (-len(json.dumps(inner)) % 3 + 1)).decode()

    def _place_of(self, cursor, kind, query):
        if cursor == "*":
            return None
        try:
            return tuple(json.loads(json.loads(base64.b64decode(cursor, validate=True)))[:2])
        except ValueError as error:
            raise _bad_question(f"Cursor value is invalid: {cursor}", "Pagination error.") from error

    def _found(self, kind, query):
        """Ids of everything the filter and the search leave, sorted."""
        if re.search(r"host_venue|data-version=1", "&".join(f"{n}={v}" for n, v in query.items())):
            raise _bad_question("host_venue is deprecated in favor of locations")
        clauses = _clauses(query.get("filter", ""))
        if kind == "works" and not any(name in ("is_xpac", "include_xpac") for name, _ in clauses):
            clauses.append(("is_xpac", "false"))
        shelf = self._shelf(kind)
        found = [id for id in shelf if all(self._matches(kind, id, name, value) for name, value in clauses)]
        if "search" in query:
            found = [id for id in found if self._search_matches(kind, id, query["search"])]
        sort = query.get("sort", "")
        if sort.partition(":")[0] not in ("", "publication_date", "cited_by_count", "relevance_score", "works_count"):
            raise _bad_question(f"{sort} is not a valid sort field.")
        return sorted(found, key=lambda id: self._sort_key(kind, id, query))

    def _search_matches(self, kind, id, text):
        """Every word of the question must stand in one of the names; accents are folded."""
        if kind == "authors":
            author = self.world.authors[id]
            names = " ".join([author.name, *author.alternatives])
        else:
            names = self.world.works[id].title if kind == "works" else self.world.institutions[id].name
        words = _folded(names).split()
        return all(word in words for word in _folded(text).split())

    def _matches(self, kind, id, name, value):
        """One clause of a filter: alternatives joined with |, all of them turned round by a leading !."""
        values = self._values(kind, id, name)
        negated = value.startswith("!")
        wanted = value.lstrip("!").split("|")
        if len(wanted) > 100:
            raise _bad_question(f"Maximum number of values exceeded for {name}. Decrease values to 100 or below, or "
                                "consider downloading the full dataset at https://docs.openalex.org/download-snapshot")
        if _BLOCKED_AUTHOR in wanted and name.endswith("author.id"):
            wanted.remove(_BLOCKED_AUTHOR)
            if not wanted:
                return True
        if any(text in ("", "none", "undefined") for text in wanted):
            raise _bad_question(f"{name} has an empty value.")
        if callable(values):
            return values(wanted[0])
        forms = {_short(text) for text in wanted}
        hit = bool(forms & {_short(text) for text in values}) or ("null" in wanted and not values)
        return hit != negated

    def _values(self, kind, id, name):
        """What the filter compares with, or a test of the asked value."""
        if name in _PAID_FILTERS:
            raise _Refused(self.plan_refusal(name))
        world = self.world
        if kind == "authors":
            author = world.authors[id]
            places = [place for place, _ in author.affiliations]
            known = {"orcid": [author.orcid], "openalex": [id], "ids.openalex": [id], "id": [id],
                     "last_known_institutions.id": places[:1], "affiliations.institution.id": places,
                     "affiliations.institution.lineage": [up for place in places for up in world.lineage(place)],
                     "display_name.search": lambda text: self._search_matches(kind, id, text)}
        elif kind == "institutions":
            known = {"ror": [world.institutions[id].ror], "openalex": [id], "ids.openalex": [id],
                     "lineage": world.lineage(id)}
        else:
            known = self._work_values(world.works[id])
        if name not in known:
            raise _bad_question(f"{name} is not a valid field. Valid fields are underscore or hyphenated versions of: "
                                f"{', '.join(sorted(known))}")
        return known[name]

    def _work_values(self, work):
        """Filters look at the whole byline, also where lists cut it."""
        places = [place for mention in work.byline for place in mention.institutions]
        authors = [mention.author for mention in work.byline if mention.author]
        orcids = [self.world.authors[id].orcid for id in authors if self.world.authors[id].orcid]
        rors = [self.world.institutions[place].ror for place in places]
        known = {"author.id": authors, "author.orcid": orcids, "institutions.id": places, "institutions.ror": rors}
        known.update({f"authorships.{name}": values for name, values in known.items()})
        known.update({
            "authorships.institutions.lineage": [up for place in places for up in self.world.lineage(place)],
            "from_publication_date": lambda day: work.date >= day, "to_publication_date": lambda day: work.date <= day,
            "publication_year": [str(work.year)], "type": [work.kind], "doi": [work.doi] if work.doi else [],
            "openalex": [work.id], "ids.openalex": [work.id], "is_xpac": [str(work.xpac).lower()],
            "is_retracted": ["false"], "is_paratext": ["false"], "has_doi": [str(bool(work.doi)).lower()],
        })
        return known


def _clauses(text):
    """Name and value of every clause; commas within quotes do not part clauses."""
    clauses = []
    for clause in re.findall(r'(?:[^,"]|"[^"]*")+', text):
        name, colon, value = clause.partition(":")
        if not colon:
            raise _Refused(json_answer({"error": "Invalid request rejected at the API edge",
                                        "error_source": "openalex-api-proxy",
                                        "message": f"Filter segment {clause} has no colon"}, 400))
        clauses.append((name, value))
    return clauses


def _short(text):
    """The last segment of an id's URL, in one case, so that every way of writing it compares."""
    text = text.strip('"').lower()
    return re.sub(r"^https?://(openalex\.org|orcid\.org|ror\.org|doi\.org)/", "", text)


def _folded(text):
    flat = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^\w]+", " ", "".join(c for c in flat if not unicodedata.combining(c)).lower())
