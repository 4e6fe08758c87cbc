"""Subscriptions over real sockets: WebSockets by graphql-transport-ws, event streams by SSE."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.auth.tokens import issue
from graph.model import RunSummary
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.stores.tokens import Scope
from tests.conformance.samples import Said, paper
from tests.e2e.conftest import serving

PROGRESS = "subscription ($id: ID) {runProgress(id: $id) {id status papers}}"
RUN = RunSummary("r1", "2026-11-25T00:00:00+00:00", source="test")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[GraphStore]:
    """The store behind the server, where another process writes."""
    copy = tmp_path_factory.mktemp("streams") / "graph.db"
    copy.write_bytes(sample_file.read_bytes())
    with open_store(f"sqlite:///{copy}") as store:
        store.url = f"sqlite:///{copy}"  # type: ignore[attr-defined]
        yield store


@pytest.fixture(scope="module")
def token(kept: GraphStore) -> str:
    return issue(kept, "writer", Scope.WRITE, datetime.now(UTC))


@pytest.fixture(scope="module")
def address(kept: GraphStore, token: str) -> Iterator[str]:
    """A server that answers bearers of a token only, and few streams of each."""
    url: str = kept.url  # type: ignore[attr-defined]
    switches = {"PAPERGRAPH_REQUIRE_TOKEN": "1", "PAPERGRAPH_MAX_STREAMS_EACH": "3"}
    with serving(url, **switches) as (process, where):
        yield where
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


@contextmanager
def websocket(
    address: str, token: str = "", init: dict[str, Any] | None = None, **options: Any
) -> Iterator[ClientConnection]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = address.replace("http", "ws", 1) + "/graphql"
    protocol: Any = ["graphql-transport-ws"]
    with connect(url, subprotocols=protocol, additional_headers=headers, **options) as ws:
        if init is not None:
            say(ws, type="connection_init", payload=init)
            assert heard(ws) == {"type": "connection_ack"}
        yield ws


def say(ws: ClientConnection, **message: Any) -> None:
    ws.send(json.dumps(message))


def heard(ws: ClientConnection) -> dict[str, Any]:
    text = ws.recv(timeout=60)
    assert isinstance(text, str), "the protocol is one of text"
    message: dict[str, Any] = json.loads(text)
    return message


def subscribe(ws: ClientConnection, query: str, id: str = "1", **variables: Any) -> None:
    say(ws, type="subscribe", id=id, payload={"query": query, "variables": variables})


@contextmanager
def events(
    address: str, token: str, query: str, **variables: Any
) -> Iterator[Iterator[dict[str, Any]]]:
    """Events of one subscription by SSE."""
    headers = {"Accept": "text/event-stream"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    body = {"query": query, "variables": variables}
    url = f"{address}/graphql"
    with httpx.stream("POST", url, json=body, headers=headers, timeout=60) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")

        def parsed() -> Iterator[dict[str, Any]]:
            event = ""
            for line in response.iter_lines():
                if line.startswith("event:"):
                    event = line[6:].strip()
                elif line.startswith("data:"):
                    yield {"event": event, "data": json.loads(line[5:].strip() or "null")}

        yield parsed()


def open_streams(address: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    lines = httpx.get(f"{address}/metrics", headers=headers).text.splitlines()
    return int(next(n for n in lines if n.startswith("papergraph_streams_open ")).split()[1])


def wait_until_none_is_open(address: str, token: str) -> None:
    for _ in range(100):
        if not open_streams(address, token):
            return
        time.sleep(0.1)
    raise AssertionError("streams are open still")


def test_a_run_is_followed_until_it_ends(address: str, token: str, kept: GraphStore) -> None:
    kept.record_run(RUN)
    with websocket(address, token, init={}) as ws:
        subscribe(ws, PROGRESS, id="1")
        ws.send(
            json.dumps(
                {
                    "type": "subscribe",
                    "id": "2",
                    "payload": {"query": PROGRESS, "variables": {"id": "r1"}},
                }
            )
        )
        first = heard(ws)
        assert first["id"] == "2", "how it is now"
        assert first["payload"]["data"]["runProgress"] == {
            "id": "r1",
            "status": "running",
            "papers": 0,
        }
        kept.record_run(replace(RUN, papers=7, added=7))
        both = [heard(ws), heard(ws)]
        assert {message["id"] for message in both} == {"1", "2"}
        assert all(m["payload"]["data"]["runProgress"]["papers"] == 7 for m in both)
        ended = replace(RUN, papers=9, added=9, status="finished", finished_at="2026-11-25")
        kept.record_run(ended)
        rest = [heard(ws) for _ in range(3)]
        assert [m for m in rest if m["type"] == "complete"] == [{"id": "2", "type": "complete"}]
        say(ws, type="complete", id="1")
        say(ws, type="ping")
        assert heard(ws)["type"] == "pong"
    wait_until_none_is_open(address, token)


def test_new_claims_that_a_saved_filter_picks(address: str, token: str, kept: GraphStore) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    save = (
        'mutation {saveFilter(name: "mine", filter: {entities: ["lo-ra"], roles: [USES]}) {name}}'
    )
    saved = httpx.post(f"{address}/graphql", json={"query": save}, headers=headers).json()
    assert saved == {"data": {"saveFilter": {"name": "mine"}}}
    news = """subscription {newClaims(saved: "mine") {
        role entity {id paperCount} paper {id title} evidence {text section}}}"""
    lora, other = Said("LoRA", "lora"), Said("Novelty", "novelty")
    with events(address, token, news) as told:
        time.sleep(1)  # nothing says that a subscription has begun: the papers come after it
        kept.load([paper("n1", [other]), paper("n2", [other, lora])])
        first = next(told)
        claim = first["data"]["data"]["newClaims"]
        assert first["event"] == "next"
        assert claim["paper"] == {"id": "n2", "title": "A study"}
        assert claim["evidence"] == {"text": "We uses LoRA at 1.", "section": "ABSTRACT"}
        kept.load([paper("n2", [other, lora], title="The same, renamed")])
        kept.load([paper("n3", [lora])])
        again = next(told)["data"]["data"]["newClaims"]
        assert again["paper"]["id"] == "n3", "what n2 says was said before"
        assert again["entity"]["paperCount"] == claim["entity"]["paperCount"] + 1
    wait_until_none_is_open(address, token)
    kept.remove(["n1", "n2", "n3"])


def test_queries_are_answered_over_streams_too(address: str, token: str) -> None:
    with websocket(address, token, init={}) as ws:
        subscribe(ws, "{stats {papers}}")
        assert heard(ws)["payload"] == {"data": {"stats": {"papers": 48}}}
        assert heard(ws) == {"id": "1", "type": "complete"}
    with events(address, token, "{stats {papers}}") as told:
        assert next(told)["data"] == {"data": {"stats": {"papers": 48}}}
        assert next(told)["event"] == "complete"


def test_who_may_not_ask_may_not_subscribe(address: str, token: str) -> None:
    url = f"{address}/graphql"
    sse = httpx.post(url, json={"query": PROGRESS}, headers={"Accept": "text/event-stream"})
    assert sse.status_code == 401
    with pytest.raises(InvalidStatus) as refused, websocket(address, "papergraph_wrong"):
        pass
    assert refused.value.response.status_code == 401
    for said in ({}, {"Authorization": "Bearer papergraph_wrong"}):
        with websocket(address) as ws:
            say(ws, type="connection_init", payload=said)
            with pytest.raises(ConnectionClosed) as closed:
                ws.recv(timeout=30)
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 4403
    with websocket(address) as ws:
        subscribe(ws, PROGRESS)
        with pytest.raises(ConnectionClosed) as closed:
            ws.recv(timeout=30)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401
    with websocket(address, init={"Authorization": f"Bearer {token}"}) as ws:
        subscribe(ws, "{stats {papers}}")
        assert "data" in heard(ws)["payload"]


def test_pages_of_other_sites_are_not_let_in(address: str, token: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        websocket(address, token, origin="https://elsewhere.example"),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_limits_hold_in_streams(address: str, token: str) -> None:
    deep = "{papers {edges {node {claims {entity {papers {edges {node {claims {entity {papers {"
    deep += "edges {node {id}}}}}}}}}}}}}}"
    with websocket(address, token, init={}) as ws:
        subscribe(ws, deep)
        refused = heard(ws)
        assert refused["type"] == "error"
        assert refused["payload"][0]["extensions"]["code"] in ("QUERY_TOO_DEEP", "QUERY_TOO_COSTLY")
        subscribe(ws, 'subscription {runProgress(id: "none") {id}}')
        unknown = heard(ws)["payload"]
        error = unknown[0] if isinstance(unknown, list) else unknown["errors"][0]
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert error["extensions"]["argument"] == "id"
    wait_until_none_is_open(address, token)
    with websocket(address, token), websocket(address, token), websocket(address, token):
        with pytest.raises(InvalidStatus) as refusal, websocket(address, token):
            pass
        assert refusal.value.response.status_code == 429
        assert refusal.value.response.headers["Retry-After"]
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        sse = httpx.post(f"{address}/graphql", json={"query": PROGRESS}, headers=headers)
        assert sse.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"
    wait_until_none_is_open(address, token)


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        "7",
        "null",
        '{"type": []}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{stats {papers}}"}}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{stats}", "variables": []}}',
        '{"type": "complete", "id": {}}',
        '{"type": "unheard of"}',
        "[" * 100_000,
        b"bytes",
    ],
)
def test_what_is_no_message_closes_the_socket(
    address: str, token: str, message: str | bytes
) -> None:
    with websocket(address, token, init={}) as ws:
        ws.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            ws.recv(timeout=30)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4400


def test_streams_end_when_the_server_stops(sample: str) -> None:
    with serving(sample) as (process, where):
        with websocket(where, init={}) as ws, events(where, "", PROGRESS) as told:
            subscribe(ws, PROGRESS)
            time.sleep(1)
            process.send_signal(signal.SIGTERM)
            assert next(told)["event"] == "complete"
            assert heard(ws) == {"id": "1", "type": "complete"}
            with pytest.raises(ConnectionClosed):
                ws.recv(timeout=30)
        assert process.wait(30) == 0
        assert process.stderr
        assert "Traceback" not in process.stderr.read()
