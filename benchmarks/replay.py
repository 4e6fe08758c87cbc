"""Thirty real days of daily papers as thirty runs, the network failing at random.

python -m benchmarks replay

A server on the loopback serves the day files of ``../shared/data/hf_daily_papers_api`` and, by
the seed, answers 503, cuts the connection, cuts the JSON, sends damaged gzip. Each day a run
fetches that day and the one before; some runs are broken off in the middle and begun again. In
the end the canonical export must be that of one ingest of all days, byte for byte; the counts of
every run must add up; no day may have been answered in full more often than it was asked for. A
stand-in for the pipeline takes capitalised words for models: reading is not what is measured.
"""

import gzip
import json
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from extract.readers import read
from extract.sources import Access, Source, Window, open_source
from graph.errors import RecordError
from graph.export.jsonl import write
from graph.identifiers import sha256
from graph.ingest import Ingest
from graph.model import ExtractedEntity, Extraction, Extractor, Paper, Quote, RunSummary
from graph.ontology import EntityType, Role
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.stores.base import GraphStore

DAYS = 30
SEQUENCES = 20
BATCH = 20
FAULTS = 0.3
"""Share of requests that meet a fault."""
BROKEN_OFF = 0.2
"""Share of runs that are broken off once."""
_DAYS = Path(__file__).parents[2] / "shared" / "data" / "hf_daily_papers_api"
_NAME = re.compile(r"\b[A-Z]\w*[A-Z0-9]\w*\b")
_EXTRACTOR = Extractor("capitals", "1")


def extract(papers: Iterable[Paper]) -> Iterator[Extraction]:
    """A stand-in for the pipeline: every word with two capitals is a model that is used."""
    for paper in papers:
        quotes: dict[str, list[Quote]] = {}
        for match in _NAME.finditer(paper.text):
            quotes.setdefault(match[0], []).append(Quote.of(paper.text, *match.span()))
        entities = tuple(
            ExtractedEntity(name, EntityType.MODEL, Role.USES, 0.5, tuple(found), found[0])
            for name, found in quotes.items()
        )
        yield Extraction(paper.id, paper.title, sha256(paper.text), _EXTRACTOR, entities)


class Faults:
    """What a server answers: bodies by day, and a fault now and then by the seed."""

    def __init__(self, bodies: dict[str, bytes], seed: int) -> None:
        self.random, self.bodies = random.Random(seed), bodies
        self.whole: Counter[str] = Counter()

    def reply(self, day: str) -> tuple[int, dict[str, str], bytes, bool]:
        """Status, headers, body, and whether the connection is cut within the body."""
        body = self.bodies[day]
        if self.random.random() < FAULTS:
            fault = self.random.choice(["busy", "cut", "json", "gzip"])
            if fault == "busy":
                return 503, {"Retry-After": "0"}, b"", False
            if fault == "cut":
                return 200, {}, body, True
            if fault == "json":
                return 200, {}, body[: len(body) // 2], False
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(body, 1)[:-20], False
        self.whole[day] += 1
        return 200, {"Content-Type": "application/json; charset=latin-1"}, body, False


@contextmanager
def serving(faults: Faults) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            day = parse_qs(urlsplit(self.path).query)["date"][0]
            status, headers, body, cut = faults.reply(day)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = cut

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def ingest(store: GraphStore, papers: Iterable[Paper | RecordError]) -> RunSummary:
    run = Ingest(store, extract, _EXTRACTOR, Resolver(), RULESET, BATCH)(papers)
    assert run.papers == run.added + run.updated + run.unchanged + run.failed
    return run


def exported(store: GraphStore, folder: Path) -> bytes:
    write(store.snapshot(), folder / "export.jsonl")
    return (folder / "export.jsonl").read_bytes()


def replay(
    store: GraphStore, source: Source, days: list[str], chance: random.Random
) -> Counter[str]:
    """One run a day over that day and the one before; how often each day was asked for."""
    asked: Counter[str] = Counter()
    for number in range(len(days)):
        listed = days[max(0, number - 1) : number + 1]

        def papers(listed: list[str] = listed) -> Iterator[Paper | RecordError]:
            for each in listed:
                asked[each] += 1
                yield from source.fetch(Window(date.fromisoformat(each), date.fromisoformat(each)))

        if chance.random() < BROKEN_OFF:
            with suppress(BrokenOff):
                ingest(store, broken_off(papers(), chance.randrange(60)))
        run = ingest(store, papers())
        assert not run.failed, run.failures
    return asked


class BrokenOff(Exception):
    """A run is broken off."""


def broken_off(papers: Iterator[Paper | RecordError], after: int) -> Iterator[Paper | RecordError]:
    for number, paper in enumerate(papers):
        if number == after:
            raise BrokenOff
        yield paper


def main(sequences: int = SEQUENCES) -> None:
    files = sorted(_DAYS.glob("*.json"))[:DAYS]
    if not files:
        print(f"no day files in {_DAYS}: nothing to replay")
        return
    bodies = {file.stem: file.read_bytes() for file in files}
    assert all(isinstance(json.loads(body), list) for body in bodies.values())
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        with open_store(f"sqlite:///{folder}/once.db") as store:
            once = ingest(store, (paper for file in files for paper in read(str(file))))
            wanted = exported(store, folder)
        begun, requests = time.monotonic(), 0
        for seed in range(sequences):
            faults = Faults(bodies, seed)
            with (
                serving(faults) as url,
                open_store(f"sqlite:///{folder}/{seed}.db") as store,
            ):
                access = Access(urls={"hf-daily": url}, pause=0, backoff=0.001, attempts=30)
                source = open_source("hf-daily:", access)
                asked = replay(store, source, list(bodies), random.Random(seed))
                assert exported(store, folder) == wanted, f"seed {seed}: another graph"
            more = {day: n for day, n in faults.whole.items() if n > asked[day]}
            assert not more, f"seed {seed}: fetched more often than needed: {more}"
            requests += sum(faults.whole.values())
        seconds = time.monotonic() - begun
    print(
        f"{sequences} sequences of {len(files)} days, {once.papers} records: every export is"
        f" byte-identical to one ingest of all; {requests} whole answers, none more than asked"
        f" for; {seconds / sequences:.1f} s a sequence"
    )


if __name__ == "__main__":
    main()
