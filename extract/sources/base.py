"""What every source over the network is: a stream of papers, cut into windows of days.

* A **window** is a stretch of days in UTC, both ends included, in the *source's* time: the day
  on which it listed, announced or last changed a record (not the day of publication). A record
  that the source changes turns up again in the window of the day of the change.
* ``windows`` cuts a stretch into the pieces that the source fetches on their own, oldest first.
  A piece is what can be taken up again: a run that was cut off fetches the piece it was in once
  more and nothing before it.
* A **watermark** is ``window.until`` of the last piece that was fetched *and* loaded whole. The
  source keeps none; whoever runs it does. The next run asks for
  ``Window(watermark - overlap, today)``; an overlap of a day or more is needed because today is
  not over, and because sources list late.
* Giving a record twice is allowed everywhere: what is stored already is found unchanged.

A paper of a source names it in ``Paper.sources``. One with ``withdrawn`` set has no record at
that source any more (deleted, or retracted by its authors): loading it takes that source's
record out of the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from graph.errors import RecordError
from graph.model import Paper


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``since`` to ``until``, both included; None leaves an end open."""

    since: date | None = None
    until: date | None = None

    def pieces(self, days: int) -> "Iterator[Window]":
        """The window in stretches of so many days, oldest first; an open one stays whole."""
        if self.since is None or self.until is None:
            yield self
            return
        last = (self.until - self.since).days  # counted, for there is no day after the last of all
        for first in range(0, last + 1, days):
            yield Window(
                self.since + timedelta(first), self.since + timedelta(min(first + days - 1, last))
            )

    def __str__(self) -> str:
        """As in an address: ``2026-10-01..2026-10-31``, or one day."""
        if self.since == self.until and self.since:
            return self.since.isoformat()
        return f"{self.since or ''}..{self.until or ''}"


class Source(Protocol):
    """A source over the network."""

    @property
    def name(self) -> str:
        """What its papers name as their source, for example ``hf-daily``."""
        ...

    @property
    def window(self) -> Window | None:
        """The window that its address names, if it does."""
        ...

    def usual(self, today: date) -> Window:
        """What is fetched where nobody names a window: the newest there is."""
        ...

    def windows(self, window: Window) -> Iterator[Window]:
        """The window in the pieces that are fetched on their own, oldest first."""
        ...

    def fetch(self, window: Window) -> Iterator[Paper | RecordError]:
        """The records of a window; lazily, one answer in memory at a time.

        Yields:
            Papers, and in the place of each record that cannot be used why not.

        Raises:
            SourceUnavailable: it does not answer, or not in full, however often asked: trying
                later may help. What was given before is right.
            SourceError: it refuses the request, or answers what is none of its formats.
        """
        ...
