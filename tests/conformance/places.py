"""Where the stores under test are kept: one class a kind."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from graph.stores import open_store
from graph.stores.base import GraphStore


class Place:
    """Where a store of one kind is kept.

    Attributes:
        url: of the store; a new one for every ``fresh`` where that is possible.
        examples: how many examples a property test can afford here.
        lasting: whether what was written is there when the store is opened again.
    """

    url: str
    examples: int
    lasting = True

    def __init__(self) -> None:
        self._open: list[GraphStore] = []

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        """An empty store; stores opened here before may be gone."""
        raise NotImplementedError

    def open(self, timeout: float = 30.0) -> GraphStore:
        """The store of the last ``fresh``, opened once more."""
        store = open_store(self.url, timeout=timeout)
        self._open.append(store)
        return store

    def corruptions(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        """Single changes behind the store's back, by name; each is undone on leaving."""
        raise NotImplementedError

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()


class Memory(Place):
    url = "sqlite:///:memory:"
    examples = 60
    lasting = False

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        self.close()
        return self.open(timeout)


class File(Place):
    examples = 15

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._number = 0

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        self.close()
        self._number += 1
        self.url = f"sqlite:///{self._folder / f'{self._number}.db'}"
        return self.open(timeout)

    def corruptions(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        return _sqlite_corruptions(self._folder / f"{self._number}.db")


_DERIVED_ROWS = {"claims.row", "results.row", "relations.row", "decisions.row"}
"""Numbers that nothing refers to."""


def _sqlite_corruptions(path: Path) -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """Every column of every table of the graph, one changed value each, and the indexes."""
    with closing(sqlite3.connect(path)) as conn:
        tables = [
            name
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("runs", "state") and not name.startswith(("paper_words", "spelling_g"))
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
        key = "rowid" if table != "paper_sources" else "paper"
        row, value = conn.execute(
            f"SELECT {key}, {quoted} FROM {table} WHERE {quoted} IS NOT NULL AND {quoted} <> ''"
            f" ORDER BY {'1' if table != 'decisions' else '1 DESC'}"
        ).fetchone()
        change = f"UPDATE {table} SET {quoted} = ? WHERE {quoted} = ? AND {key} = ?"
        changed = _one_off(value)
        conn.execute(change, (changed, value, row))
        yield
        row = changed if column in ("row", key) else row
        conn.execute(change, (value, changed, row))


def _one_off(value: str | int | float) -> str | int | float:
    """The smallest change: one character, one unit, one bit."""
    if isinstance(value, int):
        return value + 77
    if isinstance(value, float):
        return math.nextafter(value, 2)
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
