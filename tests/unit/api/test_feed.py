"""Feeds of what is new, as a feed reader gets them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from api.app import build_app
from api.feed import entries
from api.settings import Settings
from graph.model import RunSummary
from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, paper

ATOM = "{http://www.w3.org/2005/Atom}"
TURBO = Said("SD-Turbo", "sdturbo")
COCO = Said("<COCO>", "coco")


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        yield opened


@pytest.fixture
def client(store: GraphStore) -> Iterator[TestClient]:
    with TestClient(build_app(Settings(store="sqlite:///:memory:"), store)) as opened:
        yield opened


def ran(store: GraphStore, run: str, *said: Said, url: str | None = None, day: int = 1) -> None:
    """A run that loads one paper, named after it."""
    made = paper(f"paper-{run}", said, run=run)
    store.load([replace(made, paper=replace(made.paper, url=url))])
    at = f"2026-11-{day:02}T06:00:00+00:00"
    store.record_run(RunSummary(run, at, at, papers=1, added=1, status="finished"))


def items(client: TestClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/feed.json", params=query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/feed+json"
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_an_entry_a_run_newest_first_in_both_formats(store: GraphStore, client: TestClient) -> None:
    ran(store, "r1", TURBO, day=1)
    ran(store, "r2", TURBO, COCO, url="https://x.example/?a=1&b=2", day=2)
    two, one = items(client)
    assert one["title"] == "1 new paper, 1 new name"
    assert two["title"] == "1 new paper, 1 new name, 1 name newly used by others"
    assert two["_papergraph"]["run"] == "r2"
    assert [n["papers"] for n in two["_papergraph"]["news"]["adopters"]] == [["paper-r2"]]
    assert "&lt;COCO&gt;" in two["content_html"]
    assert 'href="https://x.example/?a=1&amp;b=2"' in two["content_html"]

    answer = client.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = fromstring(answer.content)
    assert feed.findtext(f"{ATOM}updated") == "2026-11-02T06:00:00+00:00"
    told = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in told] == [two["id"], one["id"]]
    assert [entry.findtext(f"{ATOM}content") for entry in told] == [
        two["content_html"],
        one["content_html"],
    ]
    assert two["id"].startswith("urn:papergraph:")


def test_what_concerns_one_entity_in_any_spelling(store: GraphStore, client: TestClient) -> None:
    ran(store, "r1", TURBO, day=1)
    ran(store, "r2", COCO, day=2)
    ran(store, "r3", TURBO, COCO, day=3)
    assert [item["_papergraph"]["run"] for item in items(client, entity="sd turbo")] == ["r3", "r1"]
    assert items(client, entity="nobody spoke of it") == []


def test_nothing_is_said_twice_while_nothing_is_new(store: GraphStore, client: TestClient) -> None:
    ran(store, "r1", TURBO)
    first = client.get("/feed.atom")
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get("/feed.atom", headers=tag).status_code == 304
    store.record_run(RunSummary("r2", "2026-11-05", "2026-11-05", status="finished"))
    assert len(items(client)) == 1, "a run that brought nothing is no news"
    ran(store, "r3", TURBO)
    again = client.get("/feed.atom", headers=tag)
    assert again.status_code == 200
    ids = [e.findtext(f"{ATOM}id") for e in fromstring(again.content).findall(f"{ATOM}entry")]
    assert ids[1:] == [
        e.findtext(f"{ATOM}id") for e in fromstring(first.content).findall(f"{ATOM}entry")
    ]


def test_a_retracted_paper_leaves_no_trace_but_its_id(
    store: GraphStore, client: TestClient
) -> None:
    ran(store, "r1", TURBO, day=1)
    ran(store, "r2", TURBO, day=2)
    store.remove(["paper-r1"], "r3")
    at = "2026-11-03T06:00:00+00:00"
    store.record_run(RunSummary("r3", at, at, withdrawn=1, status="finished"))
    retraction, second = items(client)
    assert retraction["title"] == "1 retracted paper"
    assert second["title"] == "1 new paper, 1 new name", "as if the first had never been"
    assert "paper-r1" not in second["content_html"]


def test_a_link_is_one_to_a_page(store: GraphStore, client: TestClient) -> None:
    ran(store, "r1", TURBO, url="javascript:alert(1)")
    assert "javascript" not in items(client)[0]["content_html"]


def test_of_what_is_too_much_the_counts_are_told(
    store: GraphStore, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_CHANGED", 2)
    for number in range(4):
        ran(store, f"r{number}", TURBO, day=number + 1)
    told = items(client)
    assert [item["title"] for item in told[2:]] == ["1 new paper"] * 2
    assert [item["_papergraph"]["news"] is None for item in told] == [False, False, True, True]
    assert told[0]["title"] == "1 new paper, 1 name newly used by others"
    assert fromstring(client.get("/feed.atom").content) is not None


def test_only_the_latest_runs_are_told(
    store: GraphStore, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "RUNS", 2)
    for number in range(4):
        ran(store, f"r{number}", TURBO, day=number + 1)
    assert [item["_papergraph"]["run"] for item in items(client)] == ["r3", "r2"]


def test_a_feed_needs_a_token_where_reading_does(store: GraphStore) -> None:
    guarded = Settings(store="sqlite:///:memory:", require_token=True)
    with TestClient(build_app(guarded, store)) as client:
        assert client.get("/feed.atom").status_code == 401
        assert client.get("/feed.json").status_code == 401
