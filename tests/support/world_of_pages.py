"""A world whose list of works is long: many works of one person."""

from made_up import made_up_world


def long_world(works):
    """The made-up world with so many works of Meixiu Lin, one a month from 2013 on, and no others."""
    world = made_up_world()
    world.works.clear()
    for n in range(works):
        day = f"{2013 + n // 12}-{n % 12 + 1:02}-01"
        world.work(f"W{3000 + n}", f"Night watch {n}", day, [("A5000000001", ["I4200000002"]), f"A50000000{20 + n % 12}"],
                   doi=f"10.5555/watch.{n}")
    return world
