"""What is kept of a schedule: what it shall do, and how far it has come."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from api.schedules.cadence import next_fire
from graph.model import Record

FIRST_PAUSE: Final = timedelta(minutes=1)
"""Before a failed run is tried again; doubled with every further failure."""
LONGEST_HOLD: Final = timedelta(minutes=30)
"""How long a pause may keep a schedule from its regular times: one that is due every minute asks a
source that is down every half hour in the end; one that is due every night asks every night."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A source that is read again and again.

    Times are ISO 8601 in UTC, days ISO 8601; empty where there is none yet.

    Attributes:
        name: unique in its store.
        source: what is read, as ``papergraph ingest`` takes it.
        cron: when, in five fields.
        timezone: IANA name of the zone that ``cron`` is in.
        since: day from which its first run reads; empty, until then, for what its source gives
            by itself.
        overlap_days: days before the watermark that are read again, for what is listed late.
        webhook: address that is told what is new; empty for none.
        secret_env: environment variable that holds the secret by which that is signed.
        most_failures: failures in a row after which it is suspended.
        next_at: when it is due.
        planned_at: when that was decided.
        watermark: day up to which the source was read and loaded whole.
        running: id of the run that is going on, or was when its process died.
        last_run: id of the last run that ended.
        last_at: when that began.
        last_status: how it ended: ``finished``, ``failed`` or ``interrupted``.
        problem: why it failed.
        failures: failures in a row.
        suspended: it failed too often and is not run until a person does so.
        told: position in the store's history up to which the webhook was told; -1 before the
            first run.
        tell_at: when the webhook is told again, where that failed.
        tell_failures: how often it failed in a row.
    """

    name: str
    source: str
    cron: str
    timezone: str = "UTC"
    since: str = ""
    overlap_days: int = 2
    webhook: str = ""
    secret_env: str = ""
    most_failures: int = 20
    next_at: str = ""
    planned_at: str = ""
    watermark: str = ""
    running: str = ""
    last_run: str = ""
    last_at: str = ""
    last_status: str = ""
    problem: str = ""
    failures: int = 0
    suspended: bool = False
    told: int = -1
    tell_at: str = ""
    tell_failures: int = 0

    def to_record(self) -> Record:
        """As JSON."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Schedule":
        """Inverse of ``to_record``."""
        return cls(**record)

    @property
    def state(self) -> str:
        """In a word: ``suspended``, ``failing``, ``ok``, or ``new`` before its first run."""
        if self.suspended:
            return "suspended"
        if self.failures:
            return "failing"
        return "ok" if self.last_run else "new"

    def is_due(self, now: datetime) -> bool:
        """Whether it shall run: its time has come, or its last run is not over.

        The latter is so while it runs, which its lease tells, and after its process has died.
        """
        arrived = datetime.fromisoformat(self.next_at) <= now
        return not self.suspended and (arrived or bool(self.running))

    def planned(self, now: datetime) -> "Schedule":
        """Due at the next time after now, however many were missed."""
        next_at = next_fire(self.cron, self.timezone, now).isoformat()
        return replace(self, next_at=next_at, planned_at=now.isoformat())

    def replanned(self, now: datetime) -> "Schedule":
        """Where it would wait longer than any time that follows now: due at that time.

        That is so where the clock was ahead when it was planned and has been set back. A clock
        set back by less than an interval changes nothing: what ran is not due again.
        """
        if self.suspended or datetime.fromisoformat(self.planned_at) <= now:
            return self
        coming = self.planned(now)
        after = coming.planned(datetime.fromisoformat(coming.next_at))
        return coming if self.next_at > after.next_at else self

    def succeeded(self, run: str, started: datetime, status: str, now: datetime) -> "Schedule":
        """After a run that ended well."""
        return replace(
            self.planned(now),
            running="",
            last_run=run,
            last_at=started.isoformat(),
            last_status=status,
            problem="",
            failures=0,
            suspended=False,
        )

    def failed(self, run: str, started: datetime, problem: str, now: datetime) -> "Schedule":
        """After a run that failed: tried again after a pause, at the next regular time at most.

        What is due more often than ``LONGEST_HOLD`` skips the times that fall into the pause.
        """
        failures = self.failures + 1
        pause = FIRST_PAUSE * 2 ** min(failures - 1, 20)
        regular = next_fire(self.cron, self.timezone, now + min(pause, LONGEST_HOLD))
        return replace(
            self,
            next_at=min(regular, now + pause).isoformat(),
            planned_at=now.isoformat(),
            running="",
            last_run=run,
            last_at=started.isoformat(),
            last_status="failed",
            problem=problem,
            failures=failures,
            suspended=failures >= self.most_failures,
        )

    def not_told(self, now: datetime) -> "Schedule":
        """After its webhook could not be told: tried again after a pause, of a day at most."""
        pause = min(FIRST_PAUSE * 2 ** min(self.tell_failures, 20), timedelta(days=1))
        return replace(
            self, tell_at=(now + pause).isoformat(), tell_failures=self.tell_failures + 1
        )
