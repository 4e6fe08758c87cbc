"""Telling subscribers of new claims that a filter picks."""

from collections.abc import AsyncGenerator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from api.runs.watch import INTERVAL_S, Watch
from api.services.names import Names
from api.services.news import ClaimFilter, News, news_of
from graph.stores.base import GraphStore

_AT_ONCE: Final = 200
"""Changed papers that one look takes in; what is left is taken in by the next."""
_LATEST_RUNS: Final = 50


class NewsWatch(Watch[News]):
    """Tells of claims that were not there before.

    Args:
        store: the store.
        names: what names mean in it.
        interval_s: seconds between two looks.
    """

    def __init__(self, store: GraphStore, names: Names, interval_s: float = INTERVAL_S) -> None:
        super().__init__(interval_s)
        self._store = store
        self._names = names
        self._position = 0
        self._ids = names.ids

    async def claims(self, wanted: ClaimFilter) -> AsyncGenerator[News, None]:
        """New claims that a filter picks, from now on."""
        values = self.values(lambda news: wanted.holds(news, self._ids))
        try:
            async for news in values:
                yield news
        finally:
            await values.aclose()

    def _begin(self) -> None:
        """Stand at the end of the history: where the latest runs ended, and what followed."""
        runs = [run.id for run in self._store.runs(_LATEST_RUNS)]
        self._position = max(self._store.positions(runs).values(), default=0)
        for change in self._store.changes(self._position):
            self._position = change.position

    def _look(self) -> Sequence[News]:
        # What a name means is looked up once for all that is seen in one look: a new paper may
        # have brought the entity that a filter names.
        self._ids = cache(self._names.ids)
        changes = list(islice(self._store.changes(self._position), _AT_ONCE))
        if not changes:
            return ()
        found = list(news_of(self._store, changes))
        self._position = changes[-1].position  # after all was read: what fails is read again
        return found
