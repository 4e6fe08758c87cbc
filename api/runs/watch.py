"""Watching the store: one look for all who watch, whoever does what is seen.

What this server, ``papergraph ingest`` and other servers on the same store do is seen alike,
because the store is what is looked at. Nobody looks while nobody watches.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from graph.errors import PapergraphError, StoreError
from graph.model import RunSummary
from graph.stores.base import GraphStore

log = logging.getLogger("papergraph.runs")

T = TypeVar("T")

INTERVAL_S: Final = 0.5
MOST_UNREAD: Final = 10_000
"""Values that may wait for one subscriber."""
_RUNS_LOOKED_AT: Final = 50


class TooSlow(PapergraphError):
    """A subscriber did not take what it subscribed to."""


class Watch(ABC, Generic[T]):
    """Tells subscribers what is seen from the time on at which they subscribe.

    Args:
        interval_s: seconds between two looks.
    """

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._queues: dict[asyncio.Queue[T | None], Callable[[T], bool]] = {}
        self._task: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._seen_so_far: list[T] = []
        self._closed = False

    @abstractmethod
    def _begin(self) -> None:
        """Note where things stand; runs in a thread."""

    @abstractmethod
    def _look(self) -> Sequence[T]:
        """What is new since the last look; runs in a thread."""

    @property
    def watching(self) -> int:
        """Number of subscribers."""
        return len(self._queues)

    async def values(
        self, wanted: Callable[[T], bool], *, first: Callable[[], T] | None = None
    ) -> AsyncGenerator[T, None]:
        """What is seen from now on, until the server stops.

        Args:
            wanted: picks values; runs in the thread that looks.
            first: reads a value to begin with, once nothing later can be missed.

        Raises:
            TooSlow: more than ``MOST_UNREAD`` values were left unread.
            StoreError: the store does not answer at the beginning.
        """
        queue: asyncio.Queue[T | None] = asyncio.Queue(MOST_UNREAD + 2)
        try:
            async with self._starting:  # before the first look, nobody may wait for a value
                if self._closed:
                    return
                if self._task is None:
                    self._seen_so_far = []
                    await run_in_threadpool(self._begin)
                    self._task = asyncio.create_task(self._follow())
                self._queues[queue] = wanted
            if first is not None:
                yield await run_in_threadpool(first)
            while True:
                if queue.qsize() > MOST_UNREAD:
                    raise TooSlow(
                        f"more than {MOST_UNREAD} values were not taken",
                        "subscribe again, and read faster or ask for less",
                    )
                value = await queue.get()
                if value is None:
                    return
                yield value
        finally:
            self._queues.pop(queue, None)
            if not self._queues and self._task:
                self._task.cancel()
                self._task = None

    def close(self) -> None:
        """End all subscriptions."""
        self._closed = True
        for queue in self._queues:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(None)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                seen = await run_in_threadpool(self._sorted_out, dict(self._queues))
            except StoreError as error:
                log.warning("the store cannot be watched: %s", error)
                continue
            except Exception:
                log.exception("watching failed, and goes on")  # rather than end unseen
                continue
            for queue, values in seen:
                for value in values:
                    with suppress(asyncio.QueueFull):  # who reads is told that it is too slow
                        queue.put_nowait(value)

    def _sorted_out(
        self, queues: dict[asyncio.Queue[T | None], Callable[[T], bool]]
    ) -> list[tuple[asyncio.Queue[T | None], list[T]]]:
        # Kept until all have their share: what picks values may ask the store, and fail.
        values = self._seen_so_far = [*self._seen_so_far, *self._look()]
        shares = [(queue, [v for v in values if wanted(v)]) for queue, wanted in queues.items()]
        self._seen_so_far = []
        return shares


class RunWatch(Watch[RunSummary]):
    """Tells of each change of a run.

    Args:
        store: the store.
        interval_s: seconds between two looks.
    """

    def __init__(self, store: GraphStore, interval_s: float = INTERVAL_S) -> None:
        super().__init__(interval_s)
        self._store = store
        self._seen: dict[str, RunSummary] = {}
        self._named: Counter[str] = Counter()

    async def run(self, run: RunSummary) -> AsyncGenerator[RunSummary, None]:
        """One run, as it is and whenever it changes, until it has ended."""
        self._named[run.id] += 1

        def now() -> RunSummary:
            return self._store.run(run.id) or run

        values = self.values(lambda seen: seen.id == run.id, first=now)
        try:
            async for seen in values:
                yield seen
                if seen.finished_at:
                    return
        finally:
            await values.aclose()
            self._named[run.id] -= 1
            self._named += Counter()  # drops what nobody watches

    def _begin(self) -> None:
        self._seen = self._now()

    def _look(self) -> Sequence[RunSummary]:
        now = self._now()
        changed = [run for run in now.values() if self._seen.get(run.id) != run]
        self._seen = now
        return changed[::-1]

    def _now(self) -> dict[str, RunSummary]:
        """The latest runs, and those that somebody watches by name."""
        now = {run.id: run for run in self._store.runs(_RUNS_LOOKED_AT)}
        for id in set(self._named) - now.keys():
            if run := self._store.run(id):
                now[id] = run
        return now
