"""Streams: WebSockets and event streams stay open, so that only so many are let in."""

from collections import Counter
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.traffic.refusals import refuse, send_refusal

RETRY_AFTER_S: Final = 10


class Streams:
    """Lets so many streams into one path at once, and so many of each caller.

    Args:
        app: what answers.
        path: where streams are.
        limit: most at once.
        limit_each: most at once of one caller, as the gate names him.
    """

    def __init__(self, app: ASGIApp, path: str, limit: int, limit_each: int) -> None:
        self._app = app
        self._path = path
        self._limit = limit
        self._limit_each = limit_each
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a stream in, or refuse it with 429 or 503; what is no stream passes."""
        if not is_stream(scope) or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        caller = scope.get("state", {}).get("rate_key", "")
        retry = {"Retry-After": str(RETRY_AFTER_S)}
        if self._open[caller] >= self._limit_each:
            refusal = refuse(
                429,
                "TOO_MANY_STREAMS",
                f"You hold {self._limit_each} streams already",
                "close one, or use one WebSocket for several subscriptions",
                retry,
            )
            await send_refusal(refusal, scope, receive, send)
        elif self._open.total() >= self._limit:
            problem, remedy = f"{self._limit} streams are open already", "try again in a while"
            refusal = refuse(503, "OVERLOADED", problem, remedy, retry)
            await send_refusal(refusal, scope, receive, send)
        else:
            self._open[caller] += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._open[caller] -= 1
                if not self._open[caller]:
                    del self._open[caller]


def is_stream(scope: Scope) -> bool:
    """Whether a request asks for something that stays open."""
    if scope["type"] == "websocket":
        return True
    if scope["type"] != "http":
        return False
    return "text/event-stream" in Headers(scope=scope).get("accept", "").lower()
