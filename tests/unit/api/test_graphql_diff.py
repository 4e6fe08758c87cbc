"""``diff``: what is new between two runs, over GraphQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.graphql.questions import difference
from api.settings import Settings
from graph.model import RunSummary
from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, paper

TURBO = Said("SD-Turbo", "sdturbo")
COCO = Said("COCO", "coco")


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        for run, papers in {
            "1111": [paper("p1", [TURBO, COCO], results=[(0, 1, None, "23.3")], run="1111")],
            "2222": [
                paper("p1", [TURBO, COCO], results=[(0, 1, None, "21.9")], run="2222"),
                paper("p2", [TURBO], run="2222"),
                paper("p3", [Said("New", "new")], run="2222"),
            ],
        }.items():
            opened.load(papers)
            at = f"2026-11-01T0{run[0]}:00:00+00:00"
            opened.record_run(RunSummary(run, at, at, status="finished"))
        yield opened


@pytest.fixture
def diff(store: GraphStore) -> Iterator[Any]:
    with TestClient(build_app(Settings(store="sqlite:///:memory:"), store)) as client:

        def ask(start: str, end: str, fields: str) -> Any:
            query = f'{{ diff(from: "{start}", to: "{end}") {{ {fields} }} }}'
            return client.post("/graphql", json={"query": query}).json()

        yield ask


def test_what_is_new(diff: Any) -> None:
    answer = diff(
        "1111",
        "latest",
        """from { id } to { id } counts { added updated retracted newEntities changedResults }
        added { id } updated { id title } retracted
        newEntities { entity { name } papers { id } } firstUses { totalCount }
        adopters { entity { id } totalCount papers(limit: 1) { id } }
        changedResults { paper { id } entity on before after }""",
    )
    assert answer == {
        "data": {
            "diff": {
                "from": {"id": "1111"},
                "to": {"id": "2222"},
                "counts": {
                    "added": 2,
                    "updated": 1,
                    "retracted": 0,
                    "newEntities": 1,
                    "changedResults": 1,
                },
                "added": [{"id": "p2"}, {"id": "p3"}],
                "updated": [{"id": "p1", "title": "A study"}],
                "retracted": [],
                "newEntities": [{"entity": {"name": "New"}, "papers": [{"id": "p3"}]}],
                "firstUses": [],
                "adopters": [
                    {"entity": {"id": "sdturbo"}, "totalCount": 1, "papers": [{"id": "p2"}]}
                ],
                "changedResults": [
                    {
                        "paper": {"id": "p1"},
                        "entity": "SD-Turbo",
                        "on": "COCO",
                        "before": "23.3",
                        "after": "21.9",
                    }
                ],
            }
        }
    }


def test_the_latest_run_is_the_latest_though_it_brought_nothing(
    store: GraphStore, diff: Any
) -> None:
    assert diff("2222", "latest", "to { id }")["data"]["diff"]["to"]["id"] == "2222"
    at = "2026-11-01T03:00:00+00:00"
    store.record_run(RunSummary("3333", at, at, status="finished"))
    assert diff("2222", "latest", "to { id }")["data"]["diff"]["to"]["id"] == "3333"


def test_what_was_retracted_is_an_id(store: GraphStore, diff: Any) -> None:
    store.remove(["p2"], "3333")
    at = "2026-11-01T03:00:00+00:00"
    store.record_run(RunSummary("3333", at, at, status="finished"))
    answer = diff("2222", "3333", "retracted counts { added adopters }")
    assert answer["data"]["diff"] == {
        "retracted": ["p2"],
        "counts": {"added": 0, "adopters": 0},
    }


@pytest.mark.parametrize(
    ("start", "end", "fields", "says"),
    [
        ("2222", "1111", "retracted", "name the earlier run first"),
        ("9999", "2222", "retracted", "there is no run '9999'"),
        ("1111", "2222", "added(limit: -1) { id }", "limit is -1"),
        ("1111", "2222", "added(limit: 100000) { id }", ""),
    ],
)
def test_what_cannot_be_compared(diff: Any, start: str, end: str, fields: str, says: str) -> None:
    (error,) = diff(start, end, fields)["errors"]
    assert says in error["message"]


def test_a_server_looks_through_so_many_changes_and_no_more(
    diff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(difference, "MOST_CHANGES", 2)
    (error,) = diff("1111", "2222", "retracted")["errors"]
    assert "more than 2 papers were changed" in error["message"]
