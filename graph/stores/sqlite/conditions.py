"""Conditions as SQL. Values travel as parameters only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.naming import fold
from graph.ontology import Role
from graph.stores.base import (
    EntityCondition,
    EntityFilter,
    EntityOrder,
    PaperCondition,
    PaperOrder,
    SortKey,
)
from graph.stores.search import words
from graph.stores.sqlite.rows import among

_ENTITY_ROWS = "(SELECT row FROM entities WHERE id IN (SELECT value FROM json_each(?)))"


@dataclass(frozen=True, slots=True)
class Sql:
    """A boolean expression and its parameters."""

    text: str
    parameters: tuple[Any, ...] = ()


TRUE = Sql("1")
FALSE = Sql("0")


def every(parts: Sequence[Sql]) -> Sql:
    """All of them."""
    return _joined(parts, " AND ", TRUE)


def some(parts: Sequence[Sql]) -> Sql:
    """At least one of them."""
    return _joined(parts, " OR ", FALSE)


def _joined(parts: Sequence[Sql], word: str, empty: Sql) -> Sql:
    if len(parts) < 2:
        return parts[0] if parts else empty
    text = word.join(part.text for part in parts)
    return Sql(f"({text})", tuple(p for part in parts for p in part.parameters))


def of_paper(condition: PaperCondition, listed: EntityCondition | None = None) -> Sql:
    """Holds for a row of ``papers p`` that satisfies the condition.

    Args:
        condition: what must hold.
        listed: the one of its claims that is not tested paper by paper: its papers are looked
            up from the entity, so that papers without it are never touched.
    """
    parts = [
        _claimed_of_entity(claim) if claim is listed else _claimed_by_paper(claim)
        for claim in condition.claims
    ]
    if condition.published_after:
        parts.append(Sql("p.published >= ?", (condition.published_after.isoformat(),)))
    if condition.published_before:
        last = condition.published_before.isoformat()
        parts.append(Sql("p.published BETWEEN '0' AND ?", (last,)))
    if condition.text is not None and (wanted := words(condition.text)):
        query = " ".join(f'"{word}"' for word in wanted)
        parts.append(
            Sql("p.row IN (SELECT rowid FROM paper_words WHERE paper_words MATCH ?)", (query,))
        )
    if condition.source is not None:
        parts.append(
            Sql(
                "EXISTS (SELECT 1 FROM paper_sources s WHERE s.paper = p.row AND s.source = ?)",
                (condition.source,),
            )
        )
    if condition.run is not None:
        parts.append(Sql("p.run = ?", (condition.run,)))
    parts += [of_paper(inner) for inner in condition.all_of]
    if condition.any_of:
        parts.append(some([of_paper(inner) for inner in condition.any_of]))
    for inner in map(of_paper, condition.none_of):
        parts.append(Sql(f"NOT {inner.text}", inner.parameters))
    return every(parts)


def of_claim(role: Role | None, min_confidence: float) -> Sql:
    """Holds for a row of ``claims c`` with this role and confidence."""
    parts = []
    if role:
        parts.append(Sql("c.role = ?", (role.value,)))
    if min_confidence > 0:
        parts.append(Sql("c.confidence >= ?", (min_confidence,)))
    return every(parts)


def _claimed_by_paper(claim: EntityCondition) -> Sql:
    inner = of_claim(claim.role, claim.min_confidence)
    return Sql(
        "EXISTS (SELECT 1 FROM claims c WHERE c.paper = p.row"
        f" AND +c.entity IN {_ENTITY_ROWS} AND {inner.text})",
        (among(sorted(claim.entities)), *inner.parameters),
    )


def _claimed_of_entity(claim: EntityCondition) -> Sql:
    inner = of_claim(claim.role, claim.min_confidence)
    return Sql(
        f"p.row IN (SELECT c.paper FROM claims c WHERE c.entity IN {_ENTITY_ROWS}"
        f" AND {inner.text})",
        (among(sorted(claim.entities)), *inner.parameters),
    )


def of_entity(condition: EntityFilter) -> Sql:
    """Holds for a row of ``entities e`` that satisfies the filter."""
    parts = []
    if condition.types:
        types = among(sorted(condition.types))
        parts.append(Sql("e.type IN (SELECT value FROM json_each(?))", (types,)))
    if condition.name is not None:
        parts.append(
            Sql(
                "e.row IN (SELECT s.entity FROM spellings s WHERE instr(s.folded, ?) > 0)",
                (fold(condition.name),),
            )
        )
    if condition.min_papers > 0:
        parts.append(Sql("e.papers >= ?", (condition.min_papers,)))
    return every(parts)


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order of rows: columns with their directions; the last one is the id.

    Attributes:
        columns: expressions, most significant first.
        descending: direction of each.
        kinds: type of each part of the sort key.
    """

    columns: tuple[str, ...]
    descending: tuple[bool, ...]
    kinds: tuple[type, ...]

    def by(self, backward: bool) -> str:
        """The ``ORDER BY`` terms, reversed where asked."""
        return ", ".join(
            f"{column} {'DESC' if down != backward else 'ASC'}"
            for column, down in zip(self.columns, self.descending, strict=True)
        )

    def within(self, after: SortKey | None, before: SortKey | None) -> Sql:
        """Holds for rows after the one key and before the other, both exclusive."""
        return every(
            [
                self._beyond(key, backward)
                for key, backward in ((after, False), (before, True))
                if key is not None
            ]
        )

    def _beyond(self, key: SortKey, backward: bool) -> Sql:
        """A disjunction: the first column lies beyond, or is equal and the next lies beyond.

        The leading column is also bounded by itself, which an index can use.
        """
        cases = []
        for i, (column, down) in enumerate(zip(self.columns, self.descending, strict=True)):
            equal = [Sql(f"{c} = ?", (k,)) for c, k in zip(self.columns[:i], key, strict=False)]
            sign = "<" if down != backward else ">"
            cases.append(every([*equal, Sql(f"{column} {sign} ?", (key[i],))]))
        sign = "<=" if self.descending[0] != backward else ">="
        return every([Sql(f"{self.columns[0]} {sign} ?", (key[0],)), some(cases)])


def paper_ordering(order: PaperOrder, descending: bool) -> Ordering:
    """An order of ``papers p``."""
    if order is PaperOrder.ID:
        return Ordering(("p.id",), (descending,), (str,))
    column = "p.published" if order is PaperOrder.PUBLISHED_AT else "p.title"
    return Ordering((column, "p.id"), (descending, False), (str, str))


def entity_ordering(order: EntityOrder, descending: bool) -> Ordering:
    """An order of ``entities e``."""
    if order is EntityOrder.ID:
        return Ordering(("e.id",), (descending,), (str,))
    if order is EntityOrder.PAPERS:
        return Ordering(("e.papers", "e.id"), (descending, False), (int, str))
    return Ordering(("e.name", "e.id"), (descending, False), (str, str))


CLAIM_ORDERING = Ordering(
    ("c.published", "c.paper_id", "c.id"), (True, False, False), (str, str, str)
)
