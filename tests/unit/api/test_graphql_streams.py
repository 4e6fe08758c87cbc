"""Who may subscribe, and for how long."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.auth import callers
from api.auth.tokens import issue
from api.settings import Settings
from graph.model import RunSummary
from graph.stores.base import GraphStore
from graph.stores.tokens import Scope

EVERY_RUN = "subscription {runProgress {id status}}"


def init(ws: Any, token: str = "") -> None:
    payload = {"Authorization": f"Bearer {token}"} if token else {}
    ws.send_json({"type": "connection_init", "payload": payload})
    assert ws.receive_json() == {"type": "connection_ack"}


def subscribe(ws: Any, query: str, id: str = "1") -> None:
    ws.send_json({"type": "subscribe", "id": id, "payload": {"query": query}})


def test_a_stream_ends_when_its_token_is_revoked(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "KEPT_S", 0)
    token = issue(store, "guest", Scope.READ, datetime.now(UTC))
    app = build_app(Settings(require_token=True), store)
    protocols = ["graphql-transport-ws"]
    with TestClient(app) as client, client.websocket_connect("/graphql", protocols) as ws:
        init(ws, token)
        store.record_run(RunSummary("r", "2024-06-01"))
        subscribe(ws, 'subscription {runProgress(id: "r") {status}}')
        assert ws.receive_json()["payload"]["data"] == {"runProgress": {"status": "running"}}
        store.revoke_token("guest")
        store.record_run(RunSummary("r", "2024-06-01", papers=1))
        last = ws.receive_json()
        assert last["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "running" not in json.dumps(last)


def test_operations_of_a_websocket_count_as_requests(store: GraphStore) -> None:
    app = build_app(Settings(rate_limit=30), store)
    protocols = ["graphql-transport-ws"]
    with TestClient(app) as client, client.websocket_connect("/graphql", protocols) as ws:
        init(ws)
        codes = []
        for n in range(12):
            subscribe(ws, "{stats {papers}}", str(n))
            answer = ws.receive_json()
            if answer["type"] == "next":
                assert ws.receive_json()["type"] == "complete"
            else:
                codes.append(answer["payload"][0]["extensions"]["code"])
        assert set(codes) == {"RATE_LIMITED"}


def test_a_writer_may_write_over_a_websocket_and_a_reader_may_not(store: GraphStore) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    writer = issue(store, "curator", Scope.WRITE, datetime.now(UTC), soon)
    app, protocols = build_app(Settings(), store), ["graphql-transport-ws"]
    removal = 'mutation {remove(papers: ["demo-001"]) {removed}}'
    with TestClient(app) as client:
        with client.websocket_connect("/graphql", protocols) as ws:
            init(ws)
            subscribe(ws, removal)
            refused = ws.receive_json()["payload"]
            assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        with client.websocket_connect("/graphql", protocols) as ws:
            init(ws, writer)
            subscribe(ws, removal)
            done = ws.receive_json()["payload"]["data"]
            assert done == {"remove": {"removed": ["demo-001"]}}


def test_a_defect_in_a_stream_is_masked(store: GraphStore) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name == "counts":
                raise RuntimeError("secret path /home/x")
            return getattr(store, name)

    broken: Any = Broken()
    headers = {"Accept": "text/event-stream"}
    with TestClient(build_app(Settings(), broken)) as client:
        told = client.post("/graphql", json={"query": "{stats {papers}}"}, headers=headers).text
    assert "secret" not in told
    assert '"code":"INTERNAL"' in told
    assert told.rstrip().endswith("data:")


def test_changes_are_not_made_by_get(store: GraphStore) -> None:
    writer = issue(store, "curator", Scope.WRITE, datetime.now(UTC))
    query = 'mutation {remove(papers: ["demo-001"]) {removed}}'
    with TestClient(build_app(Settings(), store)) as client:
        for accept in ("application/json", "text/event-stream"):
            answer = client.get(
                "/graphql",
                params={"query": query},
                headers={"Authorization": f"Bearer {writer}", "Accept": accept},
            )
            assert '"BAD_REQUEST"' in answer.text
        assert store.papers_by_id(["demo-001"])


def test_a_subscription_is_told_to_ask_for_a_stream(store: GraphStore) -> None:
    with TestClient(build_app(Settings(), store)) as client:
        answer = client.post("/graphql", json={"query": EVERY_RUN}).json()
    assert answer["errors"][0]["extensions"]["code"] == "STREAM_NEEDED"
    assert "text/event-stream" in answer["errors"][0]["extensions"]["remedy"]
