"""A small bibliographic world that the test servers tell about: people, institutions, works.

Everything is made up. The shapes are those of OpenAlex (2026) and of arXiv; the tests compute what they expect from
these objects and never from the program's output.
"""

from dataclasses import dataclass, field

OPENALEX = "https://openalex.org/"


@dataclass
class Institution:
    """An institution with the one above it."""

    id: str
    name: str
    parent: str = ""
    ror: str = ""
    country: str = "CN"
    kind: str = "education"


@dataclass
class Author:
    """An author record of OpenAlex."""

    id: str
    name: str
    orcid: str = ""
    alternatives: tuple = ()
    affiliations: tuple = ()  # (institution id, years)
    works_count: int = 1


@dataclass
class Mention:
    """One author on one work; `author` is None where OpenAlex knows no author."""

    author: str = None
    raw_name: str = ""
    institutions: tuple = ()
    printed: tuple = ()  # affiliations as printed


@dataclass
class Work:
    """A work of OpenAlex."""

    id: str
    title: str
    date: str
    byline: list
    doi: str = ""
    arxiv: str = ""
    venue: str = ""
    kind: str = "article"
    funders: tuple = ()  # (funder id, name, award number)
    references: tuple = ()
    cited_by: int = 0
    xpac: bool = False

    @property
    def year(self):
        return int(self.date[:4])


@dataclass
class Preprint:
    """An entry of arXiv."""

    id: str
    title: str
    published: str
    authors: list  # names, or (name, [affiliations])
    version: int = 1
    updated: str = ""
    doi: str = ""
    journal_ref: str = ""
    comment: str = ""
    category: str = "cs.CL"


