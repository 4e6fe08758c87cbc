"""The server: ``/`` a search page, ``/graphql``, health, readiness, metrics."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from api.auth.callers import Authenticator
from api.browser_kit.serving import BrowserKit
from api.feed.serving import Feed
from api.graphql.schema import build_schema
from api.graphql.view import IDE, GraphQLView
from api.landing import LANDING, stylesheet
from api.metrics import CONTENT_TYPE, Metrics
from api.middleware import LimitedBody, Observed
from api.runs.background import Background
from api.services.names import Names
from api.settings import Settings
from api.tracing import TracedRequests, Tracing, traced_store
from api.traffic.admission import Admission
from api.traffic.gate import Gate
from api.traffic.rate import RateLimit
from api.traffic.stopping import signalled
from api.traffic.streams import Streams
from graph.errors import StoreError
from graph.stores.base import GraphStore

log = logging.getLogger("papergraph")

FEEDS = frozenset({"/feed.atom", "/feed.json"})
ROUTES = frozenset({"/", "/graphql", "/healthz", "/readyz", "/metrics"}) | FEEDS
GATED = frozenset({"/graphql", "/metrics"}) | FEEDS
"""What needs a token, where reading needs one."""


def build_app(settings: Settings, store: GraphStore, tracing: Tracing | None = None) -> Starlette:
    """The ASGI application over an open store, which it closes when it stops.

    Args:
        settings: limits and switches.
        store: the graph.
        tracing: where spans go; none are made unless it is given.
    """
    store = traced_store(store, tracing)
    metrics = Metrics()
    authenticator = Authenticator(store, settings.reading_needs_token)
    rate = RateLimit(settings.requests_per_minute)
    names = Names(store)
    behind = Background(store, names, settings)
    kind = "sqlite" if settings.store.startswith("sqlite") else "neo4j"

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        behind.start()
        with signalled(behind.end_streams):
            yield
        await behind.close()
        await run_in_threadpool(store.close)
        if tracing:
            await run_in_threadpool(tracing.close)

    async def index(_: Request) -> Response:
        return FileResponse(LANDING / "index.html")

    async def ontology_css(_: Request) -> Response:
        return Response(stylesheet(), media_type="text/css")

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        try:
            version = await run_in_threadpool(store.ready)
        except StoreError as error:
            log.warning("not ready: %s", error)
            problem = "the store does not answer or has another schema; the log says which"
            answer = {"status": "unavailable", "problem": problem}
            return JSONResponse(answer, status_code=503, headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready", "store": kind, "schema": version})

    async def show_metrics(_: Request) -> Response:
        return PlainTextResponse(metrics.render(), headers={"Content-Type": CONTENT_TYPE})

    view = GraphQLView(
        build_schema(settings, tracing),
        store,
        names,
        settings,
        metrics,
        behind,
        authenticator,
        rate,
        tracing,
    )
    feed = Feed(store, names)
    return Starlette(
        routes=[
            Route("/", index),
            Route("/graphql", view, methods=["GET", "POST"]),
            WebSocketRoute("/graphql", view),
            Route("/feed.atom", feed.atom),
            Route("/feed.json", feed.json),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_metrics),
            Route("/static/ontology.css", ontology_css),
            *([Mount("/static/graphiql", StaticFiles(directory=IDE))] if settings.graphiql else []),
            Mount("/static", StaticFiles(directory=LANDING)),
        ],
        middleware=[
            *([Middleware(TracedRequests, tracing=tracing, routes=ROUTES)] if tracing else []),
            Middleware(Observed, metrics=metrics, routes=ROUTES),
            Middleware(BrowserKit),
            *_cross_origin(settings.origins),
            Middleware(Gate, paths=GATED, authenticator=authenticator, rate=rate),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
            Middleware(LimitedBody, max_bytes=settings.max_body),
            Middleware(Admission, path="/graphql", limit=settings.max_in_flight),
            Middleware(
                Streams,
                path="/graphql",
                limit=settings.max_streams,
                limit_each=settings.max_streams_each,
            ),
        ],
        lifespan=lifespan,
    )


def _cross_origin(origins: tuple[str, ...]) -> list[Middleware]:
    """What lets pages of other sites ask: nothing, unless sites are named."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", "X-Request-Id"],
            expose_headers=["ETag", "Retry-After", "X-Request-Id"],
            max_age=600,
        )
    ]
