"""Runs what is due, one after the other, until it is told to stop.

Any number of schedulers may watch one store: the lease sees that each due run is one process's.
To run several schedules at once, start several schedulers.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from api.schedules.book import Book
from api.schedules.lease import TERM_S, Leases, of_schedule
from api.schedules.run import Reader, Runner, said
from api.schedules.schedule import Schedule
from graph.errors import PapergraphError
from graph.model import RunSummary
from graph.stores.base import GraphStore

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 5.0
"""Seconds between two looks at what is due; another process may have added something."""


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def this_process() -> str:
    """What people call this process."""
    return f"{socket.gethostname()}, process {os.getpid()}"


class Scheduler:
    """Runs the schedules of one store.

    Args:
        store: the store.
        pipeline: what reads papers.
        now: the wall clock.
        term_s: seconds that a lease lasts unless renewed.
        on_run: called after each run with its schedule and outcome, for people.
    """

    def __init__(
        self,
        store: GraphStore,
        pipeline: Reader,
        now: Callable[[], datetime] = utc_now,
        term_s: float = TERM_S,
        on_run: Callable[[str, RunSummary | Exception], None] = lambda name, outcome: None,
    ) -> None:
        self._stop = threading.Event()
        self._now, self._on_run = now, on_run
        self._book = Book(store)
        self._leases = Leases(store, this_process(), now, term_s)
        self._runner = Runner(
            store, pipeline, now, on_failure=self._log_failure, stop=self._stop.is_set
        )

    def stop(self) -> None:
        """Let the batch that is being loaded be the last."""
        self._stop.set()

    def serve(self, look_every_s: float = LOOK_EVERY_S) -> None:
        """Run what is due until ``stop``; a store that fails is asked again."""
        while not self._stop.is_set():
            try:
                self.tick()
            except PapergraphError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("the scheduler failed, and goes on")  # rather than end unseen
            self._stop.wait(look_every_s)

    def tick(self) -> int:
        """Run what is due now; returns how many runs that were."""
        runs = 0
        for schedule in self._book.every():
            if self._stop.is_set():
                break
            now = self._now()
            if schedule.replanned(now) != schedule:
                self._book.update(schedule.name, lambda s, now=now: s.replanned(now))  # type: ignore[misc]
                continue
            if schedule.is_due(now):
                runs += self._run(schedule.name)
            elif schedule.tell_at and schedule.tell_at <= now.isoformat():
                self._tell(schedule.name)
        return runs

    def _run(self, name: str) -> bool:
        lease = self._leases.take(of_schedule(name))
        if lease is None:
            return False
        try:
            schedule = self._due(name)
            if schedule is None:
                return False
            try:
                outcome: RunSummary | Exception = self._runner.run(schedule, lease)
                self._runner.tell(self._book.get(name))
            except PapergraphError as error:
                outcome = error
            except Exception as error:
                log.exception("schedule %s: a plug-in or papergraph has a defect", name)
                outcome = error
            self._on_run(name, outcome)
            return True
        finally:
            lease.release()

    def _due(self, name: str) -> Schedule | None:
        """The schedule as it is now that the lease is held: another may have run it meanwhile."""
        for schedule in self._book.every():
            if schedule.name == name and schedule.is_due(self._now()):
                return schedule
        return None

    def _tell(self, name: str) -> None:
        lease = self._leases.take(of_schedule(name))
        if lease is not None:
            try:
                self._runner.tell(self._book.get(name))
            finally:
                lease.release()

    def _log_failure(self, failure: PapergraphError) -> None:
        log.warning("%s", failure)


def outcome_line(name: str, outcome: RunSummary | Exception) -> str:
    """How a run ended, on one line."""
    if isinstance(outcome, Exception):
        return f"{name}: {said(outcome)}"
    return (
        f"{name}: {outcome.papers} papers: {outcome.added} added, {outcome.updated} updated,"
        f" {outcome.unchanged} unchanged, {outcome.failed} failed"
    )
