"""The SQLite adapter of the port."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from graph.errors import StoreUnavailable
from graph.ledger import Ledger
from graph.model import Decision, Paper, Record, ResolvedPaper, RunSummary
from graph.ontology import EntityType, Role
from graph.stores import joining
from graph.stores.base import (
    ClaimRow,
    Counts,
    EntityFilter,
    EntityOrder,
    EntityRow,
    Fingerprint,
    Load,
    LoadOutcome,
    Page,
    PaperCondition,
    PaperOrder,
    RelationRow,
    ResultRow,
    Window,
)
from graph.stores.changes import Change
from graph.stores.columns import Reading
from graph.stores.entries import Entry, Fence
from graph.stores.families import Family
from graph.stores.sqlite import (
    bulk,
    changes,
    check,
    entity_listing,
    entries,
    listing,
    reading,
    rows,
    tokens,
    writing,
)
from graph.stores.sqlite.columns import SQLiteReading
from graph.stores.sqlite.connections import Connections, translated
from graph.stores.sqlite.schema import MIGRATIONS, is_current
from graph.stores.sqlite.shelf import SQLiteShelf
from graph.stores.tokens import ApiToken

T = TypeVar("T")


class SQLiteStore:
    """A graph in one SQLite file; contracts as in ``stores.base.GraphStore``.

    Args:
        path: the file, created where it is not there; None keeps the graph in memory.
        timeout: seconds after which a reading is cancelled.

    Raises:
        StoreError: the file cannot be opened, or is no store of ours.
    """

    def __init__(self, path: Path | None, timeout: float = 30.0) -> None:
        self._connections = Connections(path, timeout)

    def load(self, batch: Sequence[ResolvedPaper], fence: Fence | None = None) -> LoadOutcome:
        """See the port."""
        records = joining.given(batch)
        with self._connections.writing() as conn:
            entries.guard(conn, fence)
            return writing.load(conn, records, reading.ledger(conn))

    @contextmanager
    def bulk(self) -> Iterator[Load]:
        """See the port; one transaction where the store is empty."""
        with self._connections.reading() as conn:
            empty = bulk.is_empty(conn)
        if not empty:
            yield self.load
            return
        with self._connections.transaction(references=False) as conn, bulk.Bulk(conn) as loading:

            def load(batch: Sequence[ResolvedPaper]) -> None:
                with translated(self._connections.name):
                    loading.load(batch)

            yield load
            with translated(self._connections.name):
                loading.finish()

    def remove(
        self,
        papers: Iterable[str],
        run: str = "",
        fence: Fence | None = None,
        source: str | None = None,
    ) -> tuple[str, ...]:
        """See the port."""
        with self._connections.writing() as conn:
            entries.guard(conn, fence)
            plan = joining.remove(SQLiteShelf(conn), list(papers), source, run)
            ledger = reading.ledger(conn)
            writing.remove(conn, plan.gone, run, ledger)
            if plan.papers:
                writing.store(conn, plan.papers, ledger)
            return tuple(plan.removed)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """See the port."""
        with self._connections.writing() as conn:
            past = rows.decisions(conn)
            there = {decision.id for decision in past}
            new = list({d.id: d for d in decisions if d.id not in there}.values())
            if new:
                writing.decide(conn, past, new, Ledger(past), Ledger((*past, *new)))

    def record_run(self, run: RunSummary) -> None:
        """See the port."""
        with self._connections.writing() as conn:
            row = run.id, run.started_at, rows.dumps(asdict(run)), changes.now(conn)
            conn.execute(
                "INSERT OR REPLACE INTO runs (id, started_at, summary, position, checksum)"
                " VALUES (?, ?, ?, ?, ?)",
                (*row, rows.checksum(*row)),
            )

    def fingerprints(self, papers: Iterable[str]) -> Mapping[str, Fingerprint]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.fingerprints(conn, list(papers))

    def record_fingerprints(
        self, ids: Iterable[str]
    ) -> Mapping[tuple[str, tuple[str, ...]], Fingerprint]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.record_fingerprints(conn, list(ids))

    def papers_by_id(self, papers: Iterable[str]) -> Mapping[str, Paper]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.papers_by_id(conn, list(papers))

    def entities_by_id(self, entities: Iterable[str]) -> Mapping[str, EntityRow]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.entities_by_id(conn, list(entities))

    def families(self, entities: Iterable[str]) -> Mapping[str, Family]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.families(conn, list(entities))

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.entities_named(conn, folded)

    def claims_of_papers(
        self, papers: Iterable[str], roles: frozenset[Role] = frozenset()
    ) -> Mapping[str, tuple[ClaimRow, ...]]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.claims_of_papers(conn, list(papers), roles)

    def results_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[ResultRow, ...]]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.results_of_papers(conn, list(papers))

    def relations_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[RelationRow, ...]]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.relations_of_papers(conn, list(papers))

    def papers(
        self, condition: PaperCondition, order: PaperOrder, descending: bool, window: Window
    ) -> Page[Paper]:
        """See the port."""
        with self._connections.reading() as conn:
            return listing.papers(conn, condition, order, descending, window)

    def count_papers(self, condition: PaperCondition) -> int:
        """See the port."""
        with self._connections.reading() as conn:
            return listing.count_papers(conn, condition)

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """See the port."""
        with self._connections.reading() as conn:
            return entity_listing.entities(conn, condition, order, descending, window)

    def count_entities(self, condition: EntityFilter) -> int:
        """See the port."""
        with self._connections.reading() as conn:
            return entity_listing.count_entities(conn, condition)

    def claims_of_entity(
        self, entity: str, roles: frozenset[Role], window: Window
    ) -> Page[ClaimRow]:
        """See the port."""
        with self._connections.reading() as conn:
            return listing.claims_of_entity(conn, entity, roles, window)

    def count_claims_of_entity(self, entity: str, roles: frozenset[Role]) -> int:
        """See the port."""
        with self._connections.reading() as conn:
            return listing.count_claims_of_entity(conn, entity, roles)

    def search_entities(
        self, text: str, types: frozenset[EntityType], limit: int
    ) -> tuple[EntityRow, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return entity_listing.search_entities(conn, text, types, limit)

    def decisions(self) -> tuple[Decision, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return rows.decisions(conn)

    def runs(self, limit: int = 50) -> tuple[RunSummary, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.runs(conn, limit)

    def run(self, id: str) -> RunSummary | None:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.run(conn, id)

    def counts(self) -> Counts:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.counts(conn)

    def snapshot(self) -> Iterator[Record]:
        """See the port."""
        with self._connections.snapshot() as conn:
            yield from reading.snapshot(conn)

    def check(self) -> Iterator[str]:
        """See the port."""
        with self._connections.snapshot() as conn:
            yield from check.check(conn)

    def data_version(self) -> str:
        """See the port."""
        with self._connections.reading() as conn:
            return reading.data_version(conn)

    def read(self, work: Callable[[Reading], T]) -> T:
        """See the port."""
        with self._connections.reading() as conn:
            return work(SQLiteReading(conn))

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See the port."""
        while True:
            with self._connections.reading() as conn:
                found = changes.after(conn, after)
            if not found:
                return
            yield from found
            after = found[-1].position

    def positions(self, runs: Iterable[str]) -> Mapping[str, int]:
        """See the port."""
        with self._connections.reading() as conn:
            return changes.positions(conn, runs)

    def entries(self, kind: str, ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return entries.of_kind(conn, kind, ids)

    def exchange_entry(self, entry: Entry) -> Entry | None:
        """See the port."""
        with self._connections.writing() as conn:
            return entries.exchange(conn, entry)

    def keep_entries(self, kept: Sequence[Entry]) -> None:
        """See the port."""
        with self._connections.writing() as conn:
            entries.keep(conn, kept)

    def drop_entries(self, kind: str, ids: Iterable[str]) -> int:
        """See the port."""
        with self._connections.writing() as conn:
            return entries.drop(conn, kind, ids)

    def add_token(self, token: ApiToken) -> None:
        """See the port."""
        with self._connections.writing() as conn:
            tokens.add(conn, token)

    def tokens(self) -> tuple[ApiToken, ...]:
        """See the port."""
        with self._connections.reading() as conn:
            return tokens.every(conn)

    def revoke_token(self, name: str) -> bool:
        """See the port."""
        with self._connections.writing() as conn:
            return tokens.revoke(conn, name)

    def ready(self) -> int:
        """See the port."""
        with self._connections.reading() as conn:
            if not is_current(conn):
                raise StoreUnavailable(
                    f"{self._connections.name} has another schema than this papergraph",
                    "restart it with the version that wrote the store last",
                )
        return len(MIGRATIONS)

    def close(self) -> None:
        """See the port."""
        self._connections.close()

    def __enter__(self) -> "SQLiteStore":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
