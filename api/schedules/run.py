"""One run of a schedule, from watermark to watermark.

A run may be cut off anywhere. Until its schedule says that it is over, what was loaded stays
loaded, the watermark stands before what was not, and the schedule is due still: the next process
that holds the lease reads the piece it was in once more and goes on.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from api.schedules.book import Book
from api.schedules.lease import Lease
from api.schedules.reading import Reading
from api.schedules.schedule import Schedule
from api.schedules.webhook import DeliveryFailed, deliver
from graph.diff import between
from graph.errors import ExtractionError, LeaseLost, PapergraphError, RecordError, Stopped
from graph.identifiers import sha256
from graph.ingest import Ingest
from graph.model import Extraction, Extractor, Paper, RunSummary
from graph.resolution import RULESET, Resolver
from graph.stores.base import Fingerprint, GraphStore
from graph.stores.projection import RecordKey, key_of

Read = Paper | RecordError


class Reader(Protocol):
    """What reads papers: ``extract.pipeline.Pipeline``, or another of its shape."""

    @property
    def extractor(self) -> Extractor:
        """Its name and version."""
        ...

    def extract(self, papers: Iterable[Paper]) -> Iterable[Extraction | ExtractionError]:
        """Extractions in order, or, in the place of one, why there is none."""
        ...


def said(error: Exception) -> str:
    """What went wrong, on one line; of an error that is none of ours, its kind too."""
    if isinstance(error, PapergraphError):
        return str(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


@dataclass(slots=True)
class Runner:
    """Runs schedules over one store.

    Attributes:
        store: where papers go.
        pipeline: what reads them.
        now: the clock.
        on_failure: called with every record that fails.
        watched: shows the records as they pass by.
        stop: asked after every batch whether to stop.
        batch_size: papers loaded at once.
    """

    store: GraphStore
    pipeline: Reader
    now: Callable[[], datetime]
    on_failure: Callable[[PapergraphError], None] = lambda failure: None
    watched: Callable[[Iterator[Read]], Iterable[Read]] = lambda records: records
    stop: Callable[[], bool] = lambda: False
    batch_size: int = 200

    def run(self, schedule: Schedule, lease: Lease) -> RunSummary:
        """Run one whose lease is held, and note in its schedule how it ended.

        Raises:
            Exception: the source or the store failed as a whole, or code of a plug-in; the
                schedule says so.
            LeaseLost: another process has taken over; it says how it ended.
            Stopped: ``stop`` said so; a schedule that was due is due still.
        """
        book, started = Book(self.store), self.now()
        self._close(schedule.running)  # that of a process that died
        ingest = Ingest(
            store=self.store,
            extract=self.pipeline.extract,
            extractor=self.pipeline.extractor,
            resolver=Resolver(),
            ruleset=RULESET,
            batch_size=self.batch_size,
            on_failure=self.on_failure,
            fence=lease.fence,
        )
        run_id = ingest.run_id
        book.update(schedule.name, lambda s: replace(s, running=run_id))
        try:
            reading = Reading(schedule, started.date())
            ingest.source = reading.source
            if not schedule.since:  # whoever goes on with the first run, days later, begins there
                book.update(schedule.name, lambda s: replace(s, since=reading.since))

            def progress(_: RunSummary) -> None:
                book.update(schedule.name, lambda s: replace(s, watermark=reading.done))
                if self.stop():
                    raise Stopped(f"schedule {schedule.name}: stopped in the middle of a run")

            ingest.on_progress = progress
            if schedule.told < 0:
                self._tell_from_here(schedule, run_id, started)
            summary = ingest(self.watched(reading.records()))
        except LeaseLost:
            self._close(run_id)
            raise
        except (Stopped, KeyboardInterrupt):
            book.update(schedule.name, lambda s: replace(s, running="", last_status="interrupted"))
            raise
        except Exception as error:
            problem = said(error)
            book.update(schedule.name, lambda s: s.failed(run_id, started, problem, self.now()))
            raise
        book.update(
            schedule.name,
            lambda s: replace(s, watermark=reading.done).succeeded(
                run_id, started, summary.status, self.now()
            ),
        )
        return summary

    def tell(self, schedule: Schedule) -> bool:
        """Tell the webhook of a schedule what is new since it was told last; whether that worked.

        What it cannot be told now it is told later, together with what is new by then.
        """
        if not schedule.webhook or not schedule.last_run or schedule.told < 0:
            return True
        end = self.store.positions([schedule.last_run]).get(schedule.last_run, schedule.told)
        book, now = Book(self.store), self.now()
        try:
            if news := between(self.store, schedule.told, end):
                secret = os.environ.get(schedule.secret_env, "")
                if not secret:
                    raise DeliveryFailed(
                        f"the environment has no {schedule.secret_env}, by which the webhook of"
                        f" schedule {schedule.name} is signed",
                        "set it where the scheduler runs",
                    )
                record = {"event": "news", "schedule": schedule.name, "run": schedule.last_run}
                delivery = sha256(f"{schedule.name} {schedule.told} {end}")[:32]
                record |= {"at": now.isoformat(), **news.to_record()}
                deliver(schedule.webhook, secret, record, delivery, int(now.timestamp()))
        except DeliveryFailed as failure:
            self.on_failure(failure)
            book.update(schedule.name, lambda s: s.not_told(now))
            return False
        book.update(schedule.name, lambda s: replace(s, told=end, tell_at="", tell_failures=0))
        return True

    def preview(self, schedule: Schedule) -> RunSummary:
        """What a run would do now: read, compare with the store, change nothing."""
        reading = Reading(schedule, self.now().date())
        extractor = self.pipeline.extractor
        seen: dict[RecordKey, Fingerprint | None] = {}
        run = RunSummary("", self.now().isoformat(), source=reading.source, status="dry run")

        def known(paper: Paper) -> Fingerprint | None:
            key = key_of(paper)
            if key not in seen:
                seen[key] = self.store.record_fingerprints([paper.id]).get(key)
            return seen[key]

        for record in self.watched(reading.records()):
            if isinstance(record, RecordError):
                self.on_failure(record)
                run = replace(run, papers=run.papers + 1, failed=run.failed + 1)
            elif record.withdrawn:
                run = replace(run, withdrawn=run.withdrawn + 1)
            else:
                there, new = known(record), Fingerprint.of(record, extractor, RULESET)
                seen[key_of(record)] = new
                kind = "added" if there is None else "unchanged" if there == new else "updated"
                counted = {"papers": run.papers + 1, kind: getattr(run, kind) + 1}
                run = replace(run, **counted)
        return run

    def _close(self, run_id: str) -> None:
        """Say of a run that goes on no more that it did not end."""
        run = self.store.run(run_id) if run_id else None
        if run and run.status == "running":
            at = self.now().isoformat(timespec="microseconds")
            self.store.record_run(replace(run, status="interrupted", finished_at=at))

    def _tell_from_here(self, schedule: Schedule, run: str, started: datetime) -> None:
        """Before the first run: what is in the store already is no news."""
        self.store.record_run(RunSummary(run, started.isoformat(), source=schedule.source))
        here = self.store.positions([run])[run]
        Book(self.store).update(schedule.name, lambda s: replace(s, told=here))
