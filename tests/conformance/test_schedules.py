"""Schedules over every store that outlives its process, run by real processes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.schedules.book import Book
from api.schedules.schedule import Schedule
from api.schedules.scheduler import Scheduler
from extract.sources import read
from graph.export.jsonl import write
from graph.ingest import Ingest
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.places import Place
from tests.conformance.scheduling import TERM_S, OneName

ROOT = Path(__file__).parents[2]


@contextmanager
def scheduler(url: str, folder: Path, *hang: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs what is due."""
    command = [sys.executable, "-m", "tests.conformance.scheduling", url, str(folder), *hang]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


def papers(folder: Path, count: int) -> Path:
    file = folder / "papers.jsonl"
    lines = (
        json.dumps({"id": f"p{n:04}", "title": "A title", "abstract": f"SnapNet, {n} times."})
        for n in range(count)
    )
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def add_due(store: GraphStore, name: str, file: Path) -> None:
    a_day_ago = datetime.now(UTC) - timedelta(days=1, minutes=1)
    Book(store).add(Schedule(name, str(file), "0 6 * * *").planned(a_day_ago))


def exported(store: GraphStore, at: Path) -> bytes:
    write(store.snapshot(), at)
    return at.read_bytes()


def test_two_schedulers_on_one_store_run_each_job_once(lasting: Place, tmp_path: Path) -> None:
    store = lasting.fresh()
    file = papers(tmp_path, 20)
    names = ["a", "b", "c", "d", "e"]
    with (
        scheduler(lasting.url, tmp_path) as one,
        scheduler(lasting.url, tmp_path) as two,
    ):
        for name in names:
            add_due(store, name, file)
        until(lambda: all(schedule.last_run for schedule in Book(store).every()))
        time.sleep(0.2)  # in which one that is left behind would run what the other ran
        (tmp_path / "stop").touch()
        ran = [process.communicate(timeout=60)[0].split() for process in (one, two)]
    assert sorted(ran[0] + ran[1]) == names
    runs = store.runs()
    assert len(runs) == len(names)
    assert {run.status for run in runs} == {"finished"}
    assert sum(run.added for run in runs) == 20
    assert sum(run.unchanged for run in runs) == 20 * (len(names) - 1)


def test_a_run_killed_between_fetch_and_commit_ends_as_if_undisturbed(
    lasting: Place, tmp_path: Path
) -> None:
    store = lasting.fresh()
    file = papers(tmp_path, 250)
    add_due(store, "daily", file)
    with scheduler(lasting.url, tmp_path, "p0230") as killed:
        until((tmp_path / "hangs").exists)
        killed.kill()  # SIGKILL
        killed.wait()
    assert 0 < store.counts().papers < 250, "it was in the middle"
    (dead,) = store.runs()
    assert dead.status == "running"
    assert Book(store).get("daily").running == dead.id
    living = Scheduler(store, OneName(), term_s=TERM_S)
    until(living.tick)
    schedule = Book(store).get("daily")
    assert (schedule.state, schedule.running, schedule.failures) == ("ok", "", 0)
    status = {run.id: run.status for run in store.runs()}
    assert status == {dead.id: "interrupted", schedule.last_run: "finished"}
    for run in store.runs():
        assert run.papers == run.added + run.updated + run.unchanged + run.failed
    assert sum(run.added for run in store.runs()) == 250, "nothing is loaded twice"
    with open_store("sqlite:///:memory:") as undisturbed:
        pipeline = OneName()
        Ingest(undisturbed, pipeline.extract, pipeline.extractor, Resolver(), RULESET)(
            read(str(file))
        )
        wanted = exported(undisturbed, tmp_path / "wanted.jsonl")
    assert exported(store, tmp_path / "got.jsonl") == wanted
