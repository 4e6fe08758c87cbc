"""Many batches into an empty store: rows first, what is derived at the end, one transaction.

Indexes are filled in one sorted pass, each entity is written once, however many batches speak of
it, and one thread makes the rows of a batch while another writes those of the batch before.
Readers see the empty store until the whole is there.
"""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from graph.errors import StoreBusy
from graph.model import ResolvedPaper
from graph.stores import joining
from graph.stores.changes import ChangeKind
from graph.stores.content import PaperContent
from graph.stores.entities import Votes, tally
from graph.stores.projection import RecordKey
from graph.stores.sqlite import changes, inserting, reading, tallies, writing
from graph.stores.surroundings import Leads

_MOST_ENTITIES_HELD: Final = 200_000
_MOST_PUT_OFF: Final = 20_000
_DEFERRED: Final = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
    " ('papers', 'paper_sources', 'claims', 'results', 'relations', 'changes')"
)


def is_empty(conn: sqlite3.Connection) -> bool:
    """Whether a store holds no paper, hence no claim and no entity."""
    return conn.execute("SELECT 1 FROM papers LIMIT 1").fetchone() is None


class _Numbers(dict[str, int]):
    """Row of each entity: the next free one for an entity that is new."""

    def __missing__(self, entity: str) -> int:
        row = self[entity] = len(self) + 1
        return row


class Bulk:
    """One bulk load.

    A record that may be of a paper loaded before, for it shares an id, a DOI or a title with
    one, is put off to the end and loaded as ever.

    Args:
        conn: inside a transaction on an empty store, without checks of references.

    Raises:
        StoreBusy: the store is not empty, or not any more.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        if not is_empty(conn):
            raise StoreBusy("another process has loaded papers meanwhile", "try again")
        self._conn = conn
        self._ledger = reading.ledger(conn)
        self._votes: dict[str, Votes] = {}
        self._entity_rows = _Numbers()
        self._next_paper = 1
        self._leads: set[str | int | None] = set()
        self._put_off: dict[RecordKey, tuple[PaperContent, str]] = {}
        self._worker = ThreadPoolExecutor(1, "bulk load")
        self._written: Future[None] | None = None
        self._deferring = True
        self._indexes = conn.execute(_DEFERRED).fetchall()
        for name, _ in self._indexes:
            conn.execute(f"DROP INDEX {name}")

    def load(self, batch: Sequence[ResolvedPaper]) -> None:
        """Load papers."""
        records = joining.given(batch)
        if not self._deferring:
            writing.load(self._conn, records, self._ledger)
            return
        new = [record for key, record in records.items() if self._is_new(key, record)]
        for content, _ in new:
            tally(self._votes, content.claims, inserting.entity_in(content, self._ledger))
        prepared = inserting.prepare(new, self._next_paper, self._entity_rows, self._ledger)
        prepared["changes"] = [
            changes.values_of(run, content.paper.id, ChangeKind.ADDED) for content, run in new
        ]
        self._next_paper += len(new)
        self._wait()
        self._written = self._worker.submit(inserting.insert, self._conn, prepared)
        if len(self._put_off) > _MOST_PUT_OFF:
            self.finish()
        elif len(self._votes) > _MOST_ENTITIES_HELD:
            self._wait()
            self._flush()

    def _is_new(self, key: RecordKey, record: tuple[PaperContent, str]) -> bool:
        """Whether nothing before may be of the same paper; else the record is put off."""
        leads = Leads.of(record[0].paper)
        if not self._leads.isdisjoint(leads):
            self._put_off[key] = record
            return False
        self._leads.update(lead for lead in leads if lead is not None)
        return True

    def finish(self) -> None:
        """Write what was put off."""
        if not self._deferring:
            return
        self._wait()
        self._flush()
        for _, definition in self._indexes:
            self._conn.execute(definition)
        writing.touch(self._conn)
        self._deferring = False
        if self._put_off:
            writing.load(self._conn, self._put_off, self._ledger)

    def _flush(self) -> None:
        tallies.add(self._conn, self._votes, self._ledger, self._entity_rows)
        self._votes.clear()

    def _wait(self) -> None:
        if self._written:
            self._written.result()
            self._written = None

    def __enter__(self) -> "Bulk":
        return self

    def __exit__(self, *exc: object) -> None:
        self._worker.shutdown()
