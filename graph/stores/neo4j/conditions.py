"""Conditions as Cypher. Values travel as parameters only."""

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
from graph.stores.neo4j.values import CLAIM_TYPES
from graph.stores.search import words


class Parameters(dict[str, Any]):
    """Parameters of one query, named as they come."""

    def add(self, value: Any) -> str:
        """Keep a value; returns how the query refers to it."""
        name = f"p{len(self)}"
        self[name] = value
        return f"${name}"


def every(parts: Sequence[str]) -> str:
    """All of them."""
    return " AND ".join(f"({part})" for part in parts) or "true"


def some(parts: Sequence[str]) -> str:
    """At least one of them."""
    return " OR ".join(f"({part})" for part in parts) or "false"


def of_paper(
    condition: PaperCondition,
    parameters: Parameters,
    listed: EntityCondition | None = None,
    text_is_listed: bool = False,
) -> str:
    """Holds for a node ``p:Paper`` that satisfies the condition.

    Args:
        condition: what must hold.
        parameters: takes up the values.
        listed: the one of its claims that the query begins with, which is not tested again.
        text_is_listed: the query begins with the text.
    """
    parts = [_claimed(claim, parameters) for claim in condition.claims if claim is not listed]
    if condition.published_after:
        parts.append(f"p.published_at >= {parameters.add(condition.published_after.isoformat())}")
    if condition.published_before:
        last = parameters.add(condition.published_before.isoformat())
        parts.append(f"p.published_at >= '0' AND p.published_at <= {last}")
    if condition.text is not None and not text_is_listed and (wanted := words(condition.text)):
        parts.append(
            f"all(word IN {parameters.add(list(wanted))} WHERE word IN coalesce(p.words, []))"
        )
    if condition.source is not None:
        parts.append(f"{parameters.add(condition.source)} IN coalesce(p.sources, [])")
    if condition.run is not None:
        parts.append(f"p.run = {parameters.add(condition.run)}")
    parts += [of_paper(inner, parameters) for inner in condition.all_of]
    if condition.any_of:
        parts.append(some([of_paper(inner, parameters) for inner in condition.any_of]))
    parts += [f"NOT ({of_paper(inner, parameters)})" for inner in condition.none_of]
    return every(parts)


def claim_types(role: Role | None) -> str:
    """Relationship types of a role, or of all of them."""
    return role.relationship if role else CLAIM_TYPES


def of_claim(claim: EntityCondition, parameters: Parameters) -> str:
    """Holds for a relationship ``c`` to ``e:Entity`` that is such a claim, its type aside."""
    parts = [f"e.id IN {parameters.add(sorted(claim.entities))}"]
    if claim.min_confidence > 0:
        parts.append(f"c.confidence >= {parameters.add(claim.min_confidence)}")
    return every(parts)


def _claimed(claim: EntityCondition, parameters: Parameters) -> str:
    return (
        f"EXISTS {{ MATCH (p)-[c:{claim_types(claim.role)}]->(e:Entity)"
        f" WHERE {of_claim(claim, parameters)} }}"
    )


def of_entity(condition: EntityFilter, parameters: Parameters) -> str:
    """Holds for a node ``e:Entity`` that satisfies the filter."""
    parts = []
    if condition.types:
        parts.append(f"e.type IN {parameters.add(sorted(condition.types))}")
    if condition.name is not None:
        part = parameters.add(fold(condition.name))
        parts.append(f"any(spelling IN e.folded WHERE spelling CONTAINS {part})")
    if condition.min_papers > 0:
        parts.append(f"e.papers >= {parameters.add(condition.min_papers)}")
    return every(parts)


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order of rows: expressions with their directions; the last one is the id.

    Attributes:
        terms: expressions, most significant first.
        descending: direction of each.
        kinds: type of each part of the sort key.
    """

    terms: tuple[str, ...]
    descending: tuple[bool, ...]
    kinds: tuple[type, ...]

    def by(self, backward: bool) -> str:
        """The ``ORDER BY`` terms, reversed where asked."""
        return ", ".join(
            f"{term} {'DESC' if down != backward else 'ASC'}"
            for term, down in zip(self.terms, self.descending, strict=True)
        )

    def key(self) -> str:
        """The sort key, as a list."""
        return f"[{', '.join(self.terms)}]"

    def within(self, after: SortKey | None, before: SortKey | None, parameters: Parameters) -> str:
        """Holds for rows after the one key and before the other, both exclusive."""
        return every(
            [
                self._beyond(key, backward, parameters)
                for key, backward in ((after, False), (before, True))
                if key is not None
            ]
        )

    def _beyond(self, key: SortKey, backward: bool, parameters: Parameters) -> str:
        """A disjunction: the first term lies beyond, or is equal and the next lies beyond."""
        names = [parameters.add(part) for part in key]
        cases = []
        for i, (term, down) in enumerate(zip(self.terms, self.descending, strict=True)):
            equal = [f"{t} = {n}" for t, n in zip(self.terms[:i], names, strict=False)]
            sign = "<" if down != backward else ">"
            cases.append(every([*equal, f"{term} {sign} {names[i]}"]))
        return some(cases)


def paper_ordering(order: PaperOrder, descending: bool) -> Ordering:
    """An order of ``p:Paper``."""
    if order is PaperOrder.ID:
        return Ordering(("p.id",), (descending,), (str,))
    term = "p.published_at" if order is PaperOrder.PUBLISHED_AT else "p.title"
    return Ordering((term, "p.id"), (descending, False), (str, str))


def entity_ordering(order: EntityOrder, descending: bool) -> Ordering:
    """An order of ``e:Entity``."""
    if order is EntityOrder.ID:
        return Ordering(("e.id",), (descending,), (str,))
    if order is EntityOrder.PAPERS:
        return Ordering(("e.papers", "e.id"), (descending, False), (int, str))
    return Ordering(("e.name", "e.id"), (descending, False), (str, str))


CLAIM_ORDERING = Ordering(("p.published_at", "p.id", "c.id"), (True, False, False), (str, str, str))
