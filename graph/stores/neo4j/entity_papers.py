"""The first or last papers of many entities at once: see ``stores.columns``."""

from collections.abc import Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction

from graph.ontology import Role
from graph.stores.base import Page, SortKey, Window
from graph.stores.neo4j import conditions
from graph.stores.paging import ends

Pages = Mapping[str, Page[Sequence[Any]]]


def pages(
    tx: ManagedTransaction, entities: Sequence[str], role: Role | None, window: Window, select: str
) -> Pages:
    """What is selected of the papers with a claim on each of these entities, newest first.

    Args:
        tx: the transaction.
        entities: ids.
        role: of the claims; None for any.
        window: which stretch; without bounds.
        select: an expression over ``p:Paper`` and ``e:Entity``.
    """
    order = "p.published_at, p.id DESC" if window.backward else "p.published_at DESC, p.id"
    limit = max(window.limit, 0)
    found: dict[str, list[tuple[Sequence[Any], SortKey]]] = {}
    for entity, paper, key in tx.run(
        "UNWIND $entities AS id CALL (id) {"
        f" MATCH (e:Entity {{id: id}})<-[:{conditions.claim_types(role)}]-(p:Paper)"
        f" WITH DISTINCT e, p ORDER BY {order} LIMIT $limit"
        f" RETURN {select} AS paper, [p.published_at, p.id] AS key ORDER BY {order} }}"
        " RETURN id, paper, key",
        entities=list(entities),
        limit=limit + 1,
    ).values():
        found.setdefault(entity, []).append((paper, tuple(key)))
    return {entity: ends(rows, window) for entity, rows in found.items()}


def count(tx: ManagedTransaction, entities: Sequence[str], role: Role | None) -> Mapping[str, int]:
    """How many papers have a claim on each of these entities."""
    found = tx.run(
        "UNWIND $entities AS id"
        f" MATCH (e:Entity {{id: id}})<-[:{conditions.claim_types(role)}]-(p:Paper)"
        " RETURN id, count(DISTINCT p)",
        entities=list(entities),
    )
    return dict(found.values())
