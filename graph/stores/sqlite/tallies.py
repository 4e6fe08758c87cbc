"""Votes of papers in the tables ``entities`` and ``spellings``."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from graph.ledger import Ledger
from graph.naming import fold
from graph.stores.entities import Votes
from graph.stores.search import grams
from graph.stores.sqlite import rows


def add(
    conn: sqlite3.Connection,
    changes: Mapping[str, Votes],
    ledger: Ledger,
    reserved: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Add votes to the entities' own; entities without a paper go.

    Args:
        conn: inside a transaction.
        changes: votes per entity.
        ledger: the decisions in force.
        reserved: row that each new entity gets; the next free ones if None.

    Returns:
        Row per entity.
    """
    entity_rows, votes = stored_votes(conn, list(changes))
    known = {row: set(votes[entity].surfaces) for entity, row in entity_rows.items()}
    next_row, next_spelling = rows.next_row(conn, "entities"), rows.next_row(conn, "spellings")
    gone, written, new, changed, stale = [], [], [], [], []
    for entity, change in changes.items():
        total = votes.setdefault(entity, Votes())
        total.add(change)
        if not total.papers:
            if entity in entity_rows:
                row = entity_rows.pop(entity)
                gone.append((row,))
                stale += [(row, surface) for surface in known[row]]
            continue
        if entity not in entity_rows:
            entity_rows[entity] = reserved[entity] if reserved else next_row
            next_row += 1
        row = entity_rows[entity]
        written.append(
            (
                row,
                entity,
                total.name(entity, ledger),
                total.type(entity, ledger).value,
                total.papers,
                rows.dumps(dict(total.ordered_types())),
                rows.dumps(dict(sorted(total.names.items()))) if total.names else "{}",
            )
        )
        there = known.get(row, set())
        for surface, difference in change.surfaces.items():
            papers = total.surfaces.get(surface)
            if papers is None:
                stale.append((row, surface))
            elif surface not in there:
                new.append((next_spelling, row, surface, papers, fold(surface)))
                next_spelling += 1
            elif difference:
                changed.append((papers, row, surface))
    _forget_spellings(conn, stale)
    conn.executemany("DELETE FROM entities WHERE row = ?", gone)
    conn.executemany(
        "INSERT INTO entities (row, id, name, type, papers, types, names)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (row) DO UPDATE SET name = excluded.name, type = excluded.type,"
        " papers = excluded.papers, types = excluded.types, names = excluded.names",
        written,
    )
    conn.executemany("UPDATE spellings SET papers = ? WHERE entity = ? AND surface = ?", changed)
    rows.insert_many(conn, "spellings", "row, entity, surface, papers, folded", new)
    conn.executemany(
        "INSERT INTO spelling_grams (rowid, grams) VALUES (?, ?)",
        ((spelling, " ".join(grams(folded))) for spelling, _, _, _, folded in new),
    )
    return entity_rows


def _forget_spellings(conn: sqlite3.Connection, stale: Sequence[tuple[int, str]]) -> None:
    for entity, surface in stale:
        row, folded = conn.execute(
            "SELECT row, folded FROM spellings WHERE entity = ? AND surface = ?", (entity, surface)
        ).fetchone()
        conn.execute(
            "INSERT INTO spelling_grams (spelling_grams, rowid, grams) VALUES ('delete', ?, ?)",
            (row, " ".join(grams(folded))),
        )
        conn.execute("DELETE FROM spellings WHERE row = ?", (row,))


def stored_votes(
    conn: sqlite3.Connection, entities: Sequence[str]
) -> tuple[dict[str, int], dict[str, Votes]]:
    """Row and votes of each of these entities that is there."""
    entity_rows: dict[str, int] = {}
    votes: dict[str, Votes] = {}
    by_row: dict[int, Votes] = {}
    for chunk in rows.chunks(entities):
        asked = (rows.among(chunk),)
        for row, entity, papers, types, names in conn.execute(
            "SELECT row, id, papers, types, names FROM entities"
            " WHERE id IN (SELECT value FROM json_each(?))",
            asked,
        ):
            entity_rows[entity] = row
            votes[entity] = by_row[row] = Votes(papers)
            votes[entity].types.update(json.loads(types))
            votes[entity].names.update(json.loads(names))
        for row, surface, papers in conn.execute(
            "SELECT s.entity, s.surface, s.papers FROM entities e"
            " JOIN spellings s ON s.entity = e.row"
            " WHERE e.id IN (SELECT value FROM json_each(?))",
            asked,
        ):
            by_row[row].surfaces[surface] = papers
    return entity_rows, votes
