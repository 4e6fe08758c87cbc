"""The server around GraphQL: health, headers, limits on bodies, metrics, pages."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.landing import stylesheet
from api.middleware import JsonLines
from api.settings import Settings
from graph.errors import StoreUnavailable
from graph.ontology import ENTITY_TYPES
from graph.stores.base import GraphStore


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "store": "sqlite", "schema": 2}


def test_not_ready_while_the_store_does_not_answer(store: GraphStore) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def ready(self) -> None:
            raise StoreUnavailable("the store is away", "wait")

    with TestClient(build_app(Settings(), Away())) as client:  # type: ignore[arg-type]
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/graphql", "/healthz", "/static/landing.js", "/nowhere"])
def test_safe_headers_everywhere(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers


def test_no_other_site_is_let_in(client: TestClient) -> None:
    answer = client.options(
        "/graphql",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_request_ids(client: TestClient) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": "job-7"})
    assert given.headers["X-Request-Id"] == "job-7"
    odd = client.get("/healthz", headers={"X-Request-Id": "a b<c>"})
    assert odd.headers["X-Request-Id"] not in ("", "a b<c>")


def test_log_lines_are_json_without_query_strings(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="papergraph.access"):
        client.get("/healthz?token=secret", headers={"X-Request-Id": "job-8"})
    record = next(r for r in caplog.records if r.name == "papergraph.access")
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == "job-8"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)
    assert "secret" not in json.dumps(line)


def test_bodies_have_a_limit(store: GraphStore) -> None:
    settings = Settings(max_body=1000)
    with TestClient(build_app(settings, store)) as client:
        large = json.dumps({"query": "{stats {papers}}" + " " * 2000}).encode()
        declared = client.post("/graphql", content=large)
        assert declared.status_code == 413
        assert declared.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
        chunked = client.post("/graphql", content=iter([large[:900], large[900:]]))
        assert chunked.status_code == 413
        small = client.post("/graphql", json={"query": "{stats {papers}}"})
        assert small.status_code == 200


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b"7", JSON),
        (b'"query"', JSON),
        (b"{}", JSON),
        (b'{"query": 7}', JSON),
        (b'{"query": null}', JSON),
        (b'{"query": ""}', JSON),
        (b'{"query": "{stats {papers}}", "variables": []}', JSON),
        (b'{"query": "{stats {papers}}", "operationName": "Other"}', JSON),
        (b'{"query": "{stats {papers}}", "operationName": {}}', JSON),
        (b'{"query": "fragment a on Query {stats {papers}}"}', JSON),
        (b"\xff\xfe", JSON),
        (b'{"a": ' + b'{"a": ' * 20_000 + b"1" + b"}" * 20_001, JSON),
        (b"[" * 50_000, JSON),
        (b'[{"query": "{stats {papers}}"}]', JSON),
        (b"query=%7Bstats%7Bpapers%7D%7D", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b'{"query": "{stats {papers}}"}', {"Content-Type": "text/plain"}),
        (b'{"query": "{stats {papers}}"}', {}),
    ],
)
def test_malformed_requests_are_refused_in_json(
    client: TestClient, body: bytes, headers: dict[str, str]
) -> None:
    answer = client.post("/graphql", content=body, headers=headers)
    assert answer.status_code in (200, 400), answer.text
    errors = answer.json()["errors"]
    assert errors[0]["extensions"]["code"] != "INTERNAL"
    assert "Traceback" not in answer.text


def test_queries_by_get_and_graphiql(client: TestClient) -> None:
    got = client.get("/graphql", params={"query": "{stats {papers}}"})
    assert got.json() == {"data": {"stats": {"papers": 48}}}
    page = client.get("/graphql", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert client.get("/graphql", headers={"Accept": "application/json"}).status_code == 400
    assert client.put("/graphql", json={}).status_code == 405


def test_pages_name_only_files_that_are_there(client: TestClient) -> None:
    import re

    for path in ("/", "/graphql"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        named = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert named
        for target in named:
            assert not target.startswith(("http", "//")), target
            accept = {"Accept": "text/html"}
            assert client.get(target, headers=accept).status_code == 200, target
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_types_have_the_ontologys_colours(client: TestClient) -> None:
    css = client.get("/static/ontology.css")
    assert css.text == stylesheet()
    for entity_type, entry in ENTITY_TYPES.items():
        assert f".type-{entity_type.name} {{ --type: {entry.colour}; }}" in css.text


def test_files_outside_are_not_served(client: TestClient) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/graphiql/../../app.py"):
        assert client.get(path).status_code == 404


def test_metrics_count_what_happened(client: TestClient) -> None:
    client.post("/graphql", json={"query": "{stats {papers}}"})
    client.post("/graphql", json={"query": "{nothing}"})
    client.get("/some/path/of/a/scanner")
    metrics = client.get("/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = metrics.text.splitlines()
    assert 'papergraph_requests_total{method="POST",route="/graphql",status="200"} 2' in lines
    assert 'papergraph_requests_total{method="GET",route="other",status="404"} 1' in lines
    assert 'papergraph_graphql_errors_total{code="QUERY_INVALID"} 1' in lines
    assert 'papergraph_request_seconds_bucket{route="/graphql",le="+Inf"} 2' in lines
    assert "scanner" not in metrics.text


def test_third_party_files_come_with_their_licences() -> None:
    import api.graphql.view as view

    vendor = Path(view.IDE) / "vendor"
    readme = (vendor / "README.md").read_text("utf-8")
    for file in vendor.iterdir():
        assert file.name == "README.md" or f"`{file.name}`" in readme, file.name
