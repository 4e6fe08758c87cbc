"""What the latest runs brought, newest first."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from graph.diff import Diff, EntityNews, steps
from graph.model import Paper, RunSummary
from graph.stores.base import EntityRow, GraphStore

RUNS: Final = 20
"""Runs looked at."""
MOST_CHANGED: Final = 5000
"""Papers changed by the runs that are told in full; of those before, counts are told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A run that brought something.

    Attributes:
        run: the run.
        diff: what it brought; None of a run too large, or too long ago, to be told in full.
        papers: those of the difference that are there still.
    """

    run: RunSummary
    diff: Diff | None
    papers: Mapping[str, Paper]

    @property
    def at(self) -> str:
        """When it ended, ISO 8601."""
        return self.run.finished_at or self.run.started_at


class Entries:
    """The entries of one store, found anew when it has changed."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._found: tuple[str, tuple[Entry, ...]] = ("", ())

    def version(self) -> str:
        """Another one whenever the entries may be others."""
        return _version(self._store, self._runs())

    def latest(self) -> tuple[Entry, ...]:
        """All entries, newest first."""
        runs = self._runs()
        version = _version(self._store, runs)
        with self._lock:  # many readers ask when a run has ended: one of them does the work
            if self._found[0] != version:
                self._found = version, tuple(_entries(self._store, runs))
            return self._found[1]

    def _runs(self) -> list[RunSummary]:
        latest = self._store.runs(RUNS + 1)
        return [run for run in latest if run.status not in ("queued", "running")]


def about(entries: Sequence[Entry], wanted: Sequence[EntityRow]) -> Iterator[Entry]:
    """What of the entries concerns some entities: who takes them up, and what changed of them."""
    ids, names = {row.id for row in wanted}, {row.name for row in wanted}

    def kept(news: tuple[EntityNews, ...]) -> tuple[EntityNews, ...]:
        return tuple(n for n in news if n.id in ids)

    for entry in entries:
        if entry.diff is None:
            continue
        diff = Diff(
            new_entities=kept(entry.diff.new_entities),
            first_uses=kept(entry.diff.first_uses),
            adopters=kept(entry.diff.adopters),
            changed_results=tuple(
                r for r in entry.diff.changed_results if names & {r.entity, r.on, r.metric}
            ),
        )
        if diff != Diff():
            yield replace(entry, diff=diff)


def _version(store: GraphStore, runs: Sequence[RunSummary]) -> str:
    latest = f"{runs[0].id}-{runs[0].status}" if runs else ""
    return f"{store.data_version()}-{latest}"


def _entries(store: GraphStore, runs: Sequence[RunSummary]) -> Iterator[Entry]:
    at = store.positions([run.id for run in runs])
    newest_first = sorted(runs, key=lambda run: (at[run.id], run.started_at), reverse=True)
    # The oldest, where there may be others before it, is only where the next one begins.
    begins = [at[run.id] for run in newest_first[1:]] + [0] * (len(runs) <= RUNS)
    told = newest_first[: len(begins)]
    changed = accumulate(run.added + run.updated + run.withdrawn for run in told)
    in_full = sum(total <= MOST_CHANGED for total in changed)
    ends = [at[run.id] for run in told]
    diffs: list[Diff | None] = []
    if in_full:
        diffs += steps(store, [begins[in_full - 1], *reversed(ends[:in_full])])
    diffs += [None] * (len(told) - in_full)
    for run, diff in zip(told, diffs, strict=True):
        if diff or (diff is None and run.added + run.updated + run.withdrawn):
            yield Entry(run, diff, store.papers_by_id(_papers_of(diff)) if diff else {})


def _papers_of(diff: Diff) -> list[str]:
    news = (*diff.new_entities, *diff.first_uses, *diff.adopters)
    ids = {*diff.added, *diff.updated, *(result.paper for result in diff.changed_results)}
    return sorted(ids.union(*(item.papers for item in news)))
