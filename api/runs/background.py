"""What a server does behind the requests: runs that wait their turn, and what is watched."""

import asyncio

from api.runs.news import NewsWatch
from api.runs.queue import RunQueue
from api.runs.watch import RunWatch
from api.services.names import Names
from api.settings import Settings
from graph.stores.base import GraphStore


class Background:
    """The queue of runs, and the watches that tell subscribers.

    Args:
        store: the store.
        names: what names mean in it.
        settings: the store's URL, the pipeline, limits.
    """

    def __init__(self, store: GraphStore, names: Names, settings: Settings) -> None:
        self.queue = RunQueue(store, settings)
        self.runs = RunWatch(store)
        self.news = NewsWatch(store, names)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to do the runs that wait."""
        self._loop = asyncio.get_running_loop()
        self.queue.start()

    def end_streams(self) -> None:
        """End all subscriptions, so that the server can stop; to be called from any thread."""
        if self._loop and not self._loop.is_closed():
            for watch in (self.runs, self.news):
                self._loop.call_soon_threadsafe(watch.close)

    async def close(self) -> None:
        """End all of it; the run that is being done stops after its batch."""
        self.end_streams()
        await self.queue.close()
