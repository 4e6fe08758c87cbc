"""Hugging Face daily papers, day by day (https://huggingface.co/docs/hub/api, ``daily_papers``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from extract.readers.daily_api import SOURCE
from extract.readers.json_lines import paper_of
from extract.readers.records import unusable
from extract.sources.access import Access
from extract.sources.base import Window
from extract.sources.http import Answer, Client
from graph.errors import RecordError, SourceError, SourceUnavailable, UsageError
from graph.model import Paper

URL: Final = "https://huggingface.co/api/daily_papers"
PAGE: Final = 100
"""Entries asked for at once: the most that the service gives."""
_MOST_PAGES: Final = 50
_FIRST_DAY: Final = date(2023, 5, 4)


@dataclass(frozen=True, slots=True)
class HuggingFaceDaily:
    """The daily listing; its windows are days of listing."""

    window: Window | None
    access: Access
    name: str = SOURCE

    @classmethod
    def of(cls, what: str, window: Window | None, access: Access) -> "HuggingFaceDaily":
        """From an address.

        Raises:
            UsageError: something other than days stands in it.
        """
        if what:
            raise UsageError(f"hf-daily: {what!r} is no day", "write hf-daily:2026-11-01")
        return cls(window, access)

    def usual(self, today: date) -> Window:
        """Yesterday and today: in the morning, today's listing is hardly begun."""
        return Window(today - timedelta(days=1), today)

    def windows(self, window: Window) -> Iterator[Window]:
        """Days; an open beginning is the first day that there was a listing.

        Raises:
            UsageError: the window has no end.
        """
        if window.until is None:
            raise UsageError(f"hf-daily: the window {window} has no end", "name its last day")
        since = max(window.since or _FIRST_DAY, _FIRST_DAY)
        return Window(since, window.until).pieces(1)

    def fetch(self, window: Window) -> Iterator[Paper | RecordError]:
        """The papers listed on the days of a window; see ``Source.fetch``."""
        with Client(self.name, self.access, pause=1.0) as client:
            for piece in self.windows(window):
                assert piece.since
                yield from self._day(client, piece.since)

    def _day(self, client: Client, day: date) -> Iterator[Paper | RecordError]:
        url = self.access.urls.get(self.name, URL)
        seen: set[str] = set()
        for page in range(_MOST_PAGES):
            query = {"date": day.isoformat(), "limit": str(PAGE), "p": str(page)}
            entries = client.get(url, query, _entries)
            new = 0
            for number, entry in enumerate(entries, page * PAGE + 1):
                paper = paper_of(entry, f"hf-daily:{day}", f"entry {number}")
                if isinstance(paper, Paper):
                    if paper.id in seen:
                        continue  # votes came in meanwhile: the order of pages changes with them
                    seen.add(paper.id)
                new += 1
                yield paper
            if len(entries) < PAGE or not new:
                return
        yield unusable(f"more than {_MOST_PAGES} pages", f"hf-daily:{day}", "the listing", "")


def _entries(answer: Answer) -> list[Any]:
    """The entries of an answer.

    Raises:
        SourceUnavailable: it is not whole.
        SourceError: it is of another shape.
    """
    try:
        entries = json.loads(answer.text())
    except (ValueError, RecursionError) as error:
        raise SourceUnavailable(
            f"{answer.url}: it answered what is not JSON ({error})", "try again later"
        ) from error
    if not isinstance(entries, list):
        raise SourceError(
            f"{answer.url}: it answered no list of papers", "check the address of the source"
        )
    return entries
