"""Single changes behind a store's back, each undone on leaving."""

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import neo4j

_OF_THE_STORE = {"sqlite_sequence", "state"}
"""Tables that name and number the states of a store."""

_LABELS = ("Paper", "PaperRecord", "Entity", "Result", "Decision")

_DERIVED_ROWS = {"claims.row", "results.row", "relations.row", "decisions.row"}
"""Numbers that nothing refers to."""


def in_sqlite(path: Path) -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """Every column of every table, one changed value each, and the indexes."""
    with closing(sqlite3.connect(path)) as conn:
        tables = [
            name
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in _OF_THE_STORE and not name.startswith(("paper_words", "spelling_g"))
        ]
        columns = [
            (table, column[1])
            for table in tables
            for column in conn.execute(f"PRAGMA table_info({table})")
        ]
    for table, column in columns:
        if f"{table}.{column}" not in _DERIVED_ROWS:
            yield f"{table}.{column}", _changed(path, table, column)
    yield "evidence of a claim", _changed(path, "claims", "evidence")
    for name, statement, undo in (
        (
            "index",
            "DROP INDEX claims_by_entity",
            "CREATE INDEX claims_by_entity\n"
            "            ON claims (entity, role, published DESC, paper_id, id, paper, confidence)",
        ),
        (
            "full text",
            "INSERT INTO paper_words (paper_words, rowid, words) VALUES ('delete', 1, 'ffhq')",
            "INSERT INTO paper_words (rowid, words) VALUES (1, 'ffhq')",
        ),
        (
            "trigrams",
            "INSERT INTO spelling_grams (rowid, grams) VALUES (99, 'abc')",
            "INSERT INTO spelling_grams (spelling_grams, rowid, grams)"
            " VALUES ('delete', 99, 'abc')",
        ),
        ("a claim", "DELETE FROM claims WHERE row = 1", ""),
    ):
        yield name, _executed(path, statement, undo)


@contextmanager
def _changed(path: Path, table: str, column: str) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        quoted = f'"{column}"'
        key = {"paper_sources": "paper", "entries": "id"}.get(table, "rowid")
        row, value = conn.execute(
            f"SELECT {key}, {quoted} FROM {table} WHERE {quoted} IS NOT NULL AND {quoted} <> ''"
            f" ORDER BY {'1' if table != 'decisions' else '1 DESC'}"
        ).fetchone()
        change = f"UPDATE {table} SET {quoted} = ? WHERE {quoted} = ? AND {key} = ?"
        changed = _one_off(value)
        conn.execute(change, (changed, value, row))
        yield
        row = changed if column in ("row", "position", key) and table != "runs" else row
        conn.execute(change, (value, changed, row))


def _one_off(value: str | int | float) -> str | int | float:
    """The smallest change: one character, one unit, one bit."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 77
    if isinstance(value, float):
        return math.nextafter(value, 2)
    if not value:
        return "x"
    middle = len(value) // 2
    return value[:middle] + chr(ord(value[middle]) ^ 1) + value[middle + 1 :]


@contextmanager
def _executed(path: Path, statement: str, undo: str) -> Iterator[None]:
    kept = path.with_suffix(".kept")
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        if undo:
            conn.execute(statement)
            yield
            conn.execute(undo)
            return
        with closing(sqlite3.connect(kept)) as copy:
            conn.backup(copy)
            conn.execute(statement)
            yield
            copy.backup(conn)


def in_neo4j(
    driver: Callable[[], neo4j.Driver],
) -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """Every property of one node or relationship a kind, and joins, labels and indexes."""
    kinds = [f"(x:{label})" for label in _LABELS]
    kinds += [f"()-[x:{kind}]->()" for kind in ("USES", "MEASURES", "BASED_ON")]
    with driver() as opened:
        properties = [
            (kind, name)
            for kind in kinds
            for name in opened.execute_query(
                f"MATCH {kind} RETURN keys(x) AS names ORDER BY x.paper, x.id LIMIT 1"
            ).records[0]["names"]
        ]
    for kind, name in properties:
        yield f"{name} of {kind}", _property_changed(driver, kind, name)
    yield (
        "evidence of a claim",
        _property_changed(driver, "(:Paper {id: 'p1'})-[x:USES]->()", "evidence"),
    )
    for name, change, undo in (
        (
            "label",
            "MATCH (e:Entity:Metric) REMOVE e:Metric SET e:Task",
            "MATCH (e:Entity:Task) REMOVE e:Task SET e:Metric",
        ),
        (
            "result's end",
            "MATCH (r:Result {paper: 'p1'})-[j:ON]->(e) DELETE j",
            "MATCH (r:Result {paper: 'p1'}) MATCH (e:Entity {id: 'ffhq'}) CREATE (r)-[:ON]->(e)",
        ),
        (
            "no edge in a family",
            "MATCH (:Entity)-[f:VARIANT_OF]->(:Entity) DELETE f",
            "MATCH (c:Entity {id: 'sdxl-turbo'}) MATCH (p:Entity {id: 'sdxl'})"
            " CREATE (c)-[:VARIANT_OF]->(p)",
        ),
        (
            "two edges in a family",
            "MATCH (c:Entity)-[:VARIANT_OF]->(p:Entity) CREATE (c)-[:VERSION_OF {a: 1}]->(p)",
            "MATCH (:Entity)-[f:VERSION_OF]->(:Entity) DELETE f",
        ),
        (
            "a stray entity",
            "CREATE (e:Entity:Model {id: 'stray', name: 'x', type: 'Model', papers: 1,"
            " aliases: ['x'], alias_papers: [1], types: ['Model'], type_papers: [1], names: [],"
            " name_papers: [], folded: ['x'], grams: ['·x·']})",
            "MATCH (e:Entity {id: 'stray'}) DELETE e",
        ),
        (
            "a stray result",
            "MATCH (:Paper {id: 'p1'})-[j:REPORTS]->() DELETE j",
            "MATCH (p:Paper {id: 'p1'}) MATCH (r:Result {paper: 'p1'}) CREATE (p)-[:REPORTS]->(r)",
        ),
        (
            "index",
            "DROP INDEX entity_papers",
            "CREATE INDEX entity_papers FOR (e:Entity) ON (e.papers)",
        ),
        (
            "constraint",
            "DROP CONSTRAINT paper_id",
            "CREATE CONSTRAINT paper_id FOR (p:Paper) REQUIRE p.id IS UNIQUE",
        ),
    ):
        yield name, _queried(driver, change, undo)


@contextmanager
def _property_changed(driver: Callable[[], neo4j.Driver], kind: str, name: str) -> Iterator[None]:
    with driver() as opened:
        record = opened.execute_query(
            f"MATCH {kind} RETURN elementId(x) AS id, x[$name] AS value ORDER BY x.paper, x.id"
            " LIMIT 1",
            name=name,
        ).records[0]
        value: Any = record["value"]
        changed: Any
        if isinstance(value, list):
            changed = [_one_off(value[0]), *value[1:]] if value else ["x"]
        else:
            changed = _one_off(value)
        query = f"MATCH {kind} WHERE elementId(x) = $id SET x.{name} = $value"
        opened.execute_query(query, id=record["id"], value=changed)
        yield
        opened.execute_query(query, id=record["id"], value=value)


@contextmanager
def _queried(driver: Callable[[], neo4j.Driver], change: str, undo: str) -> Iterator[None]:
    with driver() as opened:
        opened.execute_query(change)
        yield
        opened.execute_query(undo)
        opened.execute_query("CALL db.awaitIndexes(60)")
