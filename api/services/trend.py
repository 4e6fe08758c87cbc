"""How many papers take something up as time goes by, and what is on the rise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from api.services.names import Names
from graph.analytics.periods import Interval, Period, begin, counted, following, length
from graph.errors import UsageError
from graph.ontology import EntityType, Role
from graph.stores.base import (
    EntityCondition,
    EntityRow,
    GraphStore,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.stores.columns import Reading

MAX_PERIODS = 1000
"""Most periods in one answer."""


@dataclass(frozen=True, slots=True)
class Riser:
    """An entity, and its papers in two periods that follow each other."""

    entity: EntityRow
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """Papers with a claim on an entity, period by period; empty where none is dated."""

    points: tuple[tuple[Period, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Risers:
    """What has more papers in ``now`` than in ``before``, a stretch of as many days."""

    before: Period
    now: Period
    entities: tuple[Riser, ...]


def adoption(
    store: GraphStore,
    names: Names,
    entity: str,
    role: Role | None,
    interval: Interval,
    first: date | None,
    last: date | None,
) -> Adoption:
    """Papers with a claim on an entity, period by period; those of nothing included.

    Args:
        store: the graph.
        names: what names mean in it.
        entity: a name in any spelling.
        role: of the claims; None for any.
        interval: length of a period.
        first: the first day counted; None for that of the first such paper.
        last: the last day counted; None for that of the newest paper of all.

    Raises:
        UnknownName: the name is nothing in the graph.
        UsageError: the days are the wrong way round, or too far apart for this interval.
    """

    def work(reading: Reading) -> tuple[Mapping[date, int], date | None]:
        ids = frozenset(row.id for row in names.meant(entity, reading))
        condition = PaperCondition(
            claims=(EntityCondition(role, ids),), published_after=first, published_before=last
        )
        return reading.papers_per_day(condition), last or _newest(reading)

    days, end = store.read(work)
    start = first or min(days, default=None)
    if start is None or end is None:
        return Adoption()
    end = max(end, start) if last is None else end
    if start > end:
        raise UsageError(f"the days from {start} to {end} are none", "give the earlier one first")
    if length(start, end, interval) > MAX_PERIODS:
        raise UsageError(
            f"from {start} to {end} there are over {MAX_PERIODS} periods of a {interval}",
            "ask for a longer interval or fewer days",
        )
    try:
        return Adoption(tuple(counted(days, start, end, interval)))
    except OverflowError as e:
        raise UsageError(
            f"the {interval} of {end} ends after the calendar", "ask for an earlier day"
        ) from e


def risers(
    store: GraphStore,
    type: EntityType,
    role: Role | None,
    interval: Interval,
    first: date | None,
    last: date | None,
    limit: int,
) -> Risers | None:
    """The entities of a type whose number of papers grew most; None in a graph without a date.

    Args:
        store: the graph.
        type: of the entities.
        role: of the claims counted; None for any.
        interval: length of the stretch looked at, where ``first`` is not given.
        first: its first day.
        last: its last day; None for that of the newest paper.
        limit: most entities.

    Raises:
        UsageError: the days are the wrong way round, or there is no time before them.
    """

    def work(reading: Reading) -> Risers | None:
        end = last or _newest(reading)
        if end is None:
            return None
        start = first or _back(end, interval)
        if start > end:
            raise UsageError(f"the days from {start} to {end} are none", "the earlier one first")
        try:
            before = start - (end - start) - timedelta(1)
        except OverflowError as e:
            raise UsageError(f"there is no time before {start}", "ask for later days") from e
        grown = reading.growing(
            type, frozenset() if role is None else frozenset({role}), (before, start, end), limit
        )
        rows = reading.entities_by_id([growth.entity for growth in grown])
        return Risers(
            Period(before, start - timedelta(1)),
            Period(start, end),
            tuple(Riser(rows[g.entity], g.before, g.after) for g in grown if g.entity in rows),
        )

    return store.read(work)


def _back(end: date, interval: Interval) -> date:
    """First day of a stretch of about an interval that ends on this day."""
    start = begin(end, interval)
    try:
        days = (following(start, interval) - start).days
        return end - timedelta(days - 1)
    except OverflowError as e:
        raise UsageError(f"there is no {interval} around {end}", "ask for another day") from e


def _newest(reading: Reading) -> date | None:
    page = reading.papers(
        PaperCondition(), PaperOrder.PUBLISHED_AT, True, Window(1), ["published_at"]
    )
    (day,) = page.items[0] if page.items else (None,)
    return date.fromisoformat(day) if day else None
