"""Traces by OpenTelemetry, for who has installed the extra ``otel`` and names a collector.

Nothing is wrapped where traces are not wanted, so that they cost nothing then. Spans hold neither
queries nor variables, headers or addresses of callers: a trace must not give away what a log hides.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry.extensions import SchemaExtension

from graph.errors import UsageError
from graph.stores.base import GraphStore

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

P = ParamSpec("P")
R = TypeVar("R")

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Names the collector; OpenTelemetry's other variables hold as well."""


class Tracing:
    """Spans of one server.

    Args:
        provider: where they go.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        # An exception's words may be those of a query, and its traceback names files.
        self.start = partial(
            provider.get_tracer("papergraph").start_as_current_span,
            record_exception=False,
            set_status_on_exception=False,
        )

    @classmethod
    def wanted(cls, environ: Mapping[str, str]) -> "Tracing | None":
        """Traces to the collector that the environment names; None where it names none.

        Raises:
            UsageError: the extra is not installed.
        """
        if not environ.get(ENDPOINT):
            return None
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise UsageError(
                f"{ENDPOINT} is set, but traces are not installed",
                "pip install 'papergraph[otel]', or unset it",
            ) from error
        provider = TracerProvider(resource=Resource.create({"service.name": "papergraph"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def spanned(tracing: Tracing | None, name: str, function: Callable[P, R]) -> Callable[P, R]:
    """A function in a span of its own; the function itself where nothing is traced."""
    if tracing is None:
        return function
    start = tracing.start

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with start(name):
            return function(*args, **kwargs)

    return inside


class TracedStore:
    """A store each of whose operations is a span."""

    def __init__(self, store: GraphStore, tracing: Tracing) -> None:
        self._store, self._tracing = store, tracing

    def __getattr__(self, name: str) -> Any:
        """The store's own; kept, so that it is wrapped once."""
        found = getattr(self._store, name)
        if callable(found):
            found = spanned(self._tracing, f"store.{name}", found)
            setattr(self, name, found)
        return found


def traced_store(store: GraphStore, tracing: Tracing | None) -> GraphStore:
    """A store whose operations are traced, if anything is."""
    return store if tracing is None else cast(GraphStore, TracedStore(store, tracing))


class TracedRequests:
    """Each request in a span, part of the caller's trace where it says so (``traceparent``).

    Args:
        app: what answers.
        tracing: where spans go.
        routes: paths that are named; others are not, for anybody can ask for anything.
    """

    def __init__(self, app: ASGIApp, tracing: Tracing, routes: frozenset[str]) -> None:
        self._app = app
        self._start = tracing.start
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, in a span."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        given = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        caller = extract({k: given[k] for k in ("traceparent", "tracestate") if k in given})
        route = scope["path"] if scope["path"] in self._routes else "other"
        name = f"{scope.get('method', 'WEBSOCKET')} {route}"
        with self._start(
            name, context=caller, kind=SpanKind.SERVER, attributes={"http.route": route}
        ) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await self._app(scope, receive, noting)
            finally:
                span.set_attribute(
                    "papergraph.request_id", scope.get("state", {}).get("request_id", "-")
                )


class TracedSteps(SchemaExtension):
    """What graphql-core does for a request, step by step.

    Args:
        tracing: where spans go.
    """

    def __init__(self, tracing: Tracing) -> None:
        self._start = tracing.start

    def on_parse(self) -> Iterator[None]:
        """The text is parsed, and measured against the limits."""
        with self._start("graphql.parse"):
            yield

    def on_validate(self) -> Iterator[None]:
        """It is validated."""
        with self._start("graphql.validate"):
            yield

    def on_execute(self) -> Iterator[None]:
        """It is executed."""
        with self._start("graphql.execute"):
            yield
