"""Records that could not be used, kept with the reason until they pass or are dropped.

A bad record is kept once, however often it is met. It is cleared by a run that reads the same
source to its end without meeting it again, by its paper being loaded, or by hand; and it goes
with its paper when that is retracted.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from graph.errors import PapergraphError, RecordError
from graph.stores.base import GraphStore
from graph.stores.entries import Entry

KIND: Final = "bad-record"
MOST_KEPT: Final = 10_000
"""Of one run; what goes beyond is counted and reported as failed, but not kept."""
_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be used.

    Attributes:
        id: hash of its content, or of its place where it has none.
        source: what to read to meet it again, as the run was given it.
        place: where it stands, as the error named it.
        problem: what is wrong with it.
        remedy: what would make it usable.
        record: its beginning, as it came.
        paper: id of its paper, where that is known.
        run: the last run that met it.
        first_at: when it was met first, ISO 8601 in UTC.
        last_at: when it was met last.
        attempts: how many runs met it.
    """

    id: str
    source: str
    place: str
    problem: str
    remedy: str
    record: str
    paper: str
    run: str
    first_at: str
    last_at: str
    attempts: int = 1


class Quarantine:
    """Where one run puts its bad records.

    Args:
        store: the store that keeps them.
        source: what the run reads.
        run: its id.
        at: when it began, ISO 8601 in UTC.
    """

    def __init__(self, store: GraphStore, source: str, run: str, at: str) -> None:
        self._store, self._source, self._run, self._at = store, source, run, at
        self._known = {record.id: record for record in bad_records(store)}
        self._met: dict[str, BadRecord] = {}
        self._unwritten: list[BadRecord] = []

    def add(self, failure: PapergraphError, paper: str = "") -> None:
        """Note a failure; ``flush`` writes it."""
        place = f"{failure.source}, {failure.position}" if isinstance(failure, RecordError) else ""
        content = failure.record if isinstance(failure, RecordError) else ""
        id = _paper_id(paper) if paper else _digest("record", content or place)
        if id in self._met:
            return
        if len(self._met) >= MOST_KEPT:
            return
        before = self._known.get(id)
        self._met[id] = BadRecord(
            id=id,
            source=self._source,
            place=place or f"paper {paper}",
            problem=failure.problem.removeprefix(f"{place}: "),
            remedy=failure.remedy,
            record=content,
            paper=paper,
            run=self._run,
            first_at=before.first_at if before else self._at,
            last_at=self._at,
            attempts=before.attempts + 1 if before else 1,
        )
        self._unwritten.append(self._met[id])

    def flush(self) -> None:
        """Write what was noted since the last time."""
        if self._unwritten:
            self._store.keep_entries(
                [Entry(KIND, r.id, asdict(r), paper=r.paper) for r in self._unwritten]
            )
            self._unwritten.clear()

    def loaded(self, papers: Iterable[str]) -> None:
        """Clear what was kept of papers that are loaded now."""
        if self._known:
            passed = {_paper_id(paper) for paper in papers} & self._known.keys() - self._met.keys()
            self._clear(passed)

    def read_whole(self) -> None:
        """Clear what an earlier run met in the same source and this one did not."""
        self._clear(
            id
            for id, record in self._known.items()
            if record.source == self._source and id not in self._met
        )

    def _clear(self, ids: Iterable[str]) -> None:
        if cleared := list(ids):
            self._store.drop_entries(KIND, cleared)
            for id in cleared:
                del self._known[id]


def bad_records(store: GraphStore) -> tuple[BadRecord, ...]:
    """All that is kept, oldest first."""
    found = (BadRecord(**entry.value) for entry in store.entries(KIND))
    return tuple(sorted(found, key=lambda record: (record.first_at, record.id)))


def drop(store: GraphStore, ids: Iterable[str]) -> int:
    """Forget bad records; returns how many were there."""
    return store.drop_entries(KIND, ids)


def _paper_id(paper: str) -> str:
    return _digest("paper", paper)


def _digest(*parts: str) -> str:
    text = "\x1f".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.sha256(text).hexdigest()[:_ID_DIGITS]
