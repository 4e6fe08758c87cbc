from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from api.schedules.scheduler import Scheduler
from graph.model import Extraction, Paper, RunSummary
from tests.unit.api.schedules.desk import Blank, Desk


def test_a_source_that_is_down_is_tried_less_and_less_often_then_not_at_all(desk: Desk) -> None:
    desk.add("0 * * * *", most_failures=8)
    desk.file.unlink()
    pauses = []
    for _ in range(8):
        desk.until_due()
        assert desk.scheduler.tick() == 1
        pauses.append(
            (datetime.fromisoformat(desk.schedule.next_at) - desk.clock()).total_seconds() / 60
        )
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert max(pauses) <= 90, "it waits for a regular time once a pause would be longer"
    assert desk.schedule.state == "suspended"
    assert "papers.jsonl: no such file" in desk.schedule.problem
    desk.clock.forward(days=3)
    assert desk.scheduler.tick() == 0
    assert {run.status for run in desk.store.runs()} == {"failed"}


def test_a_failure_is_forgotten_once_it_works(desk: Desk) -> None:
    desk.add()
    desk.file.unlink()
    desk.until_due()
    desk.scheduler.tick()
    assert (desk.schedule.state, desk.schedule.failures) == ("failing", 1)
    desk.write("p1")
    desk.until_due()
    assert desk.scheduler.tick() == 1
    assert (desk.schedule.state, desk.schedule.failures, desk.schedule.problem) == ("ok", 0, "")


def test_a_run_that_is_stopped_is_due_still_and_goes_on(desk: Desk) -> None:
    desk.add()
    desk.write(*(f"p{n}" for n in range(450)))
    desk.until_due()

    class Stopping(Blank):
        def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
            desk.scheduler.stop()
            return super().extract(papers)

    desk.pipeline = Stopping()
    desk.scheduler.tick()
    assert desk.store.runs()[0].status == "interrupted"
    assert 0 < desk.store.counts().papers < 450
    first = desk.pipeline.read
    desk.pipeline = Blank()
    assert Scheduler(desk.store, desk.pipeline, desk.clock).tick() == 1
    assert desk.store.counts().papers == 450
    assert len(first) + len(desk.pipeline.read) == 450, "nothing is read twice"


def test_what_is_due_every_minute_asks_a_source_that_is_down_twice_an_hour(desk: Desk) -> None:
    desk.add("* * * * *", most_failures=100)
    desk.file.unlink()
    asked = 0
    for _ in range(24 * 60):
        desk.clock.forward(minutes=1)
        asked += desk.scheduler.tick()
    assert 40 <= asked <= 60


def test_a_defect_in_a_plug_in_is_a_failure_and_stops_nothing_else(desk: Desk) -> None:
    class Broken(Blank):
        def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
            raise ZeroDivisionError("by\nzero")

    desk.add()
    desk.pipeline = Broken()
    desk.until_due()
    assert desk.scheduler.tick() == 1
    assert (desk.schedule.state, desk.schedule.running) == ("failing", "")
    assert desk.schedule.problem == "ZeroDivisionError: by zero"
    assert desk.scheduler.tick() == 0, "after a pause"


def test_a_run_by_hand_whose_process_died_is_taken_up_though_nothing_is_due(desk: Desk) -> None:
    desk.add()
    desk.store.record_run(RunSummary("dead", "2026-11-02T11:00:00+00:00"))
    desk.book.update("daily", lambda s: replace(s, running="dead"))
    assert desk.scheduler.tick() == 1
    assert {run.id: run.status for run in desk.store.runs()} == {
        "dead": "interrupted",
        desk.schedule.last_run: "finished",
    }
    assert desk.scheduler.tick() == 0
