"""The first or last papers of many entities at once: see ``stores.columns``.

Each entity's are read off the index ``claims_by_entity``, a short range a role, in one statement.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from graph.ontology import Role
from graph.stores.base import Page, SortKey, Window
from graph.stores.paging import ends
from graph.stores.sqlite import rows

Pages = Mapping[str, Page[str]]

_RANGES: Final = """
    SELECT a.id, p.published, p.id FROM entities a
    CROSS JOIN (SELECT value AS role FROM json_each(?)) r
    CROSS JOIN papers p ON p.row IN (
        SELECT paper FROM (
            SELECT DISTINCT x.published, x.paper_id, x.paper FROM claims x
            WHERE x.entity = a.row AND x.role = r.role
            ORDER BY {order} LIMIT ?))
    WHERE a.id IN (SELECT value FROM json_each(?))"""


def pages(
    conn: sqlite3.Connection, entities: Sequence[str], role: Role | None, window: Window
) -> Pages:
    """Ids of the papers with a claim on each of these entities, newest first."""
    order = "x.published, x.paper_id DESC" if window.backward else "x.published DESC, x.paper_id"
    limit = max(window.limit, 0)
    found: dict[str, dict[SortKey, str]] = {}
    for entity, published, paper in conn.execute(
        _RANGES.format(order=order), (_roles(role), limit + 1, rows.among(entities))
    ):
        found.setdefault(entity, {})[published, paper] = paper
    return {entity: _page(of_entity, window) for entity, of_entity in found.items()}


def _page(found: Mapping[SortKey, str], window: Window) -> Page[str]:
    by_id = sorted(found.items(), key=lambda item: str(item[0][1]))
    newest_first = sorted(by_id, key=lambda item: str(item[0][0]), reverse=True)
    in_order = newest_first[::-1] if window.backward else newest_first
    return ends([(paper, key) for key, paper in in_order], window)


def count(
    conn: sqlite3.Connection, entities: Sequence[str], role: Role | None
) -> Mapping[str, int]:
    """How many papers have a claim on each of these entities."""
    return dict(
        conn.execute(
            "SELECT e.id, count(DISTINCT c.paper) FROM entities e JOIN claims c ON c.entity = e.row"
            " WHERE e.id IN (SELECT value FROM json_each(?))"
            " AND c.role IN (SELECT value FROM json_each(?)) GROUP BY e.row",
            (rows.among(entities), _roles(role)),
        ).fetchall()
    )


def _roles(role: Role | None) -> str:
    return rows.among([role.value] if role else [role.value for role in Role])
