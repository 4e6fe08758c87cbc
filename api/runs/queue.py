"""Runs one after the other: one that is done, a few that wait, and no more.

What waits is kept in the store, not here. A server that ends stops the run it was doing; that run
and those that waited go on when a server starts over the same store, or at once where another one
is running there. A lease sees that one process does a run, and that one run goes on at a time.
"""

import asyncio
import logging
import os
import sys
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from api.runs import jobs
from api.runs.jobs import Job
from api.runs.order import DONE, FAILED, Order
from api.schedules.lease import Leases
from api.settings import Settings
from graph.errors import PapergraphError, StoreError, UsageError
from graph.model import Record, RunSummary
from graph.stores.base import GraphStore

log = logging.getLogger("papergraph.runs")

OPEN: Final = ("queued", "running")
"""Statuses of runs that have not ended."""
LEASE: Final = "ingest"
TERM_S: Final = 15.0
"""How long a run of a server that was killed waits until another one goes on with it."""
LOOK_EVERY_S: Final = 10.0
"""Seconds between two looks at what other servers have left."""
TRY_EVERY_S: Final = 1.0
"""Seconds between two looks at whether another server has done with its run."""
MOST_TRIES: Final = 3
"""How often a run is begun: a paper that kills its reader must not do so for ever."""
_SAID: Final = 2000
"""Characters of what a worker said last that are kept."""


class QueueFull(PapergraphError):
    """As many runs wait as may wait."""


class RunQueue:
    """Takes papers in, records a run at once, and has a worker do it when its turn comes.

    Args:
        store: where runs are recorded.
        settings: the store's URL, the pipeline, the length of the queue.
    """

    def __init__(self, store: GraphStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._leases = Leases(store, f"server {os.getpid()}", lambda: datetime.now(UTC), TERM_S)
        self._task: asyncio.Task[None] | None = None
        self._worker: asyncio.subprocess.Process | None = None
        self._woken = asyncio.Event()
        self._closed = False

    @property
    def _here_alone(self) -> bool:
        """Whether no other process can write to the store."""
        return self._settings.store.endswith(":memory:")

    def start(self) -> None:
        """Begin to do what waits."""
        if not self._here_alone:
            self._task = asyncio.create_task(self._work())

    async def submit(self, papers: Sequence[Record], source: str) -> RunSummary:
        """Record a run over these papers, which begins when those before it have ended.

        Raises:
            QueueFull: too many runs wait, or the server is stopping.
            UsageError: the store is in this process's memory alone.
            StoreError: the run cannot be recorded.
        """
        if self._here_alone:
            raise UsageError(
                "the store is in memory, where no other process can write", "serve a file"
            )
        if self._closed:
            raise QueueFull("the server is stopping", "ingest again in a minute")
        run = await run_in_threadpool(self._record, papers, source)
        self._woken.set()
        return run

    def _record(self, papers: Sequence[Record], source: str) -> RunSummary:
        waiting = len(jobs.waiting(self._store))
        if waiting >= self._settings.max_queued_runs:
            raise QueueFull(f"{waiting} runs wait already", "ingest again when one has ended")
        run = RunSummary(
            uuid.uuid4().hex, _now(), source=source, status="queued", expected=len(papers)
        )
        # The job first: a run without one would wait for ever.
        jobs.keep(self._store, Job(run.id, source, tuple(papers), run.started_at))
        self._store.record_run(run)
        return run

    async def close(self) -> None:
        """Stop the run that is being done after its batch; it and the others go on later."""
        self._closed = True
        self._woken.set()
        if self._worker and self._worker.returncode is None:
            self._worker.terminate()
        if self._task:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), self._settings.shutdown_grace)
            if self._worker and self._worker.returncode is None:
                self._worker.kill()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while not self._closed:
            self._woken.clear()
            try:
                pause = await self._do_next()
            except (OSError, StoreError) as error:
                log.warning("runs cannot be done now: %s", error)
                pause = LOOK_EVERY_S
            except Exception:
                log.exception("doing runs failed, and goes on")  # rather than end unseen
                pause = LOOK_EVERY_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    async def _do_next(self) -> float:
        """Do the run that has waited longest; seconds until there may be another one to do."""
        if not await run_in_threadpool(jobs.waiting, self._store):
            return LOOK_EVERY_S
        lease = await run_in_threadpool(self._leases.take, LEASE)
        if lease is None:
            return TRY_EVERY_S
        try:
            # Read again: another server may have done it meanwhile.
            waiting = await run_in_threadpool(jobs.waiting, self._store)
            if not waiting or self._closed:
                return 0
            job = waiting[0]
            recorded = await run_in_threadpool(self._store.run, job.run)
            if recorded and recorded.status == "finished":  # and its server ended just then
                await run_in_threadpool(jobs.forget, self._store, job.run)
                return 0
            if job.tries >= MOST_TRIES:
                why = f"its reader broke off {MOST_TRIES} times: read these papers one by one"
                await run_in_threadpool(self._end, job, why)
                return 0
            await run_in_threadpool(jobs.keep, self._store, job.tried())
            order = Order(
                self._settings.store,
                self._settings.pipeline,
                job.run,
                lease.fence.lease,
                lease.fence.token,
            )
            status, said = await self._run_worker(order)
            ended = await run_in_threadpool(self._after, job, status, said)
            return 0 if ended else LOOK_EVERY_S
        finally:
            await asyncio.shield(run_in_threadpool(lease.release))

    async def _run_worker(self, order: Order) -> tuple[int, str]:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.runs.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the server alone, which ends the worker
        )
        self._worker = worker
        assert worker.stdin
        assert worker.stderr
        if self._closed:
            worker.terminate()
        # stdin stays open: its end tells the worker that the server is gone.
        with suppress(ConnectionError):
            worker.stdin.write(order.line())
            await worker.stdin.drain()
        said = (await worker.stderr.read())[-_SAID:].decode(errors="replace").strip()
        status = await worker.wait()
        worker.stdin.close()
        self._worker = None
        return status, said

    def _after(self, job: Job, status: int, said: str) -> bool:
        """Note how a worker ended; whether its run has."""
        run = self._store.run(job.run)
        if status == DONE or (run and run.status == "finished"):
            jobs.forget(self._store, job.run)
            return True
        if status == FAILED:
            log.error("run %s failed: %s", job.run, said)
            self._end(job, said or "the reader failed")
            return True
        if self._closed:
            jobs.keep(self._store, job)  # it was told to stop, which is no failed try
        else:
            log.error("the reader of run %s ended with %d: %s", job.run, status, said)
        if run:
            self._store.record_run(replace(run, status="queued", finished_at=None))
        return False

    def _end(self, job: Job, why: str) -> None:
        """Mark a run as failed that could not do so itself."""
        run = self._store.run(job.run)
        if run and run.status != "failed":
            failures = (*run.failures, why)
            ended = replace(run, status="failed", finished_at=_now(), failures=failures)
            self._store.record_run(ended)
        jobs.forget(self._store, job.run)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
