import json
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.schedules.reading import Reading
from api.schedules.run import Runner
from api.schedules.schedule import Schedule
from tests.unit.api.schedules.desk import Desk
from tests.unit.api.schedules.loopback import daily_paper, http


def test_what_is_listed_late_or_changed_is_picked_up_and_nothing_else_fetched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: dict[str, list[dict[str, Any]]] = {"2026-11-03": [daily_paper("2611.00001")]}
    asked: list[str] = []

    def handle(request: BaseHTTPRequestHandler, _: bytes) -> tuple[int, bytes]:
        day = parse_qs(urlsplit(request.path).query)["date"][0]
        asked.append(day)
        return 200, json.dumps(days.get(day, [])).encode()

    with http(handle) as url:
        monkeypatch.setenv("PAPERGRAPH_SOURCE_HF_DAILY", url)
        monkeypatch.setenv("PAPERGRAPH_SOURCE_PAUSE", "0")
        desk.add(source="hf-daily:")
        desk.until_due()
        assert desk.scheduler.tick() == 1
        assert desk.schedule.watermark == "2026-11-03"
        assert desk.store.counts().papers == 1
        asked.clear()
        days["2026-11-03"] = [daily_paper("2611.00001", "Changed"), daily_paper("2611.00002")]
        days["2026-11-04"] = [daily_paper("2611.00003")]
        desk.until_due()
        assert desk.scheduler.tick() == 1
        latest = desk.store.runs()[0]
        assert (latest.added, latest.updated, latest.unchanged) == (2, 1, 0)
        assert sorted(asked) == ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]
        assert desk.schedule.watermark == "2026-11-04"
        desk.clock.time = datetime(2026, 11, 2, 12, tzinfo=UTC)  # set back: nothing in the future
        assert Schedule.from_record(desk.schedule.to_record()).watermark == "2026-11-04"
        asked.clear()
        preview = Runner(desk.store, desk.pipeline, desk.clock).preview(desk.schedule)
        assert max(asked) == "2026-11-02"
        assert preview.failed == 0


def test_the_watermark_stands_before_what_is_not_loaded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"2026-11-03"}

    def handle(request: BaseHTTPRequestHandler, _: bytes) -> tuple[int, bytes]:
        day = parse_qs(urlsplit(request.path).query)["date"][0]
        if day in broken:
            return 500, b""
        return 200, json.dumps(
            [daily_paper(f"{day[2:4]}{day[5:7]}.{day[8:]}{n:03}") for n in range(150)]
        ).encode()

    with http(handle) as url:
        monkeypatch.setenv("PAPERGRAPH_SOURCE_HF_DAILY", url)
        monkeypatch.setenv("PAPERGRAPH_SOURCE_PAUSE", "0")
        monkeypatch.setenv("PAPERGRAPH_SOURCE_ATTEMPTS", "1")
        desk.add(source="hf-daily:", watermark="2026-11-01", overlap_days=1)
        desk.until_due()
        desk.scheduler.tick()
        assert desk.schedule.state == "failing"
        assert desk.schedule.watermark < "2026-11-03"
        broken.clear()
        desk.until_due()
        desk.scheduler.tick()
        assert desk.schedule.state == "ok"
        assert desk.schedule.watermark == "2026-11-03"
        assert desk.store.counts().papers == 4 * 150
        for run in desk.store.runs():
            assert run.papers == run.added + run.updated + run.unchanged + run.failed


def test_a_dry_run_says_what_a_run_would_do_and_changes_nothing(desk: Desk) -> None:
    desk.add()
    desk.until_due()
    desk.scheduler.tick()
    before = desk.schedule, desk.store.data_version(), len(desk.store.runs())
    desk.write("p1", "p2", "p2")
    desk.file.write_text(desk.file.read_text() + "{}\n")
    runner = Runner(desk.store, desk.pipeline, desk.clock)
    preview = runner.preview(desk.schedule)
    assert (preview.papers, preview.added, preview.unchanged, preview.failed) == (4, 1, 2, 1)
    assert (desk.schedule, desk.store.data_version(), len(desk.store.runs())) == before
    desk.until_due()
    desk.scheduler.tick()
    real = desk.store.runs()[0]
    assert (real.papers, real.added, real.unchanged, real.failed) == (4, 1, 2, 1)


def reading(today: date, **fields: str) -> Reading:
    return Reading(Schedule("daily", "hf-daily:", "0 6 * * *", **fields), today)  # type: ignore[arg-type]


def test_a_window_begins_where_asked_and_then_before_the_watermark() -> None:
    today = date(2026, 11, 2)
    assert reading(today).source == "hf-daily:@2026-11-01..2026-11-02"
    assert reading(today, since="2026-10-01").source == "hf-daily:@2026-10-01..2026-11-02"
    late = reading(today, since="2026-10-01", watermark="2026-10-30")
    assert late.source == "hf-daily:@2026-10-28..2026-11-02"


def test_a_first_run_that_failed_for_days_begins_where_it_began(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = [True]

    def handle(request: BaseHTTPRequestHandler, _: bytes) -> tuple[int, bytes]:
        day = parse_qs(urlsplit(request.path).query)["date"][0]
        listed = [daily_paper(f"{day[2:4]}{day[5:7]}.{day[8:]}000")]
        return (500, b"") if down else (200, json.dumps(listed).encode())

    with http(handle) as url:
        monkeypatch.setenv("PAPERGRAPH_SOURCE_HF_DAILY", url)
        monkeypatch.setenv("PAPERGRAPH_SOURCE_PAUSE", "0")
        monkeypatch.setenv("PAPERGRAPH_SOURCE_ATTEMPTS", "1")
        desk.add(source="hf-daily:")
        desk.until_due()
        desk.scheduler.tick()
        assert desk.schedule.state == "failing"
        down.clear()
        desk.clock.forward(days=5)
        desk.scheduler.tick()
    assert desk.schedule.state == "ok"
    assert sorted(desk.pipeline.read) == [f"2611.0{day}000" for day in range(2, 9)]


def test_a_watermark_of_a_clock_that_was_ahead_comes_back_to_today() -> None:
    """Else what is listed while nothing runs would count as read."""
    ahead = reading(date(2026, 11, 2), watermark="2036-01-01")
    assert ahead.source == "hf-daily:@2026-10-31..2026-11-02"
    assert ahead.done == "2026-11-02"
