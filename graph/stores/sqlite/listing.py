"""Lists in order: papers, claims of an entity.

"Papers that use X, newest first" is read off the index ``claims_by_entity``, one range per entity
and role, merged: it costs the rows shown, however many papers there are and use X.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import islice, product
from typing import Any, TypeVar

from graph.ontology import Role
from graph.stores import answers
from graph.stores.base import (
    ClaimRow,
    EntityCondition,
    Page,
    PaperCondition,
    PaperOrder,
    SortKey,
    Window,
)
from graph.stores.paging import page
from graph.stores.sqlite import conditions, rows
from graph.stores.sqlite.conditions import CLAIM_ORDERING, Ordering, Sql

T = TypeVar("T")

_MOST_RANGES = 64
_CLAIMED_PAPER_ORDERING = Ordering(("c.published", "c.paper_id"), (True, False), (str, str))
_PAPER = rows.columns(rows.PAPER_COLUMNS, "p")
_CLAIM = rows.columns(rows.CLAIM_COLUMNS, "c")


def papers(
    conn: sqlite3.Connection,
    condition: PaperCondition,
    order: PaperOrder,
    descending: bool,
    window: Window,
    select: str = _PAPER,
    made: Callable[[Sequence[Any]], T] = rows.paper,  # type: ignore[assignment]
) -> Page[T]:
    """Papers that satisfy a condition.

    Args:
        conn: one state.
        condition: which papers.
        order: in which order.
        descending: which way.
        window: which stretch.
        select: columns of ``papers p``, the first of them ``p.id``.
        made: what becomes of a row of these columns; it may be longer than they are.
    """
    listed = most_selective(conn, condition)
    if listed and order is PaperOrder.PUBLISHED_AT:
        ranges = list(
            product(entity_rows(conn, listed.entities), [listed.role] if listed.role else Role)
        )
        if len(ranges) <= _MOST_RANGES:
            return _papers_of_ranges(
                conn, condition, listed, ranges, descending, window, select, made
            )
    ordering = conditions.paper_ordering(order, descending)
    where = conditions.of_paper(condition, listed)

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[T, SortKey]]:
        within = conditions.every([where, ordering.within(after, before)])
        found = conn.execute(
            f"SELECT {select}, {', '.join(ordering.columns)} FROM papers p"
            f" WHERE {within.text} ORDER BY {ordering.by(backward)} LIMIT ?",
            (*within.parameters, limit),
        )
        return [(made(row), tuple(row[-len(ordering.columns) :])) for row in found]

    return page(fetch, window, ordering.kinds)


def _papers_of_ranges(
    conn: sqlite3.Connection,
    condition: PaperCondition,
    listed: EntityCondition,
    ranges: Sequence[tuple[int, Role]],
    descending: bool,
    window: Window,
    select: str,
    made: Callable[[Sequence[Any]], T],
) -> Page[T]:
    ordering = Ordering(_CLAIMED_PAPER_ORDERING.columns, (descending, False), (str, str))
    rest = conditions.of_paper(
        replace(condition, claims=tuple(c for c in condition.claims if c is not listed))
    )
    join = "" if rest == conditions.TRUE else " JOIN papers p ON p.row = c.paper"

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[T, SortKey]]:
        within = conditions.every([rest, ordering.within(after, before)])
        cursors = [
            _range(
                conn,
                f"SELECT c.published, c.paper_id, c.paper FROM claims c{join}",
                Sql(
                    f"c.entity = ? AND {matching.text} AND {within.text}",
                    (entity, *matching.parameters, *within.parameters),
                ),
                ordering.by(backward),
            )
            for entity, role in ranges
            for matching in (conditions.of_claim(role, listed.min_confidence),)
        ]
        merged = merge(*cursors, key=_rank(descending != backward, backward))
        wanted = list(islice(_without_repeats(merged), limit))
        found = _papers_by_row(conn, wanted, select, made)
        return list(zip(found, [(d, p) for d, p, _ in wanted], strict=True))

    return page(fetch, window, ordering.kinds)


def _range(conn: sqlite3.Connection, select: str, where: Sql, order: str) -> Iterator[Any]:
    return iter(conn.execute(f"{select} WHERE {where.text} ORDER BY {order}", where.parameters))


class _Reversed:
    """Sorts the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Reversed") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(other.value == self.value)


def _rank(newest_first: bool, ids_reversed: bool) -> Any:
    def key(row: Sequence[Any]) -> tuple[Any, Any]:
        return (
            _Reversed(row[0]) if newest_first else row[0],
            _Reversed(row[1:]) if ids_reversed else row[1:],
        )

    return key


def _without_repeats(merged: Iterable[Any]) -> Iterator[Any]:
    last = None
    for row in merged:
        if row != last:
            yield row
        last = row


