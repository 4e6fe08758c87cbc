from datetime import UTC, datetime

import pytest

from api.schedules.cadence import next_fire
from graph.errors import UsageError
from tests.unit.api.schedules.desk import NOON, Desk


def test_it_runs_when_due_and_once(desk: Desk) -> None:
    desk.add()
    assert desk.scheduler.tick() == 0
    desk.clock.time = datetime(2026, 11, 3, 6, tzinfo=UTC)
    assert desk.scheduler.tick() == 1
    assert desk.scheduler.tick() == 0
    assert desk.schedule.next_at == "2026-11-04T06:00:00+00:00"
    assert (desk.schedule.state, desk.schedule.failures) == ("ok", 0)
    (run,) = desk.store.runs()
    assert (run.id, run.status, run.added) == (desk.schedule.last_run, "finished", 1)


def test_missed_runs_are_caught_up_once(desk: Desk) -> None:
    desk.add()
    desk.clock.forward(days=9)
    assert desk.scheduler.tick() == 1
    assert desk.scheduler.tick() == 0
    assert desk.schedule.next_at == "2026-11-12T06:00:00+00:00"


def test_a_clock_set_back_a_little_does_not_run_it_twice(desk: Desk) -> None:
    desk.add("0 * * * *")
    desk.clock.forward(hours=1)
    assert desk.scheduler.tick() == 1
    desk.clock.forward(minutes=-40)
    assert desk.scheduler.tick() == 0
    desk.clock.forward(minutes=41)
    assert desk.scheduler.tick() == 0, "13:00 ran already"
    desk.clock.time = datetime(2026, 11, 2, 14, tzinfo=UTC)
    assert desk.scheduler.tick() == 1


def test_a_clock_that_was_years_ahead_does_not_stop_it_for_years(desk: Desk) -> None:
    desk.add()
    desk.clock.forward(days=4000)
    assert desk.scheduler.tick() == 1
    desk.clock.time = NOON
    assert desk.scheduler.tick() == 0
    assert desk.schedule.next_at == "2026-11-03T06:00:00+00:00"
    desk.clock.forward(days=1)
    desk.write("p1", "p2")
    assert desk.scheduler.tick() == 1
    assert desk.store.counts().papers == 2


def hours(cron: str, zone: str, start: str, times: int) -> list[str]:
    at, found = datetime.fromisoformat(start), []
    for _ in range(times):
        at = next_fire(cron, zone, at)
        found.append(at.strftime("%d %H:%M"))
    return found


def test_the_day_the_clocks_go_forward_skips_no_run() -> None:
    start = "2026-03-28T12:00:00+00:00"
    assert hours("30 2 * * *", "Europe/Berlin", start, 2) == ["29 01:00", "30 00:30"]
    assert hours("0 6 * * *", "Europe/Berlin", start, 2) == ["29 04:00", "30 04:00"]
    quarter = hours("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:10:00+00:00", 3)
    assert quarter == ["29 00:30", "29 01:00", "29 01:30"]


def test_the_day_the_clocks_go_back_runs_nothing_twice(desk: Desk) -> None:
    start = "2026-10-24T12:00:00+00:00"
    assert hours("30 2 * * *", "Europe/Berlin", start, 2) == ["25 00:30", "26 01:30"]
    late = next_fire("30 2 * * *", "Europe/Berlin", datetime(2026, 10, 25, 1, 10, tzinfo=UTC))
    assert late == datetime(2026, 10, 26, 1, 30, tzinfo=UTC), "planned within the second 2 o'clock"
    hourly = hours("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00+00:00", 3)
    assert hourly == ["25 00:00", "25 01:00", "25 02:00"]
    desk.clock.time = datetime.fromisoformat(start)
    desk.add("30 2 * * *", timezone="Europe/Berlin")
    ran = 0
    for _ in range(4 * 24):  # a day, quarter by quarter
        desk.clock.forward(minutes=15)
        ran += desk.scheduler.tick()
    assert ran == 1


@pytest.mark.parametrize(
    ("cron", "zone", "says"),
    [
        ("0 6 * *", "UTC", "4 fields"),
        ("0 25 * * *", "UTC", "no cron line"),
        ("0 6 * * * *", "UTC", "6 fields"),
        ("0 6 * * *", "Europe/Atlantis", "no time zone"),
        ("0 0 30 2 *", "UTC", "no cron line"),
    ],
)
def test_what_is_no_time_is_refused(cron: str, zone: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        next_fire(cron, zone, NOON)
