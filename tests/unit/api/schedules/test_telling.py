import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from api.schedules.make import new_schedule
from graph.errors import SourceError, UsageError
from tests.unit.api.schedules.desk import Desk
from tests.unit.api.schedules.loopback import http


def test_a_webhook_is_told_signed_and_told_later_what_it_missed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    told: list[tuple[dict[str, str], dict[str, Any]]] = []
    statuses = [200, 500, 200]

    def handle(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        stamp = request.headers["X-Papergraph-Timestamp"]
        signed = hmac.new(b"s3cret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        assert request.headers["X-Papergraph-Signature"] == f"sha256={signed}"
        assert int(stamp) == int(desk.clock().timestamp())
        told.append((dict(request.headers), json.loads(body)))
        return statuses[len(told) - 1], b""

    desk.write("p0")
    desk.store.load([])
    with http(handle) as url:
        desk.add(webhook=url, secret_env="HOOK_SECRET")
        desk.until_due()
        desk.scheduler.tick()
        assert told[-1][1]["added"] == ["p0"]
        assert told[-1][1]["schedule"] == "daily"
        desk.write("p0", "p1")
        desk.until_due()
        desk.scheduler.tick()
        assert desk.schedule.state == "ok", "the run itself went well"
        assert desk.schedule.tell_failures == 1
        assert desk.scheduler.tick() == 0
        assert len(told) == 2, "not at once again"
        desk.clock.forward(minutes=1)
        desk.scheduler.tick()
        assert [news["added"] for _, news in told] == [["p0"], ["p1"], ["p1"]]
        assert told[1][0]["X-Papergraph-Delivery"] == told[2][0]["X-Papergraph-Delivery"]
        desk.until_due()
        desk.scheduler.tick()
        assert len(told) == 3, "nothing new, nothing told"


def test_a_schedule_that_cannot_be_is_refused(desk: Desk) -> None:
    for name, source, options, says in (
        ("a b", "x.jsonl", {}, "cannot name"),
        ("a", "-", {}, "standard input"),
        ("a", "arxiv:", {}, "arxiv"),
        ("a", "x.jsonl", {"webhook": "ftp://x", "secret_env": "X"}, "no webhook"),
        ("a", "x.jsonl", {"webhook": "https://x.example/"}, "secret"),
    ):
        with pytest.raises((UsageError, SourceError), match=says):
            new_schedule(name, source, "0 6 * * *", **options)
    desk.add()
    with pytest.raises(UsageError, match="there is a schedule"):
        desk.add()
    with pytest.raises(UsageError, match="no schedule"):
        desk.book.get("weekly")