def _papers_by_row(
    conn: sqlite3.Connection,
    wanted: Sequence[Sequence[Any]],
    select: str,
    made: Callable[[Sequence[Any]], T],
) -> list[T]:
    asked = rows.among([row for _, _, row in wanted])
    found = {
        row[0]: made(row)
        for row in conn.execute(
            f"SELECT {select} FROM papers p WHERE p.row IN (SELECT value FROM json_each(?))",
            (asked,),
        )
    }
    return [found[paper_id] for _, paper_id, _ in wanted]


def entity_rows(conn: sqlite3.Connection, entities: Iterable[str]) -> list[int]:
    """Rows of those entities that are present."""
    found = conn.execute(
        "SELECT row FROM entities WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (rows.among(sorted(entities)),),
    )
    return [row for (row,) in found]


def most_selective(conn: sqlite3.Connection, condition: PaperCondition) -> EntityCondition | None:
    """The required claim whose entities have the fewest papers."""

    def papers_of(claim: EntityCondition) -> int:
        return int(
            conn.execute(
                "SELECT total(papers) FROM entities WHERE id IN (SELECT value FROM json_each(?))",
                (rows.among(sorted(claim.entities)),),
            ).fetchone()[0]
        )

    if len(condition.claims) < 2:
        return next(iter(condition.claims), None)
    return min(condition.claims, key=papers_of)


def count_papers(conn: sqlite3.Connection, condition: PaperCondition) -> int:
    """How many papers satisfy a condition."""
    if len(condition.claims) == 1 and condition == PaperCondition(condition.claims):
        (claim,) = condition.claims
        inner = conditions.of_claim(claim.role, claim.min_confidence)
        counted = "*" if _is_unique(conn, claim) else "DISTINCT c.paper"
        found = conn.execute(
            f"SELECT count({counted}) FROM claims c WHERE c.entity IN"
            " (SELECT row FROM entities WHERE id IN (SELECT value FROM json_each(?)))"
            f" AND {inner.text}",
            (rows.among(sorted(claim.entities)), *inner.parameters),
        )
    else:
        where = conditions.of_paper(condition, most_selective(conn, condition))
        found = conn.execute(f"SELECT count(*) FROM papers p WHERE {where.text}", where.parameters)
    return int(found.fetchone()[0])


def _is_unique(conn: sqlite3.Connection, claim: EntityCondition) -> bool:
    """Whether no paper can have two such claims, which only a decision brings about."""
    if len(claim.entities) > 1:
        return False
    return conn.execute("SELECT 1 FROM decisions LIMIT 1").fetchone() is None


def claims_of_entity(
    conn: sqlite3.Connection, entity: str, roles: frozenset[Role], window: Window
) -> Page[ClaimRow]:
    """Claims on one entity, newest paper first."""
    found_rows = entity_rows(conn, [entity])

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[ClaimRow, SortKey]]:
        within = CLAIM_ORDERING.within(after, before)
        cursors = [
            _range(
                conn,
                "SELECT c.published, c.paper_id, c.id, c.row FROM claims c",
                Sql(
                    f"c.entity = ? AND c.role = ? AND {within.text}",
                    (row, role.value, *within.parameters),
                ),
                CLAIM_ORDERING.by(backward),
            )
            for row in found_rows
            for role in (roles or Role)
        ]
        wanted = list(islice(merge(*cursors, key=_rank(not backward, backward)), limit))
        claims = _claims_by_row(conn, entity, [row[3] for row in wanted])
        return [(claims[row[3]], tuple(row[:3])) for row in wanted]

    return page(fetch, window, CLAIM_ORDERING.kinds)


def _claims_by_row(
    conn: sqlite3.Connection, entity: str, wanted: Sequence[int]
) -> dict[int, ClaimRow]:
    found = conn.execute(
        f"SELECT {_CLAIM}, c.paper_id, p.extractor_name, p.extractor_version, p.run, c.row"
        " FROM claims c JOIN papers p ON p.row = c.paper"
        " WHERE c.row IN (SELECT value FROM json_each(?))",
        (rows.among(wanted),),
    )
    return {
        row[-1]: answers.claim_row(rows.claim(row), row[-5], entity, row[-4:-1]) for row in found
    }


def count_claims_of_entity(conn: sqlite3.Connection, entity: str, roles: frozenset[Role]) -> int:
    """How many claims there are on one entity."""
    found = conn.execute(
        "SELECT count(*) FROM entities e JOIN claims c ON c.entity = e.row"
        " WHERE e.id = ? AND c.role IN (SELECT value FROM json_each(?))",
        (entity, rows.among(sorted(roles or Role))),
    )
    return int(found.fetchone()[0])
