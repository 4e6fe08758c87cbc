"""Which way a metric is better, and whether it is a proportion; by its name.

A metric is what its name says: of the phrases in ``metrics.tsv`` the longest at the end of the name
counts, else the longest before its last word, and so on: ``validation loss`` is a loss, ``success
rate on unseen tasks`` a success. A name that tells nothing has no direction, and nothing is called
best by it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from graph.analytics.quantities import Quantity

_SPLIT = re.compile(r"[^\w&+/]+")


class Better(StrEnum):
    """Which values of a metric are better."""

    HIGHER = "higher"
    LOWER = "lower"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scale:
    """How values of a metric compare.

    Attributes:
        better: which are better.
        proportion: they lie between 0 and 1, or 0 and 100 %: ``0.92`` and ``92%`` are one value.
    """

    better: Better = Better.UNKNOWN
    proportion: bool = False

    def place(self, quantity: Quantity) -> float:
        """Where a value lies; proportions in per cent."""
        if self.proportion and quantity.unit == "" and 0 <= quantity.number <= 1:
            return quantity.number * 100
        return quantity.number


@cache
def _table() -> dict[str, Scale]:
    text = files(__package__).joinpath("metrics.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {name: Scale(Better(better), bool(proportion)) for name, better, proportion in rows}


def scale_of(names: Iterable[str]) -> Scale:
    """The scale of a metric, by its name and, where that tells nothing, its other spellings."""
    return next((found for name in names if (found := _by_name(name))), Scale())


def _by_name(name: str) -> Scale | None:
    words, table = [word for word in _SPLIT.split(name.casefold()) if word], _table()
    for end in range(len(words), 0, -1):
        for start in range(end):
            phrase = " ".join(words[start:end])
            if found := table.get(phrase) or table.get(phrase.rstrip("0123456789")):
                return found
    return None