@dataclass
class World:
    """Everything the servers know."""

    institutions: dict = field(default_factory=dict)
    authors: dict = field(default_factory=dict)
    works: dict = field(default_factory=dict)
    preprints: dict = field(default_factory=dict)
    merged: dict = field(default_factory=dict)  # old OpenAlex id -> the one it went into

    def institution(self, id, name, **more):
        self.institutions[id] = Institution(id, name, **more)
        return id

    def author(self, id, name, **more):
        self.authors[id] = Author(id, name, **more)
        return id

    def work(self, id, title, date, byline, **more):
        """Adds a work; entries of the byline are Mentions, or author ids, or (author id, institution ids)."""
        mentions = []
        for entry in byline:
            if isinstance(entry, str):
                entry = Mention(entry)
            elif isinstance(entry, tuple):
                entry = Mention(entry[0], institutions=tuple(entry[1]))
            mentions.append(entry)
        self.works[id] = Work(id, title, date, mentions, **more)
        return id

    def preprint(self, id, title, published, authors, **more):
        self.preprints[id] = Preprint(id, title, published, authors, **more)
        return id

    def lineage(self, id):
        """The institution and everything above it, itself first."""
        chain = []
        while id:
            chain.append(id)
            id = self.institutions[id].parent
        return chain

    # As OpenAlex writes them -----------------------------------------------------------------------------------------

    def institution_short(self, id):
        """An institution as it stands inside a work or an author."""
        institution = self.institutions[id]
        return {
            "id": OPENALEX + id,
            "display_name": institution.name,
            "ror": f"https://ror.org/{institution.ror}" if institution.ror else None,
            "country_code": institution.country,
            "type": institution.kind,
            "lineage": [OPENALEX + above for above in self.lineage(id)],
        }

    def institution_record(self, id):
        """An institution as an entity of its own."""
        record = self.institution_short(id)
        record.update(works_count=1, cited_by_count=0, display_name_alternatives=[], associated_institutions=[],
                      ids={"openalex": OPENALEX + id})
        return record

    def author_record(self, id):
        """An author as an entity of its own."""
        author = self.authors[id]
        affiliations = [{"institution": self.institution_short(place), "years": list(years)}
                        for place, years in author.affiliations]
        return {
            "id": OPENALEX + id,
            "orcid": f"https://orcid.org/{author.orcid}" if author.orcid else None,
            "display_name": author.name,
            "display_name_alternatives": [author.name, *author.alternatives],
            "works_count": author.works_count,
            "cited_by_count": 0,
            "summary_stats": {"2yr_mean_citedness": 0.0, "h_index": 0, "i10_index": 0},
            "ids": {"openalex": OPENALEX + id},
            "affiliations": affiliations,
            "last_known_institutions": [self.institution_short(place) for place, _ in author.affiliations[:1]],
            "topics": [],
            "counts_by_year": [],
            "works_api_url": f"https://api.openalex.org/works?filter=author.id:{id}",
            "updated_date": "2026-11-01T00:00:00",
            "created_date": "2023-07-21",
        }

    def authorship_record(self, mention, position):
        """One element of `authorships`."""
        author = self.authors.get(mention.author)
        places = [self.institution_short(place) for place in mention.institutions]
        printed = list(mention.printed) or [place["display_name"] for place in places]
        return {
            "author_position": position,
            "author": {
                "id": OPENALEX + mention.author if mention.author else None,
                "display_name": author.name if author else mention.raw_name,
                "orcid": f"https://orcid.org/{author.orcid}" if author and author.orcid else None,
            },
            "institutions": places,
            "countries": sorted({place["country_code"] for place in places}),
            "is_corresponding": None,
            "raw_author_name": mention.raw_name or (author.name if author else ""),
            "raw_orcid": None,
            "raw_affiliation_strings": printed,
            "affiliations": [{"raw_affiliation_string": text,
                              "institution_ids": [OPENALEX + place for place in mention.institutions]}
                             for text in printed],
        }

    def work_record(self, id, longest_byline=None):
        """A work; with `longest_byline` its byline is cut as lists cut it, and marked."""
        work = self.works[id]
        last = len(work.byline) - 1
        shown = work.byline[:longest_byline]
        doi = f"https://doi.org/{work.doi}" if work.doi else None
        record = {
            "id": OPENALEX + id,
            "doi": doi,
            "title": work.title,
            "display_name": work.title,
            "publication_year": work.year,
            "publication_date": work.date,
            "ids": {"openalex": OPENALEX + id, **({"doi": doi} if doi else {})},
            "language": "en",
            "primary_location": self.location_record(work),
            "type": work.kind,
            "indexed_in": [],
            "authorships": [
                self.authorship_record(mention, "first" if n == 0 else "last" if n == last else "middle")
                for n, mention in enumerate(shown)],
            "cited_by_count": work.cited_by,
            "is_retracted": False,
            "is_paratext": False,
            "is_xpac": work.xpac,
            "locations": [self.location_record(work)],
            "locations_count": 1,
            "best_oa_location": None,
            "funders": [{"id": OPENALEX + funder, "display_name": name, "ror": None}
                        for funder, name, _ in work.funders],
            "awards": [{"id": f"{OPENALEX}G{n}", "display_name": None, "funder_award_id": award,
                        "funder_id": OPENALEX + funder, "funder_display_name": name, "doi": None}
                       for n, (funder, name, award) in enumerate(work.funders, 1) if award],
            "referenced_works_count": len(work.references),
            "referenced_works": [OPENALEX + reference for reference in work.references],
            "related_works": [],
            "updated_date": "2026-11-01T00:00:00",
            "created_date": "2024-01-01",
        }
        if longest_byline is not None and len(work.byline) > longest_byline:
            record["is_authors_truncated"] = True
        return record

    @staticmethod
    def location_record(work):
        page = f"http://arxiv.org/abs/{work.arxiv}" if work.arxiv else f"https://doi.org/{work.doi}"
        source = {"id": OPENALEX + "S1", "display_name": work.venue, "type": "conference"} if work.venue else None
        return {"id": f"doi:{work.doi}" if work.doi else None, "is_oa": True, "landing_page_url": page, "pdf_url": None,
                "source": source, "license": None, "version": "publishedVersion", "raw_source_name": work.venue or None}
