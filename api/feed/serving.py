"""``/feed.atom`` and ``/feed.json``; ``?entity=NAME`` keeps what concerns one entity."""

import logging
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.feed.documents import Head, atom, json_feed
from api.feed.entries import Entries, Entry, about
from api.services.names import Names
from graph.errors import StoreError
from graph.stores.base import GraphStore

log = logging.getLogger("papergraph.feed")

Write = Callable[[Head, Sequence[Entry]], bytes]


class Feed:
    """Both feeds over one store."""

    def __init__(self, store: GraphStore, names: Names) -> None:
        self._names = names
        self._store = store
        self._entries = Entries(store)

    async def atom(self, request: Request) -> Response:
        """Answer as Atom."""
        return await self._answered(request, "application/atom+xml", atom)

    async def json(self, request: Request) -> Response:
        """Answer as JSON Feed."""
        return await self._answered(request, "application/feed+json", json_feed)

    async def _answered(self, request: Request, kind: str, write: Write) -> Response:
        try:
            return await run_in_threadpool(self._answer, request, kind, write)
        except StoreError as error:
            log.warning("no feed: %s", error)
            retry = {"Retry-After": "5"}
            return PlainTextResponse("the store does not answer now\n", 503, headers=retry)

    def _answer(self, request: Request, kind: str, write: Write) -> Response:
        tag = f'W/"{self._entries.version()}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        entity = request.query_params.get("entity", "")
        entries: Sequence[Entry] = self._entries.latest()
        if entity:
            entries = list(about(entries, self._names.entities(entity)))
        store = self._store.data_version().rpartition("-")[0]
        head = Head(store, entity, str(request.url), str(request.base_url))
        return Response(write(head, entries), media_type=kind, headers=headers)
