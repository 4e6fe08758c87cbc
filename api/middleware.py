"""What surrounds every request: an id, a log line, counts, limits on the body, safe headers."""

import asyncio
import json
import logging
import re
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

log = logging.getLogger("papergraph.access")

BODY_TIMEOUT = 30.0
"""Seconds within which a request's body must have arrived."""

_REQUEST_ID = re.compile(r"[\w.-]{1,64}")

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Observed:
    """Gives a request its id, and leaves one log line and its counts behind.

    WebSockets are noted when they close, and counted apart from requests, as event streams are.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: frozenset[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch its answer."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        started, status = time.perf_counter(), 500
        is_stream = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "websocket.accept":
                status, is_stream = 101, True
                self._metrics.streams += 1
            elif message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/event-stream"):
                    is_stream = True
                    self._metrics.streams += 1
                headers["X-Request-Id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        self._metrics.in_flight += 1
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.in_flight -= 1
            self._metrics.streams -= is_stream
            route = scope["path"] if scope["path"] in self._routes else "other"
            method = scope.get("method", "GET")  # a WebSocket begins as one
            known = method if method in ("GET", "HEAD", "POST") else "OTHER"
            if is_stream:
                self._metrics.count_stream(known, route, status)
            else:
                self._metrics.count_request(known, route, status, seconds)
            # The path alone: a query string may hold what nobody wants in a log.
            log.info(
                "answered",
                extra={
                    "request_id": request_id,
                    "method": method,
                    "path": scope["path"],
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                },
            )


class LimitedBody:
    """Reads the body before the application does, up to a size and within a time."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough, refuse what is not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await self._refuse(413, "BODY_TOO_LARGE", self._too_large())(scope, receive, send)
            return
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self._max_bytes:
                        refusal = self._refuse(413, "BODY_TOO_LARGE", self._too_large())
                        await refusal(scope, receive, send)
                        return
        except TimeoutError:
            late = f"The body did not arrive within {BODY_TIMEOUT:.0f} seconds"
            await self._refuse(408, "BODY_TOO_SLOW", late)(scope, receive, send)
            return
        replayed = False

        async def replay() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, send)

    def _too_large(self) -> str:
        return f"The body is over {self._max_bytes} bytes: send less, or in several requests"

    @staticmethod
    def _refuse(status: int, code: str, message: str) -> JSONResponse:
        error = {"message": message, "extensions": {"code": code}}
        return JSONResponse({"errors": [error]}, status, headers={"Connection": "close"})


class JsonLines(logging.Formatter):
    """A log record as one JSON object on one line."""

    FIELDS = ("request_id", "method", "path", "status", "ms")

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, logger, message and our own fields."""
        entry: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
