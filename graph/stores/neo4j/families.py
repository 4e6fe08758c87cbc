"""Edges within families, kept as relationships: for Cypher, for Neo4j Browser, and to read."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from neo4j import ManagedTransaction

from graph.ledger import Ledger
from graph.resolution import RULESET
from graph.stores.families import Families, Family, FamilyEdge, FamilyRelation, Range

EDGES: Final = "|".join(relation.value for relation in FamilyRelation)
"""Types of the relationships."""

_AT_ONCE = 5_000


def kept(tx: ManagedTransaction, entities: list[str]) -> dict[str, Family]:
    """Families of those entities that are present, as their edges tell."""
    found = tx.run(
        "MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id AS id,"
        f" COLLECT {{ MATCH (e)-[:{EDGES}*0..]->(c)-[f:{EDGES}]->(p)"
        " RETURN [c.id, type(f), p.id] } AS wider,"
        f" COLLECT {{ MATCH (c)-[f:{EDGES}]->(p)-[:{EDGES}*0..]->(e)"
        " RETURN [c.id, type(f), p.id] ORDER BY c.id } AS narrower",
        ids=entities,
    )
    return {
        record["id"]: Family(
            _in_line(record["id"], map(_edge, record["wider"])),
            tuple(map(_edge, record["narrower"])),
        )
        for record in found
    }


def _edge(row: list[str]) -> FamilyEdge:
    child, relation, parent = row
    return FamilyEdge(child, FamilyRelation(relation), parent)


def _in_line(entity: str, edges: Iterable[FamilyEdge]) -> tuple[FamilyEdge, ...]:
    by_child = {edge.child: edge for edge in edges}
    line: list[FamilyEdge] = []
    while edge := by_child.pop(entity, None):
        line.append(edge)
        entity = edge.parent
    return tuple(line)


def edges_of(tx: ManagedTransaction, entities: Iterable[str]) -> dict[str, FamilyEdge]:
    """The edge of each of some entities that has one."""
    found = tx.run(
        f"MATCH (c:Entity)-[f:{EDGES}]->(p) WHERE c.id IN $ids"
        " RETURN [c.id, type(f), p.id] AS edge",
        ids=list(entities),
    )
    edges = (_edge(record["edge"]) for record in found)
    return {edge.child: edge for edge in edges}


def children(tx: ManagedTransaction, entities: Collection[str]) -> list[str]:
    """Entities whose edge leads to one of these."""
    found = tx.run(
        f"MATCH (c:Entity)-[:{EDGES}]->(p:Entity) WHERE p.id IN $ids RETURN c.id AS id",
        ids=list(entities),
    )
    return [record["id"] for record in found]


def within(tx: ManagedTransaction, ranges: Iterable[Range]) -> list[str]:
    """Ids of the entities present in some ranges."""
    found = tx.run(
        "UNWIND $ranges AS range MATCH (e:Entity) WHERE e.id >= range[0] AND e.id < range[1]"
        " RETURN DISTINCT e.id AS id",
        ranges=[list(bounds) for bounds in ranges],
    )
    return [record["id"] for record in found]


def join(tx: ManagedTransaction, entities: Collection[str], ledger: Ledger) -> None:
    """Give those of some entities that are present the edges that follow from who is present."""
    if not entities:
        return
    there = sorted(present(tx, list(entities)))
    wanted = Families(ledger).edges(there, lambda ids: present(tx, ids))
    stored = edges_of(tx, entities)
    stale = [child for child, edge in stored.items() if wanted.get(child) != edge]
    if stale:
        tx.run(f"MATCH (c:Entity)-[f:{EDGES}]->() WHERE c.id IN $ids DELETE f", ids=stale).consume()
    made: dict[FamilyRelation, list[list[str]]] = defaultdict(list)
    for child, edge in wanted.items():
        if stored.get(child) != edge:
            made[edge.relation].append([child, edge.parent])
    for relation, ends in made.items():
        tx.run(
            "UNWIND $ends AS ends MATCH (c:Entity {id: ends[0]}) MATCH (p:Entity {id: ends[1]})"
            f" CREATE (c)-[:{relation.value}]->(p)",
            ends=ends,
        ).consume()


def present(tx: ManagedTransaction, ids: list[str]) -> frozenset[str]:
    """Those of some entities that are present."""
    found = tx.run("MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id AS id", ids=ids)
    return frozenset(record["id"] for record in found)


def follow(
    tx: ManagedTransaction,
    appeared: Collection[str],
    bereft: Collection[str],
    moved: Collection[str],
    ledger: Ledger,
) -> None:
    """Mend all edges that may follow from other entities than before.

    Args:
        tx: of the change.
        appeared: entities that are there now and were not.
        bereft: entities whose edges led to one that is gone.
        moved: ids that stand for another entity than before.
        ledger: of the decisions now in force.
    """
    around = {*appeared, *moved}
    below = within(tx, Families(ledger).ranges(around)) if around else []
    join(tx, {*appeared, *bereft, *below}, ledger)


def ruleset(tx: ManagedTransaction) -> Any:
    """Version of the rules that the edges were made by; None where they were not made yet."""
    found = tx.run("MATCH (s:Papergraph {id: 'state'}) RETURN s.families AS ruleset")
    return found.single(strict=True)["ruleset"]


def rebuild(tx: ManagedTransaction, ledger: Ledger) -> None:
    """Make all edges anew, by the rules of this version."""
    tx.run(f"MATCH (:Entity)-[f:{EDGES}]->() DELETE f").consume()
    ids = [record["id"] for record in tx.run("MATCH (e:Entity) RETURN e.id AS id ORDER BY id")]
    for start in range(0, len(ids), _AT_ONCE):
        join(tx, ids[start : start + _AT_ONCE], ledger)
    tx.run("MATCH (s:Papergraph {id: 'state'}) SET s.families = $now", now=RULESET).consume()
