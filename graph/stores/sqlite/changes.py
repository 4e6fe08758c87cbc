"""The history of changes in SQLite. Its numbers are never given twice (``AUTOINCREMENT``)."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from graph.model import Record
from graph.stores.base import LoadOutcome
from graph.stores.changes import Change, ChangeKind, Facts, of_load, read_delta
from graph.stores.content import PaperContent
from graph.stores.sqlite import rows

COLUMNS = "run, paper, kind, delta, checksum"
_AT_ONCE = 1000


def facts(conn: sqlite3.Connection, papers: Sequence[str]) -> dict[str, Facts]:
    """What papers say now, before they are replaced."""
    found: dict[str, Facts] = {}
    for chunk in rows.chunks(papers):
        claims: dict[str, set[tuple[str, str]]] = {paper: set() for paper in chunk}
        results: dict[str, set[tuple[str | None, str | None, str | None, str, str]]] = {
            paper: set() for paper in chunk
        }
        within = "WHERE p.id IN (SELECT value FROM json_each(?))"
        for paper, key, role in conn.execute(
            f"SELECT p.id, c.key, c.role FROM papers p JOIN claims c ON c.paper = p.row {within}",
            (rows.among(chunk),),
        ):
            claims[paper].add((key, role))
        for paper, *result in conn.execute(
            'SELECT p.id, r.entity, r."on", r.metric, r.kind, r.value'
            f" FROM papers p JOIN results r ON r.paper = p.row {within}",
            (rows.among(chunk),),
        ):
            a, b, c, d, e = result
            results[paper].add((a, b, c, d, e))
        for paper in chunk:
            found[paper] = Facts(frozenset(claims[paper]), frozenset(results[paper]))
    return found


def record_load(
    conn: sqlite3.Connection,
    outcome: LoadOutcome,
    before: Mapping[str, Facts],
    batch: Mapping[str, tuple[PaperContent, str]],
) -> None:
    """Note what a load changed."""
    values = [values_of(*change) for change in of_load(outcome, before, batch)]
    rows.insert_many(conn, "changes", COLUMNS, values)


def record_removal(conn: sqlite3.Connection, papers: Sequence[str], run: str) -> None:
    """Forget what was noted of papers, but that they were retracted."""
    for chunk in rows.chunks(papers):
        for table in ("changes", "entries"):
            conn.execute(
                f"DELETE FROM {table} WHERE paper IN (SELECT value FROM json_each(?))",
                (rows.among(chunk),),
            )
    values = [values_of(run, paper, ChangeKind.RETRACTED) for paper in papers]
    rows.insert_many(conn, "changes", COLUMNS, values)


def values_of(
    run: str, paper: str, kind: ChangeKind, kept: Record | None = None
) -> tuple[str | int, ...]:
    """Values of ``COLUMNS``."""
    row = run, paper, kind.value, rows.dumps(kept) if kept else ""
    return (*row, rows.checksum(*row))


def now(conn: sqlite3.Connection) -> int:
    """The position of the last change."""
    found = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
    return int(found[0]) if found else 0


def after(conn: sqlite3.Connection, position: int) -> list[Change]:
    """Some changes after a position, by position."""
    found = conn.execute(
        "SELECT position, run, paper, kind, delta FROM changes WHERE position > ?"
        " ORDER BY position LIMIT ?",
        (position, _AT_ONCE),
    )
    return [
        Change(at, run, paper, ChangeKind(kind), *read_delta(json.loads(text or "null")))
        for at, run, paper, kind, text in found
    ]


def positions(conn: sqlite3.Connection, runs: Iterable[str]) -> dict[str, int]:
    """Where runs ended: a run that was cut off ends with its last change."""
    found = conn.execute(
        "SELECT r.id, max(r.position, coalesce("
        "(SELECT max(c.position) FROM changes c WHERE c.run = r.id), 0))"
        " FROM runs r WHERE r.id IN (SELECT value FROM json_each(?))",
        (rows.among(runs),),
    )
    return dict(found.fetchall())
