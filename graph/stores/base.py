"""The port: what every store does, in which order it answers, and what it promises.

Rules that hold for every operation, and that ``tests/conformance`` checks on every adapter:

* **Order is total.** Every list is ordered by the keys named in its contract and then by id, so
  that a page never repeats or skips a row, and cursors are *keyset* cursors: the sort key of the
  last row seen. They stay valid while data grows. A key that does not fit the list is a
  ``UsageError``.
* **Loads are atomic.** ``load`` and ``remove`` take effect whole or not at all, and readers see
  either the state before or the state after.
* **Loads are idempotent.** Loading what is already there changes nothing.
* **What is derived follows.** Entities, their names, types, aliases and counts are functions of
  the claims and decisions present, never of the order in which they came. An entity without a
  claim is gone.
* **Errors** are those of ``graph.errors`` under ``StoreError``; a query that runs past its
  time-out is cancelled in the store and raises ``StoreBusy``.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from graph.identifiers import sha256
from graph.model import Decision, Extractor, Paper, Quote, Record, ResolvedPaper, RunSummary
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.stores.entries import Entry, Fence
from graph.stores.families import Family
from graph.stores.tokens import ApiToken

if TYPE_CHECKING:
    from graph.stores.changes import Change
    from graph.stores.columns import Reading

T = TypeVar("T")

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

SortKey = tuple[str | int | float | None, ...]
"""Sort key of a row, ending in its id; what a cursor holds."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A stretch of an ordered list.

    Attributes:
        rows: items with their sort keys, in the list's order, whichever way was paged.
        has_next: there are rows after the last one.
        has_previous: there are rows before the first one.
    """

    rows: tuple[tuple[T, SortKey], ...]
    has_next: bool
    has_previous: bool

    @property
    def items(self) -> tuple[T, ...]:
        """The rows without their sort keys."""
        return tuple(item for item, _ in self.rows)


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch is asked for: ``limit`` rows after (or, with ``backward``, before) a key.

    ``after`` and ``before`` are exclusive bounds and may be combined; with ``backward`` the
    *last* ``limit`` rows within the bounds are returned.
    """

    limit: int
    after: SortKey | None = None
    before: SortKey | None = None
    backward: bool = False


class PaperOrder(StrEnum):
    """Orders of papers; ties are broken by id, ascending."""

    PUBLISHED_AT = "published_at"
    TITLE = "title"
    ID = "id"


class EntityOrder(StrEnum):
    """Orders of entities; ties are broken by id, ascending."""

    PAPERS = "papers"
    NAME = "name"
    ID = "id"


@dataclass(frozen=True, slots=True)
class EntityCondition:
    """The paper has a claim with this role on any of these entities (ids).

    ``min_confidence`` bounds the claim's own confidence. ``role`` None means any role.
    """

    role: Role | None
    entities: frozenset[str]
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class PaperCondition:
    """Which papers: all that is set must hold; an empty condition holds for every paper.

    Attributes:
        claims: one entry a required claim.
        published_after: day of publication is this day or later.
        published_before: day of publication is this day or earlier.
        text: full-text query over title and abstract: every word must occur.
        source: the paper came from this source.
        run: the paper was added or changed last by the run of this id.
        all_of: conditions that must all hold.
        any_of: conditions of which at least one must hold (ignored where empty).
        none_of: conditions none of which may hold.
    """

    claims: tuple[EntityCondition, ...] = ()
    published_after: date | None = None
    published_before: date | None = None
    text: str | None = None
    source: str | None = None
    run: str | None = None
    all_of: tuple["PaperCondition", ...] = ()
    any_of: tuple["PaperCondition", ...] = ()
    none_of: tuple["PaperCondition", ...] = ()


