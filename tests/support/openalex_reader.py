"""Reads OpenAlex works from JSON and from a dataset, each on its own, into equal plain values.

The JSON side knows nothing of the program; the dataset side knows the tables that docs/dataset.md describes.
"""

import re
import sqlite3
from collections import defaultdict

NOBODY = ("A9999999999", "A5317838346")  # what OpenAlex writes where it knows no author, or deleted one


def short(url):
    """The id at the end of an OpenAlex URL."""
    return (url or "").rpartition("/")[2]


def shorts(urls):
    """The ids of a list that may hold nulls, or be null itself."""
    return tuple(short(url) for url in urls or [] if url)


def bare(text, prefix):
    """An identifier in lower case without its web address."""
    return re.sub(prefix, "", (text or "").strip(), flags=re.IGNORECASE).lower()


def ror_of(institution):
    """The ROR id; empty for what is none (a recorded answer has its address twice in one field)."""
    text = bare(institution.get("ror"), r"^https?://ror\.org/")
    return text if re.fullmatch(r"0[a-z0-9]{8}", text) else ""


def orcid_of(*urls):
    """The first ORCID iD whose ISO 7064 check digit holds; a recorded one of 2023 has a digit mistyped."""
    for url in urls:
        id = bare(url, r"^https?://orcid\.org/").upper()
        total = 0
        for digit in id.replace("-", "")[:-1]:
            total = (total + int(digit)) * 2
        if id and "0123456789X"[(12 - total % 11) % 11] == id[-1]:
            return id
    return ""


def author_of(authorship):
    """The authorship's author without those that stand for nobody."""
    author = authorship.get("author") or {}
    return {} if short(author.get("id")) in NOBODY else author


def names_of(authorship):
    """Names the byline or the source gives, whichever column they go to."""
    author = author_of(authorship)
    return {name for name in (authorship.get("raw_author_name"), author.get("display_name")) if name}


def institution_from_json(institution):
    return (short(institution.get("id")), institution.get("display_name") or "",
            ror_of(institution), institution.get("country_code") or "",
            institution.get("type") or "", shorts(institution.get("lineage")))


def authorship_from_json(authorship):
    """Names, author id, ORCID, institutions, affiliations."""
    author = author_of(authorship)
    institutions = tuple(institution_from_json(place) for place in authorship.get("institutions") or []
                         if place.get("id") or place.get("ror"))
    affiliations = [(entry.get("raw_affiliation_string") or "", shorts(entry.get("institution_ids")))
                    for entry in authorship.get("affiliations") or []]
    affiliations = [entry for entry in affiliations if entry != ("", ())]
    if not affiliations:
        printed = authorship.get("raw_affiliation_strings") or [authorship.get("raw_affiliation_string")]
        affiliations = [(text, ()) for text in printed if text]
    orcid = orcid_of(author.get("orcid"), authorship.get("raw_orcid"))
    return {"names": names_of(authorship), "author_id": short(author.get("id")), "orcid": orcid,
            "corresponding": authorship.get("is_corresponding"), "institutions": institutions,
            "affiliations": tuple(affiliations)}


def work_from_json(work):
    """One work of an answer or a snapshot."""
    place = work.get("primary_location") or {}
    venue = (place.get("source") or {}).get("display_name") or place.get("raw_source_name") \
        or (work.get("host_venue") or {}).get("display_name") or ""
    awards = [(short(award.get("funder_id")), award.get("funder_award_id") or "") for award in work.get("awards") or []]
    awards = awards or [(short(grant.get("funder")), grant.get("award_id") or "") for grant in work.get("grants") or []]
    bylines = work.get("authorships") or []
    told = work.get("authors_count") or 0
    return {
        "id": short(work["id"]), "doi": bare(work.get("doi"), r"^https?://(dx\.)?doi\.org/"),
        "title": work.get("title") or work.get("display_name") or "", "year": work.get("publication_year"),
        "date": work.get("publication_date") or "", "type": work.get("type") or "", "venue": venue,
        "language": work.get("language") or "", "cited_by": work.get("cited_by_count"),
        "retracted": bool(work.get("is_retracted")), "author_count": max(len(bylines), told),
        "truncated": bool(work.get("is_authors_truncated")) or told > len(bylines),
        "authorships": [authorship_from_json(authorship) for authorship in bylines],
        "funders": {funder for funder, _ in awards if funder} | {short(f.get("id")) for f in work.get("funders") or []},
        "awards": {award for award in awards if award[1]},
        "references": list(shorts(work.get("referenced_works"))),
    }


def unpacked(text):
    """A list column of the dataset: items each followed by a line feed, line feeds and backslashes escaped."""
    items = text.split("\n")[:-1]
    return tuple(re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], item) for item in items)


class StoredWorks:
    """The works of one source in a dataset."""

    def __init__(self, path, source):
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row
        self._source = source

    def close(self):
        self._connection.close()

    def rows(self, sql):
        return self._connection.execute(sql, (self._source,)).fetchall()

    def all(self):
        """Id -> work, in the shape of work_from_json()."""
        of_source = "JOIN work USING (work) JOIN source USING (source) WHERE source.name = ?"
        institutions, affiliations = defaultdict(list), defaultdict(list)
        for row in self.rows("SELECT a.work, a.position, i.* FROM authorship_institution a JOIN institution i "
                             f"USING (institution) {of_source} ORDER BY a.work, a.position, a.place"):
            institutions[row["work"], row["position"]].append(
                (row["id"], row["name"], row["ror"], row["country"], row["type"], unpacked(row["lineage"])))
        for row in self.rows("SELECT a.work, a.position, f.text, f.institution_ids FROM authorship_affiliation a "
                             f"JOIN affiliation f USING (affiliation) {of_source} "
                             "ORDER BY a.work, a.position, a.place"):
            affiliations[row["work"], row["position"]].append((row["text"], unpacked(row["institution_ids"])))
        bylines = defaultdict(list)
        for row in self.rows(f"SELECT a.* FROM authorship a {of_source} ORDER BY a.work, a.position"):
            name = row["raw_name"] if row["name"] is None else row["name"]
            place = (row["work"], row["position"])
            corresponding = None if row["corresponding"] is None else bool(row["corresponding"])
            bylines[row["work"]].append({
                "names": {text for text in (row["raw_name"], name) if text}, "author_id": row["author_id"],
                "orcid": row["orcid"], "corresponding": corresponding, "institutions": tuple(institutions[place]),
                "affiliations": tuple(affiliations[place])})
        funding = defaultdict(list)
        for row in self.rows(f"SELECT f.* FROM funding f {of_source}"):
            funding[row["work"]].append((row["funder_id"], row["award_id"]))
        return {row["id"]: self._work(row, bylines[row["work"]], funding[row["work"]])
                for row in self.rows("SELECT work.* FROM work JOIN source USING (source) WHERE source.name = ?")}

    @staticmethod
    def _work(row, authorships, funding):
        work = {name: row[name] for name in ("id", "doi", "title", "year", "date", "type", "venue", "language",
                                             "cited_by", "author_count")}
        work.update(retracted=bool(row["retracted"]), truncated=bool(row["byline_truncated"]), authorships=authorships,
                    funders={funder for funder, _ in funding if funder},
                    awards={award for award in funding if award[1]},
                    references=list(unpacked(row["reference_list"])))
        return work
