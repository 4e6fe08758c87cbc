"""Thirty real days of daily papers as thirty scheduled runs, with faults at random.

    python -m benchmarks.replay --sequences 200 --first 0

A server on the loopback serves the day files of ``../shared/data/hf_daily_papers_api`` for the
days of a clock of its own: on a day itself a part of its papers only and fewer votes, the rest
from the next day on, nothing where there is no file. By the seed it answers 503, cuts the
connection, cuts the JSON, sends damaged gzip. Each morning the scheduler runs a schedule of
``hf-daily:``; a run may die at any record, or fail because the source is down, and is then gone on
with by another scheduler. In the end the canonical export must be that of one ingest of all days,
byte for byte; the counts of every run must add up, and all that was added be there; and each day
may have been answered in full only as often as a run had to read it: once for each run, or attempt
at one, from whose watermark less the overlap it follows. A stand-in for the pipeline takes words
with capitals for models: reading is not what is measured.
"""

import argparse
import gzip
import json
import os
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.schedules.book import Book
from api.schedules.schedule import Schedule
from api.schedules.scheduler import Scheduler
from extract.readers import read
from graph.errors import RecordError
from graph.export.jsonl import write
from graph.identifiers import sha256
from graph.ingest import Ingest
from graph.model import ExtractedEntity, Extraction, Extractor, Paper, Quote, RunSummary
from graph.ontology import EntityType, Role
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.verify import verify

DAYS = 30
SEQUENCES = 2
FAULTS = 0.25
"""Share of requests that meet a fault."""
DEATHS = 0.15
"""Share of mornings on which a run dies at some record."""
LATE = 0.2
"""Share of a day's papers that are listed a day late."""
OVERLAP_DAYS = 2
NAMES = 3
"""Most models of a paper."""
_DAYS = Path(__file__).parents[2] / "shared" / "data" / "hf_daily_papers_api"
_NAME = re.compile(r"\b[A-Z]\w*[A-Z0-9]\w*\b")
_SCHEDULE = "replay"


class Died(BaseException):
    """The process of a run dies; nothing in it is asked what to do."""


@dataclass
class Capitals:
    """A stand-in for the pipeline: every word with two capitals is a model that is used."""

    extractor: Extractor = field(default_factory=lambda: Extractor("capitals", "1"))
    dies_after: int | None = None
    _read: dict[tuple[str, str], Extraction] = field(default_factory=dict)

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            if self.dies_after is not None:
                self.dies_after -= 1
                if self.dies_after < 0:
                    self.dies_after = None
                    raise Died
            found = self._read.get((paper.id, paper.text))
            if found is None:
                found = self._read[paper.id, paper.text] = self._extracted(paper)
            yield found

    def _extracted(self, paper: Paper) -> Extraction:
        quotes: dict[str, list[Quote]] = {}
        for match in _NAME.finditer(paper.text):
            quotes.setdefault(match[0], []).append(Quote.of(paper.text, *match.span()))
        entities = tuple(
            ExtractedEntity(name, EntityType.MODEL, Role.USES, 0.5, tuple(found), found[0])
            for name, found in islice(quotes.items(), NAMES)
        )
        return Extraction(paper.id, paper.title, sha256(paper.text), self.extractor, entities)


