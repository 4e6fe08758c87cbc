"""Errors say what is wrong and what to do, and nothing of our insides."""

import logging
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.errors import StoreBusy
from graph.model import RunSummary
from graph.stores.base import GraphStore


class Failing:
    """The store, but one operation fails."""

    def __init__(self, store: GraphStore, operation: str, error: Exception) -> None:
        self._store, self._operation, self._error = store, operation, error

    def __getattr__(self, name: str) -> Any:
        if name != self._operation:
            return getattr(self._store, name)

        def fail(*_: Any, **__: Any) -> None:
            raise self._error

        return fail


def test_a_field_that_does_not_exist(ask: Any) -> None:
    error = ask("{papers {edges {node {tilte}}}}")["errors"][0]
    assert error["extensions"]["code"] == "QUERY_INVALID"
    assert "Did you mean 'title'" in error["message"]
    assert error["locations"]


def test_a_value_that_is_no_date(ask: Any) -> None:
    literal = ask('{papers(filter: {publishedAfter: "yesterday"}) {totalCount}}')
    assert literal["errors"][0]["extensions"]["code"] == "QUERY_INVALID"
    query = "query ($f: PaperFilter) {papers(filter: $f) {totalCount}}"
    variable = ask(query, f={"publishedAfter": "2024-13-45"})
    assert variable["errors"][0]["extensions"]["code"] == "QUERY_INVALID"


def test_syntax(ask: Any) -> None:
    assert ask("{papers(")["errors"][0]["extensions"]["code"] == "QUERY_SYNTAX"


def test_arguments_that_make_no_sense(ask: Any) -> None:
    for query in (
        "{entity {id}}",
        '{entity(id: "a", name: "b") {id}}',
        '{search(query: " ") {totalCount}}',
    ):
        error = ask(query)["errors"][0]
        assert error["extensions"]["code"] == "BAD_ARGUMENT"
        assert error["extensions"]["field"] in ("entity", "search")
        assert error["path"]


def test_half_a_character(ask: Any) -> None:
    answer = ask('{papers(filter: {uses: "\\ud800"}) {totalCount}}')
    assert "errors" not in answer or answer["errors"][0]["extensions"]["code"] != "INTERNAL"


def test_what_the_store_says_is_passed_on(store: GraphStore) -> None:
    busy = Failing(store, "counts", StoreBusy("the query took too long", "ask for less"))
    with TestClient(build_app(Settings(), busy)) as client:  # type: ignore[arg-type]
        answer = client.post("/graphql", json={"query": "{stats {papers}}"}).json()
    assert answer["errors"][0]["extensions"] == {
        "code": "STORE_BUSY",
        "remedy": "ask for less",
        "field": "stats",
    }


def test_a_defect_is_masked_and_logged(store: GraphStore, caplog: pytest.LogCaptureFixture) -> None:
    broken = Failing(store, "counts", RuntimeError("secret path /home/x"))
    with (
        caplog.at_level(logging.ERROR),
        TestClient(build_app(Settings(), broken)) as client,  # type: ignore[arg-type]
    ):
        response = client.post(
            "/graphql", json={"query": "{stats {papers}}"}, headers={"X-Request-Id": "abc-1"}
        )
    assert "secret" not in response.text
    assert response.headers["X-Request-Id"] == "abc-1"
    extensions = response.json()["errors"][0]["extensions"]
    assert extensions["code"] == "INTERNAL"
    assert extensions["requestId"] == "abc-1"
    logged = [record for record in caplog.records if record.name == "papergraph.graphql"]
    assert "secret" in caplog.text
    assert [record.__dict__["request_id"] for record in logged] == ["abc-1"]


def test_one_field_that_fails_leaves_the_others(store: GraphStore) -> None:
    broken = Failing(store, "runs", RuntimeError("no"))
    with TestClient(build_app(Settings(), broken)) as client:  # type: ignore[arg-type]
        query = '{a: paper(id: "demo-001") {id} b: paper(id: "x") {id}}'
        answer = client.post("/graphql", json={"query": query}).json()
    assert answer == {"data": {"a": {"id": "demo-001"}, "b": None}}


def test_readers_are_not_told_where_the_servers_files_are(store: GraphStore, ask: Any) -> None:
    why = "/srv/feeds/may.jsonl, line 3: it has no title"
    run = RunSummary("r", "2024-05-01", source="/srv/feeds/may.jsonl", failures=(why,))
    store.record_run(run)
    store.record_run(replace(run, id="s", source="arxiv:cs.CL https://x.example/a/b", failures=()))
    told = {
        run["source"]: run["failures"] for run in ask("{runs {source failures}}")["data"]["runs"]
    }
    assert told == {
        "may.jsonl": ["may.jsonl, line 3: it has no title"],
        "arxiv:cs.CL https://x.example/a/b": [],
    }
