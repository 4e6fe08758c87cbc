"""The process that does one run: ``python -m api.runs.worker``, its order on stdin.

It is a process of its own so that the server stays responsive while texts are read, and gets the
memory back. The order comes on stdin, where no list of processes shows the store's password. When
the server is gone, stdin ends: the run then stops after the batch it is in, and says so.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from api.runs import jobs
from api.runs.jobs import Job
from api.runs.order import DONE, FAILED, TRY_AGAIN, Order
from extract.deferred import DeferredPipeline
from extract.readers.records import to_paper
from graph.errors import PapergraphError, Stopped, StoreBusy, StoreUnavailable
from graph.ingest import Ingest
from graph.model import RunSummary
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.stores.changes import ChangeKind
from graph.stores.entries import LEASE, Fence

BATCH_SIZE: Final = 20
"""Papers loaded at once: small, so that progress shows, and a stop is soon."""
_NICENESS: Final = 5
"""Requests come first."""


def main() -> int:
    """Do what the order on stdin says; returns the exit status, why it failed goes to stderr."""
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_follow_the_server, args=(stop,), daemon=True).start()
    os.nice(_NICENESS)
    try:
        with open_store(order.store, create=False) as store:
            job = jobs.find(store, order.run)
            try:
                if job is not None:
                    do(store, job, order, stop)
            finally:
                release(store, order)
    except (Stopped, StoreBusy, StoreUnavailable) as error:
        with suppress(ValueError, OSError):  # nobody reads it where the server is gone
            sys.stderr.write(str(error))
        return TRY_AGAIN
    except PapergraphError as error:
        sys.stderr.write(str(error))
        return FAILED
    return DONE


def do(store: GraphStore, job: Job, order: Order, stop: threading.Event) -> None:
    """Do a job from its beginning; what it loaded before, where it was cut off, is found there.

    Raises:
        Stopped: ``stop`` was set.
        PapergraphError: pipeline or store failed.
    """
    pipeline = DeferredPipeline(order.pipeline)

    def progress(_: RunSummary) -> None:
        if stop.is_set():
            raise Stopped("the server stopped", "the run goes on when a server starts again")

    ingest = Ingest(
        store=store,
        extract=pipeline.extract,
        extractor=pipeline.extractor,
        resolver=Resolver(),
        ruleset=RULESET,
        batch_size=BATCH_SIZE,
        source=job.source,
        on_progress=progress,
        fence=Fence(order.lease, order.token),
        run_id=job.run,
        expected=len(job.papers),
        changed_before=changed_by(store, job.run) if job.tries > 1 else {},
    )
    ingest(to_paper(r, job.source, f"paper {n}") for n, r in enumerate(job.papers, 1))


def release(store: GraphStore, order: Order) -> None:
    """Give the lease back at once: the server that holds it may be gone."""
    for entry in store.entries(LEASE, [order.lease]):
        if entry.value["token"] == order.token:
            store.exchange_entry(entry.with_value({"token": "", "until": 0}))


def changed_by(store: GraphStore, run: str) -> Mapping[str, ChangeKind]:
    """Papers that a run has added or updated so far."""
    kinds: dict[str, ChangeKind] = {}
    for change in store.changes():
        if change.run == run and change.kind is not ChangeKind.RETRACTED:
            kinds.setdefault(change.paper, change.kind)  # added, then updated, is added
        elif change.paper in kinds:
            del kinds[change.paper]  # another run has changed it since
    return kinds


def _follow_the_server(stop: threading.Event) -> None:
    # Past Python's own buffer, whose lock must be free when the interpreter ends.
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