class Listing:
    """What the server answers: the days as they stand at its clock, and a fault now and then."""

    def __init__(self, days: dict[str, list[Any]], seed: int) -> None:
        self._days, self._chance, self._seed = days, random.Random(seed), seed
        self.today = ""
        self.whole: Counter[str] = Counter()

    def _entries(self, day: str) -> list[Any]:
        entries = self._days.get(day, []) if day <= self.today else []
        if day < self.today:
            return entries
        early = random.Random(f"{self._seed} {day}")
        return [_with_fewer_votes(entry) for entry in entries if early.random() > LATE]

    def reply(self, day: str) -> tuple[int, dict[str, str], bytes, bool]:
        """Status, headers, body, and whether the connection is cut within the body."""
        body = json.dumps(self._entries(day)).encode()
        if self._chance.random() < FAULTS:
            fault = self._chance.choice(["busy", "cut", "json", "gzip"])
            if fault == "busy":
                return 503, {"Retry-After": "0"}, b"", False
            if fault == "cut":
                return 200, {}, body + b" ", True
            if fault == "json":
                return 200, {}, body[: len(body) // 2], False
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(body, 1)[:-9], False
        self.whole[day] += 1
        return 200, {"Content-Type": "application/json; charset=latin-1"}, body, False


def _with_fewer_votes(entry: Any) -> Any:
    return entry | {"paper": entry["paper"] | {"upvotes": entry["paper"].get("upvotes", 0) // 2}}


class Server:
    """Serves whatever listing it is given, on the loopback."""

    listing: Listing

    @contextmanager
    def serving(self) -> Iterator[str]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                day = parse_qs(urlsplit(self.path).query)["date"][0]
                status, headers, body, cut = server.listing.reply(day)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if cut else body)
                self.close_connection = cut

            def log_message(self, *args: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
            threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
            yield f"http://127.0.0.1:{http.server_port}/"
            http.shutdown()


@dataclass
class Mornings:
    """Runs a schedule every morning, whatever happens, and notes which days had to be read."""

    store: GraphStore
    listing: Listing
    reader: Capitals
    chance: random.Random
    needed: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    died: int = 0
    _now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def every(self, days: list[date]) -> None:
        """All mornings: of those days, and as many after as the overlap needs."""
        first = days[0]
        self._now = _six(first) - timedelta(hours=1)
        made = Schedule(
            _SCHEDULE,
            "hf-daily:",
            "0 6 * * *",
            since=first.isoformat(),
            overlap_days=OVERLAP_DAYS,
            most_failures=1000,
        )
        Book(self.store).add(made.planned(self._now))
        for ahead in range((days[-1] - first).days + 1 + OVERLAP_DAYS):
            self._morning(first + timedelta(ahead))

    def _morning(self, day: date) -> None:
        self.listing.today = day.isoformat()
        self._now = _six(day)
        if self.chance.random() < DEATHS:
            self.reader.dies_after = self.chance.randrange(30)
        while (schedule := Book(self.store).get(_SCHEDULE)).is_due(self._now) or schedule.failures:
            if not schedule.is_due(self._now):  # it failed: its pause passes
                self._now = datetime.fromisoformat(schedule.next_at)
            self._run(schedule, day)

    def _run(self, schedule: Schedule, today: date) -> None:
        since = date.fromisoformat(schedule.since)
        if schedule.watermark:
            since = date.fromisoformat(schedule.watermark) - timedelta(OVERLAP_DAYS)
        for ahead in range((today - since).days + 1):
            self.needed[(since + timedelta(ahead)).isoformat()] += 1
        outcomes: list[RunSummary | Exception] = []
        scheduler = Scheduler(
            self.store,
            self.reader,
            lambda: self._now,
            on_run=lambda _, outcome: outcomes.append(outcome),
        )
        with suppress(Died):
            scheduler.tick()
        self.died += not outcomes
        self.failed += any(isinstance(outcome, Exception) for outcome in outcomes)


def _six(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def exported(store: GraphStore, folder: Path) -> bytes:
    write(store.snapshot(), folder / "export.jsonl")
    return (folder / "export.jsonl").read_bytes()


def once(files: list[Path], reader: Capitals, folder: Path) -> tuple[int, bytes]:
    """One ingest of all days: how many records, and the export."""

    def papers() -> Iterator[Paper | RecordError]:
        for file in files:
            yield from read(str(file))

    with open_store("sqlite:///:memory:") as store:
        run = Ingest(store, reader.extract, reader.extractor, Resolver(), RULESET)(papers())
        assert not run.failed, run.failures
        return run.papers, exported(store, folder)


def sequence(
    seed: int, store: GraphStore, days: dict[str, list[Any]], server: Server, reader: Capitals
) -> Mornings:
    """One sequence of mornings, and what must hold of its runs and requests after it."""
    server.listing = Listing(days, seed)
    mornings = Mornings(store, server.listing, reader, random.Random(seed))
    mornings.every([date.fromisoformat(day) for day in days])
    runs = store.runs(10_000)
    for run in runs:
        assert run.papers == run.added + run.updated + run.unchanged + run.failed, run
        assert not run.failed, run
        assert run.status != "running", run
    assert sum(run.added for run in runs) == store.counts().papers
    more = {d: n for d, n in server.listing.whole.items() if n > mornings.needed[d]}
    assert not more, f"seed {seed}: answered in full more often than read: {more}"
    return mornings


def main(
    sequences: int = SEQUENCES, first: int = 0, seconds: float = float("inf"), store: str = ""
) -> None:
    """Replay sequences of these seeds; after so many seconds, begin no more of them."""
    files = sorted(_DAYS.glob("*.json"))[:DAYS]
    if not files:
        print(f"no day files in {_DAYS}: nothing to replay")
        return
    days = {file.stem: json.loads(file.read_bytes()) for file in files}
    server, reader = Server(), Capitals()
    with tempfile.TemporaryDirectory() as at, server.serving() as url:
        folder = Path(at)
        records, wanted = once(files, reader, folder)
        settings = {"HF_DAILY": url, "PAUSE": "0", "BACKOFF": "0.001", "ATTEMPTS": "3"}
        os.environ.update({f"PAPERGRAPH_SOURCE_{n}": v for n, v in settings.items()})
        begun, whole, runs, failed, died = time.monotonic(), 0, 0, 0, 0
        for seed in range(first, first + sequences):
            if time.monotonic() - begun > seconds:
                sequences = seed - first
                break
            with open_store(store or "sqlite:///:memory:") as opened:
                done = sequence(seed, opened, days, server, reader)
                assert exported(opened, folder) == wanted, f"seed {seed}: another graph"
                if seed == first:
                    assert not list(verify(opened))
                runs += len(opened.runs(10_000))
            whole += sum(server.listing.whole.values())
            failed, died = failed + done.failed, died + done.died
        each = (time.monotonic() - begun) / sequences
    print(
        f"sequences {first} to {first + sequences - 1} of {len(files)} days, {records} records:"
        f" {runs} runs, {failed} failed, {died} died; every export is byte-identical to one ingest"
        f" of all, all counts add up; {whole} whole answers, no day read more often than it had"
        f" to be; {each:.1f} s a sequence"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--store", default="", help="URL of an empty store, for one")
    main(**vars(parser.parse_args()))
