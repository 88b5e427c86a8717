"""The made-up world most tests share, its roster, and what must come out of it, counted here and not by the program.

Two teams: Lin, Wei and Sato (north), Novak and Okafor (south); Berg belongs to none. Ida Berg is found by her ORCID,
Petra Novak by name and affiliation, the others by ids that the roster names.
"""

from collections import defaultdict

from world import Mention, World

PEOPLE = [
    {"key": "lin", "name": "Meixiu Lin", "teams": "north", "openalex": "A5000000001"},
    {"key": "wei", "name": "Tao Wei", "teams": "north", "openalex": "A5000000002;A5000000012"},
    {"key": "sato", "name": "Haruki Sato", "teams": "north;south", "openalex": "A5000000003"},
    {"key": "novak", "name": "Petra Novák", "teams": "south", "affiliation_hints": "harbour"},
    {"key": "okafor", "name": "Chidi Okafor", "teams": "south", "openalex": "A5000000005"},
    {"key": "berg", "name": "Ida Berg", "orcid": "0000-0002-1825-0097"},
]
INSTITUTIONS = [
    {"key": "ridge", "name": "Ridge Laboratories", "openalex": "I4200000001", "ror": "05a28rw58"},
    {"key": "ridge-east", "name": "Ridge Laboratories East", "parent": "ridge", "openalex": "I4200000002",
     "patterns": "Ridge Lab. East"},
    {"key": "harbour", "name": "Harbour University", "openalex": "I4200000003"},
]
IDENTITIES = {  # author id -> person, as the roster, the ORCID and the affiliation decide
    "A5000000001": "lin", "A5000000002": "wei", "A5000000012": "wei", "A5000000003": "sato", "A5000000004": "novak",
    "A5000000005": "okafor", "A5000000006": "berg",
}


def made_up_world():
    """The world; every call gives a fresh one."""
    world = World()
    world.institution("I4200000001", "Ridge Laboratories", ror="05a28rw58", kind="company")
    world.institution("I4200000002", "Ridge Laboratories East", parent="I4200000001", kind="company")
    world.institution("I4200000003", "Harbour University")
    world.institution("I4200000004", "Lakeside Institute", country="JP")
    north, east, harbour, lake = "I4200000001", "I4200000002", "I4200000003", "I4200000004"
    world.author("A5000000001", "Meixiu Lin", affiliations=((east, (2014, 2018)),))
    world.author("A5000000002", "Tao Wei", affiliations=((east, (2015,)),))
    world.author("A5000000012", "T. Wei", affiliations=((harbour, (2020,)),))
    world.author("A5000000003", "Haruki Sato", affiliations=((lake, (2016,)),))
    world.author("A5000000004", "Petra Novak", affiliations=((harbour, (2017, 2021)),), works_count=6)
    world.author("A5000000044", "Petra Novak", affiliations=((lake, (1999,)),), works_count=2)
    world.author("A5000000005", "Chidi Okafor", affiliations=((harbour, (2019,)),))
    world.author("A5000000006", "Ida Berg", orcid="0000-0002-1825-0097", affiliations=((north, (2013,)),))
    for n in range(20, 32):
        world.author(f"A50000000{n}", f"Outside Author{chr(ord('a') + n - 20)}")
    people = {person: id for id, person in reversed(IDENTITIES.items())}
    lin, wei, sato, novak, okafor, berg = (people[p] for p in ("lin", "wei", "sato", "novak", "okafor", "berg"))
    out = [f"A50000000{n}" for n in range(20, 32)]
    money = (("F4300000001", "Fund of the Ridge", "RG-7"),)
    add = world.work
    add("W1001", "Parsing by moonlight", "2013-06-01", [(lin, [east]), (wei, [east]), (out[0], [north])],
        doi="10.5555/moon.1", venue="Proceedings of the Night", funders=money)
    add("W1002", "Graphs of the harbour", "2014-03-15", [(lin, [east]), (wei, [east])], doi="10.5555/harbour.2")
    add("W1003", "A lone essay", "2015-01-20", [(lin, [east])], doi="10.5555/lone.3")
    add("W1004", "Models, small and large", "2016-09-09",
        [(lin, [east, harbour]), (wei, [east]), (sato, [lake]), (out[1], [lake]), (out[2], [lake])],
        doi="10.5555/models.4", references=("W1001", "W1002"))
    add("W1005", "Tides and tokens", "2017-11-30", [(sato, [lake]), (novak, [harbour])], doi="10.5555/tides.5")
    add("W1006", "Tides and tokens, again", "2018-02-11", [(novak, [harbour]), (okafor, [harbour]), (sato, [lake]),
        Mention(None, raw_name="Unknown Helper", printed=("Ridge Lab. East, Somewhere",))], doi="10.5555/tides.6")
    add("W1007", "Wei at the harbour", "2020-05-05", [("A5000000012", [harbour]), (okafor, [harbour]), (out[3], [])],
        doi="10.48550/arxiv.2005.01234", arxiv="2005.01234")
    add("W1008", "Long tables", "2021-07-07", [(berg, [north]), *out[3:12]], doi="10.5555/long.8", cited_by=12)
    add("W1009", "Out of the window, early", "2009-01-01", [(lin, [east]), (okafor, [harbour])], doi="10.5555/early.9")
    add("W1010", "Printed twice", "2022-04-04", [(novak, [harbour]), (okafor, [harbour]), (novak, [lake])],
        doi="10.5555/twice.10")
    add("W1011", "The other Petra", "2015-05-05", [("A5000000044", [lake]), (out[4], [])], doi="10.5555/other.11")
    add("W1012", "A stranger's work", "2019-10-10", [(out[5], [north]), (out[6], [north])], doi="10.5555/far.12")
    add("W1013", "Northern lights", "2023-12-24", [(wei, [east]), (lin, [north]), (berg, [north])],
        doi="10.5555/lights.13", funders=money)
    return world


def author_key(world, mention):
    """The corpus key of a byline entry, None for an entry without a name."""
    if mention.author:
        person = IDENTITIES.get(mention.author)
        return f"person:{person}" if person else f"openalex:{mention.author}"
    return "name:" + " ".join(sorted(mention.raw_name.lower().split())) if mention.raw_name else None


def studied_works(world, first=2012, last=2025):
    """Works in the window with somebody of the roster among the authors: what `works_of = ["people"]` brings."""
    return {id: work for id, work in world.works.items()
            if first <= work.year <= last and any(mention.author in IDENTITIES for mention in work.byline)}


def bylines(world, works):
    """Work id -> author keys, each once, in printed order."""
    return {id: list(dict.fromkeys(key for mention in work.byline if (key := author_key(world, mention))))
            for id, work in works.items()}


def pair_weights(authors_of):
    """Pair of author keys -> counting -> (joint works, weight), by the formulas of each counting."""
    pairs = defaultdict(lambda: {"works": [], "full": 0.0, "fractional": 0.0, "pair": 0.0})
    for work, authors in authors_of.items():
        n = len(authors)
        for i, first in enumerate(authors):
            for second in authors[i + 1:]:
                link = pairs[tuple(sorted((first, second)))]
                link["works"].append(work)
                link["full"] += 1
                link["fractional"] += 1 / (n - 1)
                link["pair"] += 2 / (n * (n - 1))
    return dict(pairs)
