"""Running the application under uvicorn: one line that says where, JSON lines after."""

import gc
import logging
import os
import signal
import socket
import sys
from contextlib import AbstractContextManager, nullcontext

import uvicorn
from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.app import build_app
from api.middleware import JsonLines
from api.settings import Settings
from api.tracing import Tracing
from graph.errors import StoreUnavailable, UsageError
from graph.stores import open_store
from graph.stores.base import GraphStore

BACKLOG = 2048


def serve(settings: Settings, beside: AbstractContextManager[None] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then let requests in flight finish.

    Args:
        settings: where, and over which store.
        beside: what goes on while it serves.

    Raises:
        StoreError: the store cannot be opened.
        UsageError: nothing can listen at that address.
    """
    # Store and socket are opened here rather than by the application, so that a wrong URL or a
    # port in use is one line, not a traceback.
    if settings.workers > 1 and settings.store.endswith(":memory:"):
        raise UsageError("a store in memory is one process's", "serve it without --workers")
    listener = _listen(settings.host, settings.port)
    store = open_store(settings.store, timeout=settings.query_timeout)
    host, port = listener.getsockname()[:2]
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    announced = (
        f"papergraph serves {without_password(settings.store)} at http://{where}/ "
        "(GraphiQL: /graphql); Ctrl-C stops it\n"
    )
    with beside or nullcontext():
        if settings.workers > 1:
            store.close()
            _serve_by_many(settings, listener, announced)
        else:
            _serve_alone(settings, store, listener, announced)


def _serve_alone(
    settings: Settings, store: GraphStore, listener: socket.socket, announced: str
) -> None:
    """Serve in this process; the application closes the store."""
    _prepare_process()
    application = build_app(settings, store, Tracing.wanted(os.environ))
    server = uvicorn.Server(_config(application, settings))

    # uvicorn's own handlers are in place only while it runs: a signal before must not be lost,
    # and the one that it raises again when it is done finds the work done.
    def stop(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sys.stderr.write(announced)
    sys.stderr.flush()
    server.run(sockets=[listener])


def _serve_by_many(settings: Settings, listener: socket.socket, announced: str) -> None:
    """Serve in processes of their own, which this one watches and, where one dies, replaces.

    Raises:
        StoreUnavailable: they could not start.
    """
    os.environ |= settings.environment()  # where the processes read them again
    _log_json_lines()
    config = _config("api.server:application", settings)
    watched = Multiprocess(config, [listener])
    sys.stderr.write(announced)
    sys.stderr.flush()
    watched.run()
    if any(process.exitcode == STARTUP_FAILURE for process in watched.processes):
        raise StoreUnavailable("the server's processes did not start", "the log says why")


def application() -> Starlette:
    """The application of one of several processes."""
    settings = Settings.read(os.environ)
    store = open_store(settings.store, timeout=settings.query_timeout)
    _prepare_process()
    return build_app(settings, store, Tracing.wanted(os.environ))


def _config(app: Starlette | str, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        log_config=None,
        access_log=False,  # the application writes its own, with request ids
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_grace,
        ws="websockets-sansio",
        ws_max_size=settings.max_body,
    )


def _prepare_process() -> None:
    # An answer is made of many small objects and no cycles: looking for cycles after every 700
    # of them took an eighth of the time of large answers.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    _log_json_lines()


def without_password(url: str) -> str:
    """A store's URL without user and password, for people to see."""
    scheme, separator, rest = url.partition("://")
    _, at, place = rest.rpartition("@")
    return f"{scheme}{separator}{place}" if at else url


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}",
            "choose another --host or --port (0 takes a free one)",
        ) from error
    # asyncio would set it, but for a socket made without naming its protocol it does not: head and
    # body of an answer then wait for each other's acknowledgement, 40 ms for every request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _log_json_lines() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("uvicorn.error", "neo4j"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
