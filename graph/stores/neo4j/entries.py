"""Entries in Neo4j: a node ``:Entry`` each."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from neo4j import ManagedTransaction

from graph.stores.entries import LEASE, Entry, Fence


def of_kind(tx: ManagedTransaction, kind: str, ids: Iterable[str] | None) -> tuple[Entry, ...]:
    """Entries of a kind, by id."""
    chosen = "" if ids is None else " WHERE e.id IN $ids"
    nodes = [
        record["e"]
        for record in tx.run(
            f"MATCH (e:Entry {{kind: $kind}}){chosen} RETURN e",
            kind=kind,
            ids=None if ids is None else list(ids),
        )
    ]
    entries = (
        Entry(n["kind"], n["id"], json.loads(n["value"]), n["version"], n["paper"]) for n in nodes
    )
    return tuple(sorted(entries, key=lambda entry: entry.id))


def exchange(tx: ManagedTransaction, entry: Entry) -> Entry | None:
    """Store an entry where the version there is still its own."""
    there = of_kind(tx, entry.kind, [entry.id])
    if (there[0].version if there else "") != entry.version:
        return None
    return keep(tx, [entry])[0]


def keep(tx: ManagedTransaction, entries: Sequence[Entry]) -> list[Entry]:
    """Store entries, whatever is there; with their new versions."""
    kept = [replace(entry, version=uuid.uuid4().hex) for entry in entries]
    if kept:
        tx.run(
            "UNWIND $rows AS row MERGE (e:Entry {kind: row.kind, id: row.id}) SET e = row",
            rows=[
                {
                    "kind": e.kind,
                    "id": e.id,
                    "name": f"{e.kind} {e.id}",
                    "value": json.dumps(e.value),
                    "version": e.version,
                    "paper": e.paper,
                }
                for e in kept
            ],
        ).consume()
    return kept


def drop(tx: ManagedTransaction, kind: str, ids: Iterable[str]) -> int:
    """Forget entries."""
    done = tx.run(
        "MATCH (e:Entry {kind: $kind}) WHERE e.id IN $ids DELETE e", kind=kind, ids=list(ids)
    ).consume()
    return done.counters.nodes_deleted


def guard(tx: ManagedTransaction, fence: Fence | None) -> None:
    """Go on only where a fenced writer still holds its lease; see ``Fence.check``."""
    if fence is not None:
        fence.check(of_kind(tx, LEASE, [fence.lease]))
