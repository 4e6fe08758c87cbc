"""arXiv's API (https://info.arxiv.org/help/api/user-manual.html): categories, by last change.

Asked by day of last change, oldest first, so that new papers and new versions turn up alike, and
a change between two pages moves a paper to the end, where it is met again, never past us. The
terms of use ask for one request in three seconds.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from extract.readers import arxiv, arxiv_atom
from extract.sources.access import Access
from extract.sources.base import Window
from extract.sources.http import Answer, Client
from graph.errors import RecordError, SourceError, SourceUnavailable, UsageError
from graph.model import Paper

URL: Final = "https://export.arxiv.org/api/query"
PAUSE: Final = 3.0
PAGE: Final = 500
_DAYS: Final = 7
_MOST: Final = 30_000
"""Entries beyond which arXiv refuses to page."""
_CATEGORY: Final = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?\*?")
_TOTAL: Final = re.compile(r"<(?:\w+:)?totalResults[^>]*>\s*(\d+)")
_ENTRY: Final = re.compile(r"<(?:\w+:)?entry[\s>]")


@dataclass(frozen=True, slots=True)
class ArxivApi:
    """Papers of some categories; its windows are days of last change."""

    categories: tuple[str, ...]
    window: Window | None
    access: Access
    name: str = arxiv.SOURCE

    @classmethod
    def of(cls, what: str, window: Window | None, access: Access) -> "ArxivApi":
        """From an address.

        Raises:
            UsageError: no category, or what is none.
        """
        categories = tuple(what.split("+"))
        for category in categories:
            if not _CATEGORY.fullmatch(category):
                raise UsageError(
                    f"arxiv: {category!r} is no category", "write arxiv:cs.CL or arxiv:cs.CL+cs.CV"
                )
        return cls(categories, window, access)

    def usual(self, today: date) -> Window:
        """The last week."""
        return Window(today - timedelta(days=6), today)

    def windows(self, window: Window) -> Iterator[Window]:
        """Weeks.

        Raises:
            UsageError: the window has no beginning or no end.
        """
        if window.since is None or window.until is None:
            raise UsageError(
                f"arxiv: the window {window} is open, and arXiv pages through no more than"
                f" {_MOST} papers",
                "name its first and last day, or take oai:arxiv:… for all",
            )
        return window.pieces(_DAYS)

    def fetch(self, window: Window) -> Iterator[Paper | RecordError]:
        """The papers that were new or changed on the days of a window; see ``Source.fetch``."""
        with Client(self.name, self.access, pause=PAUSE) as client:
            for piece in self.windows(window):
                yield from self._piece(client, piece)

    def _piece(self, client: Client, piece: Window) -> Iterator[Paper | RecordError]:
        assert piece.since
        assert piece.until
        among = " OR ".join(f"cat:{category}" for category in self.categories)
        days = f"lastUpdatedDate:[{piece.since:%Y%m%d}0000 TO {piece.until:%Y%m%d}2359]"
        start, seen = 0, dict[str, str | None]()
        while True:
            query = {
                "search_query": f"({among}) AND {days}",
                "sortBy": "lastUpdatedDate",
                "sortOrder": "ascending",
                "start": str(start),
                "max_results": str(PAGE),
            }
            total, entries, records = client.get(
                self.access.urls.get(self.name, URL), query, partial(_page, start)
            )
            for record in records:
                if isinstance(record, Paper):
                    if seen.get(record.id, "") == record.version:
                        continue
                    seen[record.id] = record.version
                yield record
            start += entries
            if start >= total:
                return
            if start >= _MOST:
                raise SourceError(
                    f"arxiv: the window {piece} has {total} papers, and arXiv pages through no"
                    f" more than {_MOST}",
                    "take fewer days or categories, or oai:arxiv:…",
                )


def _page(start: int, answer: Answer) -> tuple[int, int, list[Paper | RecordError]]:
    """How many entries there are in all and in this answer, and their papers.

    Raises:
        SourceUnavailable: the answer is cut off, or empty though more must come; arXiv does
            both now and then, and answers in full when asked again.
        SourceError: it is no feed, or says that the request is wrong.
    """
    text = answer.text()
    if not arxiv_atom.recognises(text.lstrip()):
        raise SourceUnavailable(f"{answer.url}: it answered no Atom feed", "try again later")
    counted = _TOTAL.search(text)
    records = list(arxiv_atom.read(io.BytesIO(answer.xml()), "arxiv"))
    entries = len(_ENTRY.findall(text))
    total = int(counted[1]) if counted else start + entries
    refused = next((r for r in records if _code(r) == SourceError.REFUSED), None)
    if refused:
        raise SourceError(f"{answer.url}: {refused}", "mend the request", code=SourceError.REFUSED)
    if any(_code(r) == SourceError.CUT_OFF for r in records):
        raise SourceUnavailable(f"{answer.url}: its answer is cut off", "try again later")
    if not entries and start < total:
        raise SourceUnavailable(
            f"{answer.url}: an empty page, though {total - start} papers must come",
            "try again later",
        )
    return total, entries, records


def _code(record: Paper | RecordError) -> str:
    return record.code if isinstance(record, RecordError) else ""
