"""Lists in order: papers, entities, claims of an entity.

A query begins with what narrows most: an entity, else words, else all papers. A plan that begins
with the papers and looks whether they have the entity costs every paper.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from neo4j import ManagedTransaction

from graph.naming import fold
from graph.ontology import EntityType, Role
from graph.stores import answers
from graph.stores.base import (
    ClaimRow,
    EntityCondition,
    EntityFilter,
    EntityOrder,
    EntityRow,
    Page,
    PaperCondition,
    PaperOrder,
    SortKey,
    Window,
)
from graph.stores.neo4j import conditions, values
from graph.stores.neo4j.conditions import CLAIM_ORDERING, Parameters
from graph.stores.paging import page
from graph.stores.search import CANDIDATES, grams, ranked, words

T = TypeVar("T")


def papers(
    tx: ManagedTransaction,
    condition: PaperCondition,
    order: PaperOrder,
    descending: bool,
    window: Window,
    select: Callable[[Parameters], str] = lambda _: "p",
    made: Callable[[Any], T] = values.paper,  # type: ignore[assignment]
    told: Callable[[str], None] | None = None,
) -> Page[T]:
    """Papers that satisfy a condition.

    Args:
        tx: the transaction.
        condition: which papers.
        order: in which order.
        descending: which way.
        window: which stretch.
        select: an expression over ``p:Paper``; may add parameters.
        made: what becomes of its value.
        told: is told the version of the data, at no further question.
    """
    listed = most_selective(tx, condition)
    ordering = conditions.paper_ordering(order, descending)

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[T, SortKey]]:
        parameters = Parameters()
        query = (
            f"{matching(condition, listed, parameters)}"
            f" WITH p WHERE {ordering.within(after, before, parameters)}"
            f" WITH p ORDER BY {ordering.by(backward)} LIMIT {parameters.add(limit)}"
            f" RETURN {select(parameters)} AS paper, {ordering.key()} AS key"
            f" ORDER BY {ordering.by(backward)}"
        )
        if told is None:
            return [(made(p), tuple(key)) for p, key in tx.run(query, parameters).values()]
        found = tx.run(
            f"CALL {{ {query} }} WITH collect([paper, key]) AS papers"
            " MATCH (s:Papergraph {id: 'state'})"
            " RETURN s.identity + '-' + s.version AS version, papers",
            parameters,
        ).single(strict=True)
        told(found["version"])
        return [(made(p), tuple(key)) for p, key in found["papers"]]

    return page(fetch, window, ordering.kinds)


def count_papers(tx: ManagedTransaction, condition: PaperCondition) -> int:
    """How many papers satisfy a condition."""
    parameters = Parameters()
    matched = matching(condition, most_selective(tx, condition), parameters)
    return _number(tx, f"{matched} RETURN count(p) AS number", parameters)


def matching(
    condition: PaperCondition, listed: EntityCondition | None, parameters: Parameters
) -> str:
    """The beginning of a query: every paper ``p`` that satisfies the condition, once."""
    wanted = words(condition.text or "")
    if listed:
        return (
            f"MATCH (e:Entity)<-[c:{conditions.claim_types(listed.role)}]-(p:Paper)"
            f" WHERE {conditions.of_claim(listed, parameters)}"
            f" WITH DISTINCT p WHERE {conditions.of_paper(condition, parameters, listed)} WITH p"
        )
    if wanted:
        query = parameters.add(" ".join(f'+"{word}"' for word in wanted))
        return (
            f"CALL db.index.fulltext.queryNodes('paper_words', {query}) YIELD node AS p"
            f" WHERE {conditions.of_paper(condition, parameters, text_is_listed=True)} WITH p"
        )
    where = conditions.of_paper(condition, parameters)
    return f"MATCH (p:Paper) WHERE p.published_at >= '' AND {where} WITH p"


def most_selective(tx: ManagedTransaction, condition: PaperCondition) -> EntityCondition | None:
    """The required claim whose entities have the fewest papers."""

    def papers_of(claim: EntityCondition) -> int:
        parameters = Parameters()
        ids = parameters.add(sorted(claim.entities))
        query = f"MATCH (e:Entity) WHERE e.id IN {ids} RETURN sum(e.papers) AS number"
        return _number(tx, query, parameters)

    if len(condition.claims) < 2:
        return next(iter(condition.claims), None)
    return min(condition.claims, key=papers_of)


def entities(
    tx: ManagedTransaction,
    condition: EntityFilter,
    order: EntityOrder,
    descending: bool,
    window: Window,
) -> Page[EntityRow]:
    """Entities that satisfy a filter."""
    ordering = conditions.entity_ordering(order, descending)

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[EntityRow, SortKey]]:
        parameters = Parameters()
        where = conditions.every(
            [
                "e.papers > 0",
                conditions.of_entity(condition, parameters),
                ordering.within(after, before, parameters),
            ]
        )
        found = tx.run(
            f"MATCH (e:Entity) WHERE {where} RETURN e, {ordering.key()} AS key"
            f" ORDER BY {ordering.by(backward)} LIMIT {parameters.add(limit)}",
            parameters,
        )
        return [(values.entity(record["e"]), tuple(record["key"])) for record in found]

    return page(fetch, window, ordering.kinds)


def count_entities(tx: ManagedTransaction, condition: EntityFilter) -> int:
    """How many entities satisfy a filter."""
    parameters = Parameters()
    where = conditions.of_entity(condition, parameters)
    return _number(tx, f"MATCH (e:Entity) WHERE {where} RETURN count(e) AS number", parameters)


def claims_of_entity(
    tx: ManagedTransaction, entity: str, roles: frozenset[Role], window: Window
) -> Page[ClaimRow]:
    """Claims on one entity, newest paper first."""
    types = _types(roles)

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[ClaimRow, SortKey]]:
        parameters = Parameters()
        found = tx.run(
            f"MATCH (e:Entity {{id: {parameters.add(entity)}}})<-[c:{types}]-(p:Paper)"
            f" WHERE {CLAIM_ORDERING.within(after, before, parameters)}"
            f" RETURN c, {CLAIM_ORDERING.key()} AS key"
            f" ORDER BY {CLAIM_ORDERING.by(backward)} LIMIT {parameters.add(limit)}",
            parameters,
        )
        return [(claim_row(record["c"], entity), tuple(record["key"])) for record in found]

    return page(fetch, window, CLAIM_ORDERING.kinds)


def claim_row(edge: Mapping[str, Any], entity: str) -> ClaimRow:
    """A claim as the port gives it."""
    return answers.claim_row(values.claim(edge), edge["paper"], entity, values.origin(edge))


def count_claims_of_entity(tx: ManagedTransaction, entity: str, roles: frozenset[Role]) -> int:
    """How many claims there are on one entity."""
    parameters = Parameters()
    return _number(
        tx,
        f"MATCH (e:Entity {{id: {parameters.add(entity)}}})<-[c:{_types(roles)}]-(:Paper)"
        " RETURN count(c) AS number",
        parameters,
    )


def _types(roles: frozenset[Role]) -> str:
    return "|".join(role.relationship for role in Role if role in roles) or values.CLAIM_TYPES


def search_entities(
    tx: ManagedTransaction, text: str, types: frozenset[EntityType], limit: int
) -> tuple[EntityRow, ...]:
    """Entities one of whose spellings resembles a text, best first."""
    folded = fold(text)
    if not folded:
        return ()
    found = tx.run(
        "CALL {"
        "  CALL db.index.fulltext.queryNodes('entity_spellings', $beginning) YIELD node AS e"
        "  WITH e WHERE e.type IN $types"
        "  RETURN e ORDER BY NOT $folded IN e.folded, e.papers DESC, e.id LIMIT $candidates"
        " UNION"
        "  CALL db.index.fulltext.queryNodes('entity_grams', $alike) YIELD node AS e, score"
        "  WITH e, score WHERE e.type IN $types"
        "  RETURN e ORDER BY score DESC, e.papers DESC, e.id LIMIT $candidates"
        "} RETURN e",
        beginning=f"{_escaped(folded)}*",
        alike=" ".join(_escaped(gram) for gram in grams(folded)),
        folded=folded,
        types=sorted(types or EntityType),
        candidates=CANDIDATES,
    )
    return ranked(text, [values.entity(record["e"]) for record in found], limit)


def entities_named(tx: ManagedTransaction, folded: str) -> tuple[EntityRow, ...]:
    """Entities one of whose spellings folds to this; papers descending, id."""
    if not folded:
        return ()
    found = tx.run(
        "CALL db.index.fulltext.queryNodes('entity_spellings', $term) YIELD node AS e"
        " WHERE $folded IN e.folded RETURN e ORDER BY e.papers DESC, e.id",
        term=_escaped(folded),
        folded=folded,
    )
    return tuple(values.entity(record["e"]) for record in found)


def _escaped(term: str) -> str:
    """A term of Lucene's query language that means itself."""
    return "".join(c if c.isalnum() else f"\\{c}" for c in term)


def _number(tx: ManagedTransaction, query: str, parameters: Parameters) -> int:
    record = tx.run(query, parameters).single(strict=True)
    return int(record["number"])
