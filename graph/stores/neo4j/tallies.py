"""Entities as the votes of papers make them (``stores.entities``), each with what it needs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction

from graph.ledger import Ledger
from graph.stores.entities import Votes
from graph.stores.neo4j import families, values
from graph.stores.neo4j.inserting import run


def add(
    tx: ManagedTransaction,
    changes: Mapping[str, Votes],
    ledger: Ledger,
    moved: Collection[str] = (),
) -> None:
    """Add votes to the entities' own; entities without a paper go, and families follow.

    Args:
        tx: of the change.
        changes: votes to add.
        ledger: of the decisions now in force.
        moved: ids that stand for another entity than before.
    """
    stored = _stored(tx, list(changes))
    gone: list[str] = []
    made: dict[str, list[values.Properties]] = defaultdict(list)
    changed: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for entity, change in changes.items():
        there = stored.get(entity)
        total = values.votes(there) if there else Votes()
        before = set(total.surfaces)
        total.add(change)
        if not total.papers:
            if there:
                gone.append(entity)
            continue
        row = total.row(entity, ledger)
        properties = values.entity_properties(row, total)
        if not there:
            made[row.type.value].append(properties | values.spelling_properties(row))
            continue
        new = {name: value for name, value in properties.items() if there[name] != value}
        if before != set(total.surfaces):  # else full text need not look at it again
            new |= values.spelling_properties(row)
        if new:
            changed[tuple(new)].append([entity, *new.values()])
    bereft = families.children(tx, gone) if gone else []
    if gone:
        tx.run("MATCH (e:Entity) WHERE e.id IN $gone DETACH DELETE e", gone=gone).consume()
    for entity_type, rows in made.items():
        run(tx, f"UNWIND $rows AS row CREATE (e:Entity:{entity_type}) SET e += row", rows)
    for names, listed in changed.items():
        _change(tx, names, listed)
    appeared = [row["id"] for rows in made.values() for row in rows]
    families.follow(tx, appeared, bereft, moved, ledger)


def _stored(tx: ManagedTransaction, entities: Sequence[str]) -> dict[str, values.Properties]:
    """Properties of those entities that are present, without what search looks for."""
    found = tx.run(
        "MATCH (e:Entity) WHERE e.id IN $entities"
        f" RETURN {', '.join(f'e.{name}' for name in values.ENTITY)}",
        entities=entities,
    )
    rows = (dict(zip(values.ENTITY, row, strict=True)) for row in found.values())
    return {row["id"]: row for row in rows}


def _change(tx: ManagedTransaction, names: Sequence[str], rows: Sequence[list[Any]]) -> None:
    """Set these properties of entities; each row is an id and their values."""
    settings = ", ".join(f"e.{name} = row[{i}]" for i, name in enumerate(names, 1))
    query = f"UNWIND $rows AS row MATCH (e:Entity {{id: row[0]}}) SET {settings}"
    if "type" not in names:
        run(tx, query, rows)
        return
    by_type: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows:
        by_type[row[1 + names.index("type")]].append(row)
    for new_type, alike in by_type.items():
        run(tx, f"{query} REMOVE e:{values.LABELS} SET e:{new_type}", alike)
