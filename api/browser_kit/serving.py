"""Serving the kit to Neo4j Browser, whose page comes from another address."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.browser_kit import favourites
from api.browser_kit.guide import guide
from api.browser_kit.style import style

PATH = "/browser-kit/"

Answer = Callable[[Request], Awaitable[Response]]


class BrowserKit:
    """Middleware that answers below ``PATH`` and leaves the rest to the application.

    It stands before what restricts other sites: the kit holds nothing of the graph.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kit = Starlette(
            routes=[
                Route(f"{PATH}style.grass", _text(style(), "text/plain")),
                Route(f"{PATH}guide.html", _text(guide(), "text/html")),
                Route(f"{PATH}favourites.cypher", _text(favourites.cypher(), "text/plain")),
                Route(f"{PATH}favourites.zip", _answer(favourites.archive(), "application/zip")),
            ],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=["*"],
                    allow_methods=["GET", "HEAD"],
                    allow_headers=["*"],
                    max_age=600,
                )
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        ours = scope["type"] == "http" and scope["path"].startswith(PATH)
        await (self._kit if ours else self._app)(scope, receive, send)


def _text(text: str, media_type: str) -> Answer:
    return _answer(text.encode(), f"{media_type}; charset=utf-8")


def _answer(content: bytes, media_type: str) -> Answer:
    async def answer(_: Request) -> Response:
        return Response(content, headers={"Content-Type": media_type, "Cache-Control": "no-cache"})

    return answer
