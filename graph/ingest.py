"""Papers in: skip what is known, extract the rest, resolve, load, batch by batch.

Every record of the input is counted once. What is known (same text, metadata, extractor and
rules) is not read again; a batch that was loaded stays loaded, so that a run that was cut off is
completed by running it again.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from graph.errors import (
    ExtractionError,
    LeaseLost,
    PapergraphError,
    RecordError,
    Stopped,
    StoreError,
)
from graph.model import Extraction, Extractor, Paper, ResolvedPaper, RunSummary
from graph.quarantine import Quarantine
from graph.stores.assembly import assemble
from graph.stores.base import Fingerprint, GraphStore
from graph.stores.changes import ChangeKind
from graph.stores.entries import Fence
from graph.stores.projection import RecordKey, key_of

log = logging.getLogger(__name__)

BATCH_SIZE = 500
_MOST_FAILURES_KEPT = 100

Extract = Callable[[Iterable[Paper]], Iterable[Extraction | ExtractionError]]
"""Reads papers in order: for each its extraction or, in its place, why there is none."""


class Resolve(Protocol):
    """What gives the entities of an extraction their identities."""

    def resolve(self, paper: Paper, extraction: Extraction, run: str = "") -> ResolvedPaper:
        """Identities of all entities of one extraction."""
        ...


@dataclass(slots=True)
class Ingest:
    """One run over a source.

    Attributes:
        store: where the papers go.
        extract: the pipeline.
        extractor: its name and version; a paper extracted by it is not extracted again.
        resolver: gives identities.
        ruleset: version of the resolver's rules; a paper resolved by it is not resolved again.
        batch_size: papers loaded at once; the outcome does not depend on it.
        source: what is read, for the history of runs.
        on_failure: called with every record or paper that fails.
        on_progress: called with the counts after every batch; by then all papers given before
            the one that is being asked for are loaded. What it raises ends the run.
        fence: the lease that must still be held for a batch to be loaded.
        run_id: id of the run.
        expected: how many records there are, where that is known.
        changed_before: papers that this run added or updated before it was cut off, when it is
            done again under its id: they are found unchanged, and counted as what they were.
    """

    store: GraphStore
    extract: Extract
    extractor: Extractor
    resolver: Resolve
    ruleset: str
    batch_size: int = BATCH_SIZE
    source: str = ""
    on_failure: Callable[[PapergraphError], None] = lambda failure: None
    on_progress: Callable[[RunSummary], None] = lambda run: None
    fence: Fence | None = None
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    expected: int | None = None
    changed_before: Mapping[str, ChangeKind] = field(default_factory=dict)
    _run: RunSummary = field(init=False)
    _before: dict[str, ChangeKind] = field(init=False)
    _quarantine: Quarantine = field(init=False)

    def __call__(self, papers: Iterable[Paper | RecordError]) -> RunSummary:
        """Ingest papers; errors among them are counted as failed and passed on.

        Returns:
            The run as recorded: ``papers == added + updated + unchanged + failed``, and
            ``withdrawn`` apart: those are not loaded, and taken out where they are there.

        Raises:
            PapergraphError: the store or the source failed as a whole; what was loaded before
                stays, and the run is recorded as failed.
        """
        self._run = RunSummary(
            id=self.run_id, started_at=_now(), source=self.source, expected=self.expected
        )
        self._before = dict(self.changed_before)
        self._quarantine = Quarantine(self.store, self.source, self.run_id, self._run.started_at)
        self.store.record_run(self._run)
        try:
            for batch in self._batches(papers):
                self._ingest(batch)
                self._quarantine.flush()
                self.store.record_run(self._run)
                self.on_progress(self._run)
            self._quarantine.flush()
            self._quarantine.read_whole()
        except LeaseLost:
            raise  # the run may be another process's by now, which says how it ends
        except BaseException as e:
            with suppress(StoreError):  # the first error is the one to report
                self._quarantine.flush()
                told = isinstance(e, Stopped) or not isinstance(e, Exception)
                self._finish("interrupted" if told else "failed", str(e))
            raise
        self._finish("finished")
        return self._run

    def _batches(self, papers: Iterable[Paper | RecordError]) -> Iterator[Sequence[Paper]]:
        """Papers in batches without two of one id, so that counts do not depend on the size."""
        batch: dict[str, Paper] = {}
        for paper in papers:
            if isinstance(paper, RecordError):
                self._count(papers=1)
                self._fail(paper)
                continue
            if paper.id in batch or len(batch) >= self.batch_size:
                yield tuple(batch.values())
                batch = {}
            batch[paper.id] = paper
        if batch:
            yield tuple(batch.values())

    def _ingest(self, batch: Sequence[Paper]) -> None:
        withdrawn = [paper for paper in batch if paper.withdrawn]
        live = [paper for paper in batch if not paper.withdrawn]
        self._withdraw(withdrawn)
        known = self.store.record_fingerprints([paper.id for paper in live])
        new = [paper for paper in live if not self._is_known(paper, known)]
        outcome = self.store.load(list(self._resolved(new)), self.fence)
        self._quarantine.loaded(paper.id for paper in live)
        unchanged = {paper.id for paper in live} - {paper.id for paper in new}
        unchanged |= set(outcome.unchanged)
        before = {id: self._before.pop(id) for id in unchanged & self._before.keys()}
        kinds = Counter(before.values())
        self._count(
            papers=len(live),
            withdrawn=len(withdrawn),
            added=len(outcome.added) + kinds[ChangeKind.ADDED],
            updated=len(outcome.updated) + kinds[ChangeKind.UPDATED],
            unchanged=len(unchanged) - len(before),
            claims=outcome.claims + self._claims_of(before),
        )

    def _withdraw(self, papers: Sequence[Paper]) -> None:
        """Take out what the sources that withdraw papers say of them; where none is named, all."""
        ids: dict[str | None, list[str]] = {}
        for paper in papers:
            for source in paper.sources or (None,):
                ids.setdefault(source, []).append(paper.id)
        for source, listed in ids.items():
            self.store.remove(listed, self.run_id, self.fence, source)

    def _claims_of(self, papers: Collection[str]) -> int:
        return sum(map(len, self.store.claims_of_papers(papers).values())) if papers else 0

    def _is_known(self, paper: Paper, known: Mapping[RecordKey, Fingerprint]) -> bool:
        try:
            return known.get(key_of(paper)) == Fingerprint.of(paper, self.extractor, self.ruleset)
        except UnicodeEncodeError:
            return False

    def _resolved(self, papers: Sequence[Paper]) -> Iterator[ResolvedPaper]:
        if not papers:
            return
        for paper, extraction in zip(papers, self.extract(papers), strict=True):
            if isinstance(extraction, ExtractionError):
                self._fail(extraction, paper.id)
                continue
            try:
                resolved = self.resolver.resolve(paper, extraction, self._run.id)
                resolved = replace(resolved, ruleset=self.ruleset)
                assemble(resolved)  # fails here rather than with the whole batch in the store
            except ExtractionError as e:
                self._fail(e, paper.id)
                continue
            yield resolved

    def _fail(self, failure: PapergraphError, paper: str = "") -> None:
        log.debug("failed: %s", failure)
        self._quarantine.add(failure, paper)
        self.on_failure(failure)
        kept = self._run.failures
        if len(kept) < _MOST_FAILURES_KEPT:
            kept = (*kept, str(failure))
        self._run = replace(self._run, failed=self._run.failed + 1, failures=kept)

    def _count(self, **more: int) -> None:
        self._run = replace(
            self._run, **{name: getattr(self._run, name) + n for name, n in more.items()}
        )

    def _finish(self, status: str, failure: str = "") -> None:
        failures = (*self._run.failures, failure) if failure else self._run.failures
        self._run = replace(self._run, status=status, finished_at=_now(), failures=failures)
        self.store.record_run(self._run)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
