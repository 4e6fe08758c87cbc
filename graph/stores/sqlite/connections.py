"""Connections to one database: one for writing, a pool for reading, errors made ours."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import (
    QueryTimeout,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreUnavailable,
    UsageError,
)
from graph.stores.sqlite.schema import MIGRATIONS, migrate

_STEPS_BETWEEN_LOOKS = 20_000
_LOCK_WAIT_S = 30.0
_CACHE_KIB = 64_000
_MMAP_BYTES = 1 << 28
_LARGEST_WAL_KEPT = 1 << 26


class Connections:
    """Connections to a file or, where ``path`` is None, to a database in memory.

    A database in memory has a single connection, which readers and the writer take in turns.

    Args:
        path: the file.
        timeout: seconds after which a reading is cancelled.
    """

    def __init__(self, path: Path | None, timeout: float) -> None:
        self.name = str(path) if path else "the store in memory"
        self._path = path
        self._timeout = timeout
        self._turn = threading.RLock()  # of the writer; in memory, of readers as well
        self._pool = threading.Lock()  # of what follows, and never held for long
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with translated(self.name):
            self._writer = self.open()
            migrate(self._writer, self.name, MIGRATIONS)
            self._writer.execute("PRAGMA journal_mode = WAL")

    def open(self) -> sqlite3.Connection:
        """A new connection in autocommit mode."""
        conn = sqlite3.connect(
            self._path or ":memory:",
            timeout=_LOCK_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        conn.execute(f"PRAGMA mmap_size = {_MMAP_BYTES}")
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL_KEPT}")
        return conn

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing where an error leaves the block."""
        with translated(self.name), self.transaction() as conn:
            yield conn

    @contextmanager
    def transaction(self, references: bool = True) -> Iterator[sqlite3.Connection]:
        """As ``writing``, for a block that has errors of its own: they pass as they are.

        Args:
            references: whether to check that rows refer to rows that are there.
        """
        with self._turn:
            conn = self._writer
            try:
                with translated(self.name):
                    self._check_open()
                    if not references:
                        conn.execute("PRAGMA foreign_keys = OFF")
                    conn.execute("BEGIN IMMEDIATE")
                yield conn
                with translated(self.name):
                    conn.execute("COMMIT")
            finally:
                with translated(self.name):
                    if not self._closed and conn.in_transaction:
                        conn.execute("ROLLBACK")
                    if not self._closed and not references:
                        conn.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent state, cancelled where the block takes longer than the time-out."""
        with translated(self.name, self._timeout), self._reader() as conn:
            deadline = time.monotonic() + self._timeout
            conn.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
            try:
                yield conn
            finally:
                conn.set_progress_handler(None, 0)

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        if self._path is None:
            with self._turn:
                self._check_open()
                yield self._writer
            return
        with self._pool:
            self._check_open()
            conn = self._idle.pop() if self._idle else self.open()
        conn.execute("BEGIN")
        try:
            yield conn
        finally:
            conn.execute("ROLLBACK")
            with self._pool:
                if self._closed:
                    conn.close()
                else:
                    self._idle.append(conn)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent state for as long as it takes, on a connection of its own."""
        with translated(self.name):
            self._check_open()
            conn = self.open()
            if self._path is None:
                with self._turn:
                    self._writer.backup(conn)
            try:
                conn.execute("BEGIN")
                yield conn
            finally:
                conn.close()

    def close(self) -> None:
        """Close what is idle now, and the rest when it is given back."""
        with self._turn, self._pool:
            if not self._closed:
                self._closed = True
                for conn in (*self._idle, self._writer):
                    conn.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable(f"{self.name} is closed", "open the store again")


@contextmanager
def translated(name: str, timeout: float = 0) -> Iterator[None]:
    """SQLite's errors as those of ``graph.errors``."""
    try:
        yield
    except UnicodeEncodeError as e:
        raise UsageError("half a character (a lone surrogate) was asked for", "mend it") from e
    except (ValueError, KeyError) as e:
        raise StoreCorrupt(
            f"{name}: a stored value cannot be read ({e})", "see `papergraph verify`"
        ) from e
    except sqlite3.DatabaseError as e:
        message = str(e)
        if message == "interrupted":
            raise QueryTimeout(
                f"the query took longer than {timeout:g} s and was cancelled",
                "ask for less, or allow more time",
            ) from e
        if "locked" in message or "busy" in message:
            raise StoreBusy(f"{name}: another process is writing", "try again") from e
        if "not a database" in message:
            raise StoreError(f"{name} is not a SQLite database", "choose another file") from e
        if "malformed" in message or "decode" in message:
            raise StoreCorrupt(
                f"{name}: {message}", "restore a backup, or ingest the papers into a new store"
            ) from e
        if isinstance(e, sqlite3.OperationalError):
            raise StoreUnavailable(
                f"{name}: {message}", "see that disk and folder are in order"
            ) from e
        raise StoreError(f"{name}: {message}") from e
