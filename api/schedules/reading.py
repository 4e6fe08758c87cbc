"""What a scheduled run reads: of a source over the network, what is new since the watermark."""

from collections.abc import Iterator
from datetime import date, timedelta

from api.schedules.schedule import Schedule
from api.services.ingest import as_typed
from extract.sources import Source, Window, is_address, open_source, read
from graph.errors import RecordError
from graph.model import Paper


class Reading:
    """The records of one run, piece by piece, and how far they have come.

    Files are read whole every time: what is known is recognised by its content, which is cheap.

    Attributes:
        source: what is read, as ``papergraph ingest`` takes it, the days included.
        since: day of the first record, empty where there is no such day.
        done: the watermark after all pieces of which every record was given *and* asked past;
            empty before the first. One that lies in the future, where a clock was ahead, comes
            back to today: what was listed since must not count as read.
    """

    def __init__(self, schedule: Schedule, today: date) -> None:
        self.since = ""
        self.done = min(schedule.watermark, today.isoformat())
        self._address = schedule.source
        self.source = as_typed(schedule.source)
        self._today = today
        self._network: Source | None = None
        if is_address(schedule.source):
            self._network = open_source(schedule.source)
            if self._network.window is None:
                self._window = _window(schedule, self._network, today)
                self.since = self._window.since.isoformat() if self._window.since else ""
                self.source = as_typed(f"{schedule.source}@{self._window}")
            else:
                self._window = self._network.window

    def records(self) -> Iterator[Paper | RecordError]:
        """All records, the oldest piece first."""
        if self._network is None:
            yield from read(self._address)
            self._read_until(self._today)
            return
        for piece in self._network.windows(self._window):
            yield from self._network.fetch(piece)
            self._read_until(min(piece.until or self._today, self._today))

    def _read_until(self, day: date) -> None:
        self.done = max(self.done, day.isoformat())


def _window(schedule: Schedule, source: Source, today: date) -> Window:
    """From the overlap before the watermark to today; a watermark in the future counts as today."""
    if not schedule.watermark:
        first = schedule.since
        return Window(date.fromisoformat(first), today) if first else source.usual(today)
    mark = min(date.fromisoformat(schedule.watermark), today)
    return Window(mark - timedelta(days=schedule.overlap_days), today)
