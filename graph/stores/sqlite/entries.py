"""Entries in SQLite."""

import json
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.stores.entries import LEASE, Entry, Fence
from graph.stores.sqlite import rows


def of_kind(conn: sqlite3.Connection, kind: str, ids: Iterable[str] | None) -> tuple[Entry, ...]:
    """Entries of a kind, by id."""
    query, values = "SELECT kind, id, value, version, paper FROM entries WHERE kind = ?", [kind]
    if ids is not None:
        query += " AND id IN (SELECT value FROM json_each(?))"
        values.append(rows.among(ids))
    found = conn.execute(f"{query} ORDER BY id", values)
    return tuple(Entry(k, i, json.loads(value), v, p) for k, i, value, v, p in found)


def exchange(conn: sqlite3.Connection, entry: Entry) -> Entry | None:
    """Store an entry where the version there is still its own."""
    there = conn.execute(
        "SELECT version FROM entries WHERE kind = ? AND id = ?", (entry.kind, entry.id)
    ).fetchone()
    if (there[0] if there else "") != entry.version:
        return None
    return keep(conn, [entry])[0]


def keep(conn: sqlite3.Connection, entries: Sequence[Entry]) -> list[Entry]:
    """Store entries, whatever is there; with their new versions."""
    kept = [replace(entry, version=uuid.uuid4().hex) for entry in entries]
    stored = [(e.kind, e.id, json.dumps(e.value), e.version, e.paper) for e in kept]
    conn.executemany(
        "INSERT OR REPLACE INTO entries (kind, id, value, version, paper, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(*row, rows.checksum(*row)) for row in stored],
    )
    return kept


def drop(conn: sqlite3.Connection, kind: str, ids: Iterable[str]) -> int:
    """Forget entries."""
    return conn.execute(
        "DELETE FROM entries WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
        (kind, rows.among(ids)),
    ).rowcount


def guard(conn: sqlite3.Connection, fence: Fence | None) -> None:
    """Go on only where a fenced writer still holds its lease; see ``Fence.check``."""
    if fence is not None:
        fence.check(of_kind(conn, LEASE, [fence.lease]))
