"""Schedulers as processes of their own: beside a server, and alone."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from api.schedules.book import Book
from api.schedules.schedule import Schedule
from graph.stores import open_store
from tests.e2e.conftest import serving

PAPER = {"id": "p1", "title": "On tests", "abstract": "We use SD-Turbo as the backbone."}


def due(url: str, folder: Path) -> None:
    """Add a schedule that is due."""
    file = folder / "papers.jsonl"
    file.write_text(json.dumps(PAPER) + "\n")
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=1)
    with open_store(url) as store:
        Book(store).add(Schedule("daily", str(file), "0 6 * * *").planned(yesterday))


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.1)


def test_a_server_runs_what_is_due_and_tells_feed_readers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'g.db'}"
    due(url, tmp_path)
    with serving(url, "--scheduler") as (_, address):
        until(lambda: httpx.get(f"{address}/feed.json").json()["items"])
        (item,) = httpx.get(f"{address}/feed.json", params={"entity": "sd turbo"}).json()["items"]
    assert "On tests" in item["content_html"]


def test_a_scheduler_alone_stops_when_it_is_told_to(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'g.db'}"
    due(url, tmp_path)
    command = [sys.executable, "-m", "api", "schedule", "start", "--store", url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            ran = process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert ran == "daily: 1 papers: 1 added, 0 updated, 0 unchanged, 0 failed\n"
    assert process.returncode == 0
    assert said == "papergraph runs what is due; Ctrl-C stops it\n"
