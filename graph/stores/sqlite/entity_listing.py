"""Entities: lists, search, and by a condition."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from graph.naming import fold
from graph.ontology import EntityType
from graph.stores.base import (
    Alias,
    EntityFilter,
    EntityOrder,
    EntityRow,
    Page,
    SortKey,
    Window,
)
from graph.stores.paging import page
from graph.stores.search import CANDIDATES, grams, ranked
from graph.stores.sqlite import conditions, rows

_ENTITY = "e.row, e.id, e.name, e.type, e.papers, e.types"


def entities(
    conn: sqlite3.Connection,
    condition: EntityFilter,
    order: EntityOrder,
    descending: bool,
    window: Window,
) -> Page[EntityRow]:
    """Entities that satisfy a filter."""
    ordering = conditions.entity_ordering(order, descending)
    where = conditions.of_entity(condition)

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> list[tuple[EntityRow, SortKey]]:
        within = conditions.every([where, ordering.within(after, before)])
        found = conn.execute(
            f"SELECT {_ENTITY}, {', '.join(ordering.columns)} FROM entities e"
            f" WHERE {within.text} ORDER BY {ordering.by(backward)} LIMIT ?",
            (*within.parameters, limit),
        ).fetchall()
        keys = [tuple(row[-len(ordering.columns) :]) for row in found]
        return list(zip(_with_aliases(conn, found), keys, strict=True))

    return page(fetch, window, ordering.kinds)


def count_entities(conn: sqlite3.Connection, condition: EntityFilter) -> int:
    """How many entities satisfy a filter."""
    where = conditions.of_entity(condition)
    found = conn.execute(f"SELECT count(*) FROM entities e WHERE {where.text}", where.parameters)
    return int(found.fetchone()[0])


def entities_where(
    conn: sqlite3.Connection, where: str, parameters: Sequence[Any]
) -> tuple[EntityRow, ...]:
    """Entities of which a condition on ``entities e`` holds; papers descending, id."""
    found = conn.execute(
        f"SELECT {_ENTITY} FROM entities e WHERE {where} ORDER BY e.papers DESC, e.id", parameters
    )
    return tuple(_with_aliases(conn, found.fetchall()))


def _with_aliases(conn: sqlite3.Connection, found: Sequence[Sequence[Any]]) -> list[EntityRow]:
    aliases: dict[int, list[Alias]] = {row[0]: [] for row in found}
    for entity, surface, papers in conn.execute(
        "SELECT entity, surface, papers FROM spellings"
        " WHERE entity IN (SELECT value FROM json_each(?)) ORDER BY papers DESC, surface",
        (rows.among(aliases),),
    ):
        aliases[entity].append(Alias(surface, papers))
    return [
        EntityRow(
            id=row[1],
            name=row[2],
            type=EntityType(row[3]),
            aliases=tuple(aliases[row[0]]),
            papers=row[4],
            types=rows.type_votes(row[5]),
        )
        for row in found
    ]


def search_entities(
    conn: sqlite3.Connection, text: str, types: frozenset[EntityType], limit: int
) -> tuple[EntityRow, ...]:
    """Entities one of whose spellings resembles a text, best first."""
    folded = fold(text)
    if not folded:
        return ()
    typed = rows.among(sorted(types or EntityType))
    query = " OR ".join(f'"{gram}"' for gram in grams(folded) if '"' not in gram)
    beginning = conn.execute(
        "SELECT s.entity FROM spellings s JOIN entities e ON e.row = s.entity"
        " WHERE s.folded >= ? AND s.folded < ? AND e.type IN (SELECT value FROM json_each(?))"
        " ORDER BY s.folded <> ?, e.papers DESC, e.id LIMIT ?",
        (folded, folded + "\U0010ffff", typed, folded, CANDIDATES),
    ).fetchall()
    alike = conn.execute(
        "SELECT s.entity FROM spelling_grams g JOIN spellings s ON s.row = g.rowid"
        " JOIN entities e ON e.row = s.entity"
        " WHERE spelling_grams MATCH ? AND e.type IN (SELECT value FROM json_each(?))"
        " ORDER BY bm25(spelling_grams), e.papers DESC, e.id LIMIT ?",
        (query or '""', typed, CANDIDATES),
    ).fetchall()
    candidates = {row for (row,) in (*beginning, *alike)}
    return ranked(
        text,
        entities_where(
            conn, "e.row IN (SELECT value FROM json_each(?))", (rows.among(sorted(candidates)),)
        ),
        limit,
    )