@dataclass(frozen=True, slots=True)
class EntityFilter:
    """Which entities: all that is set must hold."""

    types: frozenset[EntityType] = frozenset()
    name: str | None = None
    min_papers: int = 0


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling of an entity and the number of papers that use it."""

    surface: str
    papers: int


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity as the claims and decisions present make it.

    Attributes:
        id: its identity key after decisions.
        name: curated or decided name, else the spelling most papers use (ties: the first in
            code point order).
        type: decided type, else the one most papers give it (ties: ontology order).
        aliases: spellings, most used first, ties in code point order.
        papers: number of papers with a claim on it.
        types: votes per type, in papers.
    """

    id: str
    name: str
    type: EntityType
    aliases: tuple[Alias, ...]
    papers: int
    types: tuple[tuple[EntityType, int], ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A paper's relation to an entity with its evidence: an edge of the graph.

    ``id`` is a content hash of paper, key and role, hence the same in every store. ``key`` is
    the identity before decisions; ``surface`` the fullest spelling in this paper; ``long_form``
    what the paper defines it to stand for.
    """

    id: str
    paper: str
    entity: str
    key: str
    surface: str
    type: EntityType
    role: Role
    confidence: float
    evidence: Quote
    mentions: tuple[Quote, ...]
    extractor_name: str
    extractor_version: str
    run: str = ""
    long_form: str | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A reported number with entity ids in place of indexes."""

    id: str
    paper: str
    entity: str | None
    on: str | None
    metric: str | None
    value: str
    kind: ResultKind
    confidence: float
    evidence: Quote


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation between two entities as one paper states it."""

    id: str
    paper: str
    head: str
    type: RelationType
    tail: str
    confidence: float
    evidence: Quote


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """Ids of the papers a ``load`` added, replaced, and found as they were.

    ``claims`` counts the claims of the added and the replaced.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    claims: int = 0


Load = Callable[[Sequence[ResolvedPaper]], object]
"""What ``GraphStore.bulk`` gives: loads a batch."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What decides whether a paper must be read again: text, metadata, extractor, rules."""

    text_sha256: str
    metadata_sha256: str
    extractor_name: str
    extractor_version: str
    ruleset: str = ""

    @classmethod
    def of(cls, paper: Paper, extractor: Extractor, ruleset: str) -> "Fingerprint":
        """What the store will hold for this paper once it is loaded."""
        return cls(
            paper.text_sha256, metadata_sha256(paper), extractor.name, extractor.version, ruleset
        )


def metadata_sha256(paper: Paper) -> str:
    """Hex SHA-256 of all that a source says of a paper but its abstract."""
    record = paper.to_record()
    del record["abstract"]
    return sha256(_ENCODER.encode(record))


@dataclass(frozen=True, slots=True)
class Counts:
    """Sizes of the graph; ``types`` and ``roles`` count entities and claims."""

    papers: int
    entities: int
    claims: int
    results: int
    relations: int
    types: Mapping[EntityType, int] = field(default_factory=dict)
    roles: Mapping[Role, int] = field(default_factory=dict)


class GraphStore(Protocol):
    """A place where the graph is kept. Context manager; ``close`` is idempotent."""

    # -- writing ---------------------------------------------------------------------------

    def load(self, batch: Sequence[ResolvedPaper], fence: Fence | None = None) -> LoadOutcome:
        """Insert papers or replace exactly their claims; all of the batch or nothing.

        What is given are records: several of one paper are kept and the paper follows from them
        (``stores.joining``), one of the same id and sources takes the place of that before.
        The outcome names records by their own ids. A record whose text, metadata, extraction and
        identities are those stored is unchanged. Twice in a batch: the last one counts.
        Entities of one paper with one key become one claim (``stores.content``). Each paper added
        or replaced is a change in the store's history (``changes``) of the run that it names.

        Raises:
            ExtractionError: an extraction does not fit its paper; nothing is loaded.
            LeaseLost: the lease of the fence is another's by now; nothing is loaded.
        """
        ...

    def bulk(self) -> AbstractContextManager[Load]:
        """Load many batches as fast as the store can; in the end all is as after ``load`` of each.

        ``with store.bulk() as load: load(batch)``. In an empty store nothing of it may be there
        until the block ends, and an error that leaves the block, or a crash, then leaves nothing.
        Otherwise each batch is a load of its own. Within the block the thread writes in no other
        way; other writers may have to wait.
        """
        ...

    def remove(
        self,
        papers: Iterable[str],
        run: str = "",
        fence: Fence | None = None,
        source: str | None = None,
    ) -> tuple[str, ...]:
        """Retract papers with all that only they support; returns the ids that were there.

        With a source, only what that source says of them (where it is empty: what names no
        source), so that a paper that others tell of too becomes what these alone give. An id may
        also be that of one record of a paper that has a better id: then that record goes.

        Of the history of their changes, and of entries that speak of them, nothing stays but
        that they were retracted in this run.

        Raises:
            LeaseLost: the lease of the fence is another's by now; nothing is removed.
        """
        ...

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Append decisions (ids already there are skipped) and project all claims anew.

        Raises:
            IdentityError: an ``undo`` names a decision that is not there.
        """
        ...

    def record_run(self, run: RunSummary) -> None:
        """Insert or replace a run by its id."""
        ...

    # -- reading: single things ------------------------------------------------------------

    def fingerprints(self, papers: Iterable[str]) -> Mapping[str, Fingerprint]:
        """Fingerprints of those papers that are present."""
        ...

    def record_fingerprints(
        self, ids: Iterable[str]
    ) -> Mapping[tuple[str, tuple[str, ...]], Fingerprint]:
        """Fingerprints of the records of these ids that are present, by id and sources."""
        ...

    def papers_by_id(self, papers: Iterable[str]) -> Mapping[str, Paper]:
        """Those papers that are present."""
        ...

    def entities_by_id(self, entities: Iterable[str]) -> Mapping[str, EntityRow]:
        """Those entities that are present."""
        ...

    def families(self, entities: Iterable[str]) -> Mapping[str, Family]:
        """Families (``stores.families``); of what is not present, as if it were."""
        ...

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """Entities one of whose spellings folds to this (``graph.naming.fold``).

        Order: papers descending, id.
        """
        ...

    def claims_of_papers(
        self, papers: Iterable[str], roles: frozenset[Role] = frozenset()
    ) -> Mapping[str, tuple[ClaimRow, ...]]:
        """Claims per paper (restricted to roles where given), by evidence start, then id."""
        ...

    def results_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[ResultRow, ...]]:
        """Reported results per paper, by evidence start, then id."""
        ...

    def relations_of_papers(self, papers: Iterable[str]) -> Mapping[str, tuple[RelationRow, ...]]:
        """Entity relations per paper, by evidence start, then id.

        Relations whose two ends a decision made one entity are left out while it is in force.
        """
        ...

    # -- reading: lists --------------------------------------------------------------------

    def papers(
        self, condition: PaperCondition, order: PaperOrder, descending: bool, window: Window
    ) -> Page[Paper]:
        """Papers that satisfy a condition. Undated papers sort as the oldest."""
        ...

    def count_papers(self, condition: PaperCondition) -> int:
        """How many papers satisfy a condition."""
        ...

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """Entities that satisfy a filter; ``name`` matches a folded part of any spelling."""
        ...

    def count_entities(self, condition: EntityFilter) -> int:
        """How many entities satisfy a filter."""
        ...

    def claims_of_entity(
        self, entity: str, roles: frozenset[Role], window: Window
    ) -> Page[ClaimRow]:
        """Claims on one entity, newest paper first (undated last), then paper id, claim id."""
        ...

    def count_claims_of_entity(self, entity: str, roles: frozenset[Role]) -> int:
        """How many claims there are on one entity."""
        ...

    def search_entities(
        self, text: str, types: frozenset[EntityType], limit: int
    ) -> tuple[EntityRow, ...]:
        """Entities one of whose spellings resembles ``text``, best first; prefixes, typos."""
        ...

    # -- the whole -------------------------------------------------------------------------

    def decisions(self) -> tuple[Decision, ...]:
        """The ledger, in order of (at, id)."""
        ...

    def runs(self, limit: int = 50) -> tuple[RunSummary, ...]:
        """Latest runs first (by start, then id)."""
        ...

    def run(self, id: str) -> RunSummary | None:
        """The run of this id, if there is one."""
        ...

    def counts(self) -> Counts:
        """Sizes of the graph."""
        ...

    def snapshot(self) -> Iterator[Record]:
        """Every record of the canonical export, in its order, from one consistent state."""
        ...

    def check(self) -> Iterator[str]:
        """One line for each invariant that does not hold (see ``graph.verify``)."""
        ...

    def data_version(self) -> str:
        """Changes whenever the content does; cheap. For caches and ETags."""
        ...

    def read(self, work: "Callable[[Reading], T]") -> T:
        """What ``work`` returns, all of whose questions are answered from one state.

        It may run more than once, where a server was restarted. The time-out holds for all of
        it together. See ``stores.columns``.
        """
        ...

    # -- history: which run changed which papers; in no export -----------------------------

    def changes(self, after: int = 0) -> Iterator["Change"]:
        """Changes at later positions than this one, by position."""
        ...

    def positions(self, runs: Iterable[str]) -> Mapping[str, int]:
        """Where in the history each run ended, of those that are there."""
        ...

    # -- entries: kept beside the graph, in no export --------------------------------------

    def entries(self, kind: str, ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """Entries of a kind (those with these ids, where given), by id."""
        ...

    def exchange_entry(self, entry: Entry) -> Entry | None:
        """Store an entry if that there has the version of this one still (empty: none there).

        Returns:
            The entry with its new version, or None where another writer was faster.
        """
        ...

    def keep_entries(self, kept: Sequence[Entry]) -> None:
        """Store entries, whatever was there in their places."""
        ...

    def drop_entries(self, kind: str, ids: Iterable[str]) -> int:
        """Forget entries; returns how many were there."""
        ...

    # -- API tokens: kept beside the graph, in no export -----------------------------------

    def add_token(self, token: ApiToken) -> None:
        """Keep a token.

        Raises:
            UsageError: there is one of this name.
        """
        ...

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens, by name."""
        ...

    def revoke_token(self, name: str) -> bool:
        """Forget a token; False where there is none of this name."""
        ...

    # -- the connection --------------------------------------------------------------------

    def ready(self) -> int:
        """The version of the schema.

        Raises:
            StoreUnavailable: the store does not answer, or its schema is not the current one.
        """
        ...

    def close(self) -> None:
        """Release connections."""
        ...

    def __enter__(self) -> "GraphStore": ...

    def __exit__(self, *exc: object) -> None: ...
