"""The Neo4j adapter of the port."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TypeVar

from neo4j import ManagedTransaction

from graph.errors import StoreUnavailable
from graph.ledger import Ledger
from graph.model import Decision, Paper, Record, ResolvedPaper, RunSummary
from graph.ontology import EntityType, Role
from graph.resolution import RULESET
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
from graph.stores.neo4j import (
    changes,
    check,
    entries,
    families,
    listing,
    reading,
    tokens,
    values,
    writing,
)
from graph.stores.neo4j.bulk import bulk
from graph.stores.neo4j.columns import Neo4jReading
from graph.stores.neo4j.connection import Connection
from graph.stores.neo4j.schema import MIGRATIONS
from graph.stores.neo4j.shelf import Neo4jShelf
from graph.stores.tokens import ApiToken

T = TypeVar("T")


class Neo4jStore:
    """A graph in a Neo4j database; contracts as in ``stores.base.GraphStore``.

    Args:
        address: URL of the server, without user, password and database.
        auth: user and password.
        database: its name; None for the user's home database.
        timeout: seconds after which a reading is cancelled.

    Raises:
        StoreUnavailable: the server does not answer.
        StoreError: it refuses, or its database is of a newer papergraph.
    """

    def __init__(
        self,
        address: str,
        auth: tuple[str, str] = ("", ""),
        database: str | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._connection = Connection(address, auth, database, timeout)
        if self._connection.read(families.ruleset) != RULESET:
            self._connection.write(lambda tx: families.rebuild(tx, Ledger(writing.decisions(tx))))

    def load(self, batch: Sequence[ResolvedPaper], fence: Fence | None = None) -> LoadOutcome:
        """See the port."""
        return self._load(joining.given(batch), fence)

    def _load(self, records: joining.Given, fence: Fence | None = None) -> LoadOutcome:
        def load(tx: ManagedTransaction) -> LoadOutcome:
            entries.guard(tx, fence)
            plan = joining.load(Neo4jShelf(tx), records)
            if plan.gone:
                writing.remove(tx, plan.gone, plan.run)
            return plan.outcome(writing.load(tx, plan.papers, plan.hashes))

        return self._connection.write(load)

    def bulk(self) -> AbstractContextManager[Load]:
        """See the port; every batch is a load of its own."""
        return bulk(self._load)

    def remove(
        self,
        papers: Iterable[str],
        run: str = "",
        fence: Fence | None = None,
        source: str | None = None,
    ) -> tuple[str, ...]:
        """See the port."""
        ids = list(papers)

        def remove(tx: ManagedTransaction) -> tuple[str, ...]:
            entries.guard(tx, fence)
            plan = joining.remove(Neo4jShelf(tx), ids, source, run)
            writing.remove(tx, plan.gone, run)
            if plan.papers:
                writing.load(tx, plan.papers, plan.hashes)
            return tuple(plan.removed)

        return self._connection.write(remove)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """See the port."""
        self._connection.write(writing.decide, decisions)

    def record_run(self, run: RunSummary) -> None:
        """See the port."""
        row = values.summary_properties(asdict(run))

        def record(tx: ManagedTransaction) -> None:
            placed = row | {"position": changes.position(tx)}
            tx.run("MERGE (r:Run {id: $row.id}) SET r = $row", row=placed).consume()

        self._connection.write(record)

    def fingerprints(self, papers: Iterable[str]) -> Mapping[str, Fingerprint]:
        """See the port."""
        return self._connection.read(reading.fingerprints, list(papers))

    def record_fingerprints(
        self, ids: Iterable[str]
    ) -> Mapping[tuple[str, tuple[str, ...]], Fingerprint]:
        """See the port."""
        return self._connection.read(reading.record_fingerprints, list(ids))

    def papers_by_id(self, papers: Iterable[str]) -> Mapping[str, Paper]:
        """See the port."""
        return self._connection.read(reading.papers_by_id, list(papers))

    def entities_by_id(self, entities: Iterable[str]) -> Mapping[str, EntityRow]:
        """See the port."""
        return self._connection.read(reading.entities_by_id, list(entities))

    def families(self, entities: Iterable[str]) -> Mapping[str, Family]:
        """See the port."""
        return self._connection.read(reading.families, list(entities))

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """See the port."""
        return self._connection.read(listing.entities_named, folded)

    def claims_of_papers(
        self, papers: Iterable[str], roles: frozenset[Role] = frozenset()
    ) -> Mapping[str, tuple[ClaimRow, ...]]:
        """See the port."""
        return self._connection.read(reading.claims_of_papers, list(papers), roles)

    def results_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[ResultRow, ...]]:
        """See the port."""
        return self._connection.read(reading.results_of_papers, list(papers))

    def relations_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[RelationRow, ...]]:
        """See the port."""
        return self._connection.read(reading.relations_of_papers, list(papers))

    def papers(
        self, condition: PaperCondition, order: PaperOrder, descending: bool, window: Window
    ) -> Page[Paper]:
        """See the port."""
        return self._connection.read(listing.papers, condition, order, descending, window)

    def count_papers(self, condition: PaperCondition) -> int:
        """See the port."""
        return self._connection.read(listing.count_papers, condition)

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """See the port."""
        return self._connection.read(listing.entities, condition, order, descending, window)

    def count_entities(self, condition: EntityFilter) -> int:
        """See the port."""
        return self._connection.read(listing.count_entities, condition)

    def claims_of_entity(
        self, entity: str, roles: frozenset[Role], window: Window
    ) -> Page[ClaimRow]:
        """See the port."""
        return self._connection.read(listing.claims_of_entity, entity, roles, window)

    def count_claims_of_entity(self, entity: str, roles: frozenset[Role]) -> int:
        """See the port."""
        return self._connection.read(listing.count_claims_of_entity, entity, roles)

    def search_entities(
        self, text: str, types: frozenset[EntityType], limit: int
    ) -> tuple[EntityRow, ...]:
        """See the port."""
        return self._connection.read(listing.search_entities, text, types, limit)

    def decisions(self) -> tuple[Decision, ...]:
        """See the port."""
        return self._connection.read(writing.decisions)

    def runs(self, limit: int = 50) -> tuple[RunSummary, ...]:
        """See the port."""
        return self._connection.read(reading.runs, limit)

    def run(self, id: str) -> RunSummary | None:
        """See the port."""
        return self._connection.read(reading.run, id)

    def counts(self) -> Counts:
        """See the port."""
        return self._connection.read(reading.counts)

    def snapshot(self) -> Iterator[Record]:
        """See the port; writers wait while it is copied, readers of the copy hold up nobody."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as copy:

            def fill(tx: ManagedTransaction) -> None:
                copy.seek(0)
                copy.truncate()
                for record in reading.snapshot(tx):
                    copy.write(json.dumps(record) + "\n")

            self._connection.write(fill)
            copy.seek(0)
            yield from map(json.loads, copy)

    def check(self) -> Iterator[str]:
        """See the port."""
        yield from self._connection.write(lambda tx: list(check.check(tx)))

    def data_version(self) -> str:
        """See the port."""
        return self._connection.read(reading.data_version)

    def read(self, work: Callable[[Reading], T]) -> T:
        """See the port; the work may run more than once, where the server was restarted."""
        return self._connection.read_singly(lambda tx: work(Neo4jReading(tx)))

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See the port."""
        while found := self._connection.read(changes.after, after):
            yield from found
            after = found[-1].position

    def positions(self, runs: Iterable[str]) -> Mapping[str, int]:
        """See the port."""
        return self._connection.read(changes.positions, list(runs))

    def entries(self, kind: str, ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """See the port."""
        return self._connection.read(entries.of_kind, kind, None if ids is None else list(ids))

    def exchange_entry(self, entry: Entry) -> Entry | None:
        """See the port."""
        return self._connection.write(entries.exchange, entry)

    def keep_entries(self, kept: Sequence[Entry]) -> None:
        """See the port."""
        self._connection.write(entries.keep, kept)

    def drop_entries(self, kind: str, ids: Iterable[str]) -> int:
        """See the port."""
        return self._connection.write(entries.drop, kind, list(ids))

    def add_token(self, token: ApiToken) -> None:
        """See the port."""
        self._connection.write(tokens.add, token)

    def tokens(self) -> tuple[ApiToken, ...]:
        """See the port."""
        return self._connection.read(tokens.every)

    def revoke_token(self, name: str) -> bool:
        """See the port."""
        return self._connection.write(tokens.revoke, name)

    def ready(self) -> int:
        """See the port."""
        if self._connection.schema_version() != len(MIGRATIONS):
            raise StoreUnavailable(
                f"{self._connection.name} has another schema than this papergraph",
                "restart it with the version that wrote the store last",
            )
        return len(MIGRATIONS)

    def close(self) -> None:
        """See the port."""
        self._connection.close()

    def __enter__(self) -> "Neo4jStore":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
