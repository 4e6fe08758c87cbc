"""Reported numbers side by side: best first, and where papers contradict each other.

Only numbers of one kind, in one metric, on one benchmark belong in one table; levels are never
mixed with gains and reductions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from graph.analytics.metrics import Better, Scale
from graph.analytics.quantities import Quantity, differ, parse
from graph.ontology import ResultKind

COMPARED, OTHER_UNIT, UNREAD = range(3)
"""Parts of a table, in order."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A number that a paper reports.

    Attributes:
        id: of the result.
        paper: who reports it.
        system: what reaches it, if the paper says so.
        kind: a level, a gain or a reduction.
        value: as written.
        published_at: when the paper came out.
    """

    id: str
    paper: str
    system: str | None
    kind: ResultKind
    value: str
    published_at: date | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A number at its place in a table.

    Attributes:
        reported: the number as reported.
        quantity: what it is; None where the text cannot be read as one number.
        place: by what it is compared; None with ``quantity``.
        rank: 1 for the best, the same for equal places; None where no direction is known, no
            number was read, or it is in another unit than most.
        contradicted_by: ids of results of other papers that state another level for the same
            system; gains and reductions are relative to something and contradict nothing.
        key: its place in the order of the table, which no other number shares.
    """

    reported: Reported
    quantity: Quantity | None
    place: float | None
    rank: int | None
    contradicted_by: tuple[str, ...]
    key: tuple[int, float, str, str, str]


def table(reported: Iterable[Reported], scale: Scale) -> list[Placed]:
    """The numbers in order.

    Order: best first (largest first for gains, reductions, and where the metric has no direction);
    then those in another unit than most, which cannot be compared; unread ones last; ties: oldest
    paper first (undated last), then paper id, result id.
    """
    read = [(one, parse(one.value)) for one in reported]
    descending = scale.better is not Better.LOWER
    against = _contradictions(read, scale)
    units = Counter(_unit(quantity, scale) for _, quantity in read if quantity)
    usual = min(units, key=lambda unit: (-units[unit], unit), default="")

    def key(one: Reported, quantity: Quantity | None) -> tuple[int, float, str, str, str]:
        place = None if quantity is None else scale.place(quantity)
        if one.kind is not ResultKind.ABSOLUTE:
            signed = -abs(place or 0.0)
        else:
            signed = 0.0 if place is None else (-place if descending else place)
        day = (one.published_at or date.max).isoformat()
        if quantity is None:
            part = UNREAD
        else:
            part = COMPARED if _unit(quantity, scale) == usual else OTHER_UNIT
        return part, signed, day, one.paper, one.id

    placed: list[Placed] = []
    ranked = scale.better is not Better.UNKNOWN
    in_order = sorted(((key(*item), *item) for item in read), key=itemgetter(0))
    for position, (place_in_order, one, quantity) in enumerate(in_order, 1):
        place = None if quantity is None else scale.place(quantity)
        rank = position if ranked and place_in_order[0] == COMPARED else None
        if rank and placed and placed[-1].place == place:
            rank = placed[-1].rank
        contradicting = against.get(one.id, ())
        placed.append(Placed(one, quantity, place, rank, contradicting, place_in_order))
    return placed


def _contradictions(
    read: Sequence[tuple[Reported, Quantity | None]], scale: Scale
) -> dict[str, tuple[str, ...]]:
    of_system: dict[str, list[tuple[Reported, Quantity]]] = defaultdict(list)
    for one, quantity in read:
        if quantity and one.system and one.kind is ResultKind.ABSOLUTE and not quantity.bound:
            of_system[one.system].append((one, quantity))
    found: dict[str, tuple[str, ...]] = {}
    for values in of_system.values():
        for one, quantity in values:
            others = sorted(
                other.id
                for other, its in values
                if other.paper != one.paper and _apart(quantity, its, scale)
            )
            if others:
                found[one.id] = tuple(others)
    return found


def _apart(one: Quantity, other: Quantity, scale: Scale) -> bool:
    if _unit(one, scale) != _unit(other, scale):
        return False  # of different things
    places = scale.place(one), scale.place(other)
    if places == (one.number, other.number):
        return differ(one, other)
    # A proportion in per cent is two digits coarser than as a fraction.
    decimals = [
        max(q.decimals - (2 if place != q.number else 0), 0)
        for q, place in zip((one, other), places, strict=True)
    ]
    led = [Quantity(place, "", d) for place, d in zip(places, decimals, strict=True)]
    return differ(led[0], led[1])


def _unit(quantity: Quantity, scale: Scale) -> str:
    """The unit; a proportion's is per cent, whether it is written or not."""
    return "%" if scale.proportion and not quantity.unit else quantity.unit
