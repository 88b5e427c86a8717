"""How much of a sweep is done: all of it under `ctest --preset sweep`, a part in the ordinary tests."""

import os

IS_FULL = os.environ.get("COTERIE_SWEEP") == "full"


def measured(ordinary, full):
    """The ordinary or the full measure of something."""
    return full if IS_FULL else ordinary
