"""Traces: from the request down to the store, told to a collector, and nothing where unwanted."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from api.tracing import ENDPOINT, Tracing, spanned, traced_store
from graph.stores.base import GraphStore


@pytest.fixture
def seen() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(seen: InMemorySpanExporter, store: GraphStore) -> Iterator[TestClient]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(seen))
    with TestClient(build_app(Settings(), store, Tracing(provider))) as client:
        yield client


def chain(spans: tuple[ReadableSpan, ...], name: str) -> list[str]:
    """A span's name and those of what it is part of."""
    by_id = {span.context.span_id: span for span in spans if span.context}
    span: ReadableSpan | None = next(span for span in spans if span.name == name)
    names = []
    while span is not None:
        names.append(span.name)
        span = by_id.get(span.parent.span_id) if span.parent else None
    return names


@pytest.mark.parametrize(
    ("query", "operation"),
    [
        ('{papers(filter: {uses: "SD-Turbo"}) {totalCount}}', "store.read"),
        ("{stats {papers}}", "store.counts"),
    ],
)
def test_a_request_is_followed_down_to_the_store(
    traced: TestClient, seen: InMemorySpanExporter, query: str, operation: str
) -> None:
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    traced.post(
        "/graphql?key=s3cret",
        json={"query": query},
        headers={"traceparent": caller, "X-Request-Id": "job-9"},
    )
    spans = seen.get_finished_spans()
    assert chain(spans, operation) == [operation, "graphql.execute", "POST /graphql"]
    assert chain(spans, "graphql.parse")[-1] == "POST /graphql"
    assert chain(spans, "graphql.validate")[-1] == "POST /graphql"
    request = next(span for span in spans if span.name == "POST /graphql")
    assert request.context
    assert f"{request.context.trace_id:032x}" in caller
    assert request.attributes == {
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "papergraph.request_id": "job-9",
    }
    everything = "".join(span.to_json() for span in spans)
    assert "SD-Turbo" not in everything
    assert "s3cret" not in everything


def test_spans_reach_the_collector(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{collector.server_port}")
        tracing = Tracing.wanted({ENDPOINT: f"http://127.0.0.1:{collector.server_port}"})
        with TestClient(build_app(Settings(), store, tracing)) as client:
            client.get("/healthz")
        collector.shutdown()
        thread.join()
    assert [path for path, _ in told] == ["/v1/traces"]
    assert b"GET /healthz" in told[0][1]
    assert b"papergraph" in told[0][1]


def test_nothing_is_wrapped_where_nothing_is_traced(store: GraphStore) -> None:
    assert Tracing.wanted({}) is None
    assert traced_store(store, None) is store
    assert spanned(None, "a", len) is len
