"""What is kept of an ingest until it has ended: all that another process needs to go on with it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from graph.model import Record
from graph.stores.base import GraphStore
from graph.stores.entries import Entry

KIND: Final = "ingest"


@dataclass(frozen=True, slots=True)
class Job:
    """An ingest that has not ended.

    Attributes:
        run: id of its run.
        source: what the run is called in the history.
        papers: the records to read.
        queued_at: ISO 8601 time in UTC.
        tries: how often it was begun.
    """

    run: str
    source: str
    papers: tuple[Record, ...]
    queued_at: str
    tries: int = 0

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Job":
        """From what ``keep`` stored."""
        return cls(**{**record, "papers": tuple(record["papers"])})

    def tried(self) -> "Job":
        """Begun once more."""
        return replace(self, tries=self.tries + 1)


def keep(store: GraphStore, job: Job) -> None:
    """Store a job, or what has become of it."""
    store.keep_entries([Entry(KIND, job.run, asdict(job) | {"papers": list(job.papers)})])


def waiting(store: GraphStore) -> list[Job]:
    """Jobs in the order in which they came."""
    jobs = (Job.from_record(entry.value) for entry in store.entries(KIND))
    return sorted(jobs, key=lambda job: (job.queued_at, job.run))


def find(store: GraphStore, run: str) -> Job | None:
    """The job of a run, unless it has ended."""
    return next(_of(store, run), None)


def _of(store: GraphStore, run: str) -> Iterator[Job]:
    return (Job.from_record(entry.value) for entry in store.entries(KIND, [run]))


def forget(store: GraphStore, run: str) -> None:
    """Drop a job that has ended."""
    store.drop_entries(KIND, [run])
