"""Admission: no more requests at once than can be served; the others are told to come back.

Queues that grow only make everybody wait. What is over the limit costs one refusal.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.traffic.refusals import refuse

RETRY_AFTER_S = 1


class Admission:
    """Lets so many requests into one path at once.

    A stream of events counts until it begins only; subscriptions have a limit of their own.

    Args:
        app: what answers.
        path: which requests are counted; the others pass.
        limit: most at once.
    """

    def __init__(self, app: ASGIApp, path: str, limit: int) -> None:
        self._app = app
        self._path = path
        self._limit = limit
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it with 503."""
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        if self._inside >= self._limit:
            refusal = refuse(
                503,
                "OVERLOADED",
                f"The server answers {self._limit} requests already",
                f"ask again in {RETRY_AFTER_S} s",
                {"Retry-After": str(RETRY_AFTER_S)},
            )
            await refusal(scope, receive, send)
            return
        self._inside += 1
        counted = True

        def leave() -> None:
            nonlocal counted
            self._inside -= counted
            counted = False

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = dict(message.get("headers", ()))
                if headers.get(b"content-type", b"").startswith(b"text/event-stream"):
                    leave()
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            leave()
