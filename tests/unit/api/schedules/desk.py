"""A store, a clock that is moved by hand, and a scheduler over both."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.schedules.book import Book
from api.schedules.schedule import Schedule
from api.schedules.scheduler import Scheduler
from graph.model import Extraction, Extractor, Paper
from graph.stores.base import GraphStore

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Blank:
    """A pipeline that finds nothing: what is tested here is when and what is read."""

    extractor = Extractor("blank", "1")

    def __init__(self) -> None:
        self.read: list[str] = []

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            self.read.append(paper.id)
            yield Extraction(paper.id, paper.title, paper.text_sha256, self.extractor)


class Through:
    """Whatever pipeline a desk has at the moment."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    @property
    def extractor(self) -> Extractor:
        return self._desk.pipeline.extractor

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        return self._desk.pipeline.extract(papers)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Desk:
    """A store, a clock, a scheduler and a file to read."""

    store: GraphStore
    file: Path
    clock: Clock = field(default_factory=Clock)
    pipeline: Blank = field(default_factory=Blank)

    def __post_init__(self) -> None:
        self.book = Book(self.store)
        self.scheduler = Scheduler(self.store, Through(self), self.clock)
        self.write("p1")

    def write(self, *ids: str, title: str = "A title") -> None:
        lines = (json.dumps({"id": id, "title": title, "abstract": "Text."}) for id in ids)
        self.file.write_text("".join(f"{line}\n" for line in lines))

    def add(self, cron: str = "0 6 * * *", source: str = "", **fields: Any) -> Schedule:
        made = Schedule("daily", source or str(self.file), cron, **fields).planned(self.clock())
        self.book.add(made)
        return made

    @property
    def schedule(self) -> Schedule:
        return self.book.get("daily")

    def until_due(self) -> None:
        self.clock.time = datetime.fromisoformat(self.schedule.next_at)
