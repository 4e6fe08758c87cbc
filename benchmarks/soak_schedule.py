"""A schedule every few seconds: memory, open files, sockets and threads while it runs.

    python -m benchmarks.soak_schedule --minutes 60 --every 4

Two schedulers share one store. Their clock is fast: a day of it lasts a few seconds, so that
``0 6 * * *`` in Berlin is due every few seconds and passes its changes of the clock too. A server
on the loopback lists three of ninety papers a day, under a title of their own for the day, one of
them only when asked a second time; it answers one request in twenty with 503, and so does the
webhook. So the store stays small, and what grows is what leaks. In the end every paper listed must
be in the store once, as it was listed last, and each run's counts must add up. The first tenth of
the time is for warming up.
"""

import argparse
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.schedules.book import Book
from api.schedules.schedule import Schedule
from api.schedules.scheduler import Scheduler
from extract.deferred import DeferredPipeline
from graph.stores import open_store
from graph.stores.base import GraphStore

FAULTS = 0.05
PAPERS = 90
OVERLAP_DAYS = 2
SAMPLES = 120
_MODELS = ("LatticeNet", "OrbitFormer", "TideLM", "MossDiffusion", "Kelp-7B")
_DATA = ("ImageNet", "MS COCO", "WikiText-103", "GSM8K", "LibriSpeech")


class FastClock:
    """A clock that goes so many times as fast as the wall's."""

    def __init__(self, factor: float) -> None:
        self._factor, self._begun = factor, time.monotonic()
        self._start = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._begun) * self._factor)


class Listing:
    """What the server lists: three papers a day, the third only when asked for again."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self._lock = threading.Lock()

    def day(self, day: str) -> list[dict[str, Any]]:
        with self._lock:
            self.asked[day] = times = self.asked.get(day, 0) + 1
        papers = [self._paper(day, n) for n in range(2 if times < 2 else 3)]
        return [{"paper": paper, "title": paper["title"]} for paper in papers]

    def last(self, before: str) -> dict[str, str]:
        """Titles under which papers were listed last, of those settled before a day."""
        settled = sorted(day for day, times in self.asked.items() if day < before and times > 1)
        return {
            p["id"]: p["title"] for day in settled for p in (self._paper(day, n) for n in range(3))
        }

    def _paper(self, day: str, n: int) -> dict[str, Any]:
        number = date.fromisoformat(day).toordinal()
        model, other = (_MODELS[(number + n + i) % len(_MODELS)] for i in (0, 2))
        return {
            "id": f"2601.{(3 * number + n) % PAPERS:05}",
            "title": f"{model} at Work on {day}",
            "summary": f"We propose {model}, which is trained on {_DATA[number % len(_DATA)]}. It "
            f"uses {other} as its backbone and outperforms it by {number % 9 + 1} points.",
        }


@contextmanager
def serving(listing: Listing, told: list[int]) -> Iterator[str]:
    """The source and the webhook."""
    chance = random.Random(7)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            day = parse_qs(urlsplit(self.path).query)["date"][0]
            self._answer(lambda: json.dumps(listing.day(day)).encode())

        def do_POST(self) -> None:
            told.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(lambda: b"")

        def _answer(self, body: Any) -> None:
            down = chance.random() < FAULTS
            answer = b"" if down else body()
            self.send_response(503 if down else 200)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass(frozen=True)
class Sample:
    """What this process holds at a moment; memory of its own in MiB, without mapped files."""

    minute: float
    memory: float
    files: int
    sockets: int
    threads: int

    @classmethod
    def now(cls, begun: float) -> "Sample":
        status = Path("/proc/self/status").read_text()
        kib = int(status.partition("RssAnon:")[2].split()[0])
        targets = []
        for link in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):  # the one that lists, and what was closed since
                targets.append(str(link.readlink()))
        sockets = sum(target.startswith("socket:") for target in targets)
        return cls(
            (time.monotonic() - begun) / 60,
            kib / 1024,
            len(targets) - sockets,
            sockets,
            threading.active_count(),
        )

    def __str__(self) -> str:
        return (
            f"minute {self.minute:5.1f}: {self.memory:6.1f} MiB, {self.files} files, "
            f"{self.sockets} sockets, {self.threads} threads"
        )


def main(minutes: float = 1.0, every: float = 2.0, store: str = "") -> None:
    clock, listing = FastClock(86_400 / every), Listing()
    told: list[int] = []
    reader = DeferredPipeline("default")
    samples: list[Sample] = []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = store or f"sqlite:///{folder}/soak.db"
        url = stack.enter_context(serving(listing, told))
        os.environ |= {
            "PAPERGRAPH_SOURCE_HF_DAILY": url,
            "PAPERGRAPH_SOURCE_PAUSE": "0",
            "SOAK_SECRET": "a secret",
        }
        opened = [stack.enter_context(open_store(address)) for _ in range(2)]
        schedule = Schedule(
            "soak", "hf-daily:", "0 6 * * *", "Europe/Berlin",
            overlap_days=OVERLAP_DAYS,
            webhook=url, secret_env="SOAK_SECRET", most_failures=1_000_000,
        )  # fmt: skip
        Book(opened[0]).add(schedule.planned(clock()))
        schedulers = [Scheduler(each, reader, clock, term_s=60 * 86_400 / every) for each in opened]
        threads = [threading.Thread(target=s.serve, args=(every / 20,)) for s in schedulers]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for number in range(SAMPLES):
            time.sleep(max(0.0, begun + minutes * 60 * (number + 1) / SAMPLES - time.monotonic()))
            samples.append(Sample.now(begun))
            if number % (SAMPLES // 12) == 0:
                print(samples[-1], flush=True)
        for each in schedulers:
            each.stop()
        for thread in threads:
            thread.join()
        papers = check(opened[0], listing)
        runs = opened[0].runs(1_000_000)
    finished = [run for run in runs if run.status == "finished"]
    print(
        f"{len(runs)} runs by two schedulers, {len(finished)} finished;"
        f" {papers} papers, {sum(run.updated for run in runs)} changes picked up,"
        f" webhook told {len(told)} times"
    )
    report(samples)


def check(store: GraphStore, listing: Listing) -> int:
    """Nothing is missing, nothing is there twice, all counts add up; how many papers there are."""
    runs = store.runs(1_000_000)
    for run in runs:
        assert run.papers == run.added + run.updated + run.unchanged + run.failed, run
    there = store.counts().papers
    assert sum(run.added for run in runs) == there
    watermark = Book(store).get("soak").watermark
    settled = date.fromisoformat(watermark) - timedelta(days=OVERLAP_DAYS)
    wanted = listing.last(settled.isoformat())
    # What was listed since may have replaced a title; a day later than the watermark may not.
    got = {id: paper.title for id, paper in store.papers_by_id(wanted).items()}
    wrong = {
        id: (wanted[id], got.get(id)) for id in wanted if got.get(id, "")[-10:] < wanted[id][-10:]
    }
    assert not wrong, f"not as listed last: {wrong}"
    return there


def report(samples: list[Sample]) -> None:
    """How much more of everything there is at the end than after warming up."""
    warm = samples[len(samples) // 10 :]
    tail = max(1, len(warm) // 4)
    first, last = warm[:tail], warm[-tail:]
    for what in ("memory", "files", "sockets", "threads"):
        before, after = (
            sorted(getattr(s, what) for s in part)[tail // 2] for part in (first, last)
        )
        most = max(getattr(s, what) for s in warm)
        print(f"{what}: {before:.6g} after warming up, {after:.6g} in the end, {most:.6g} at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds")
    parser.add_argument("--store", default="", help="URL; by default a file that is thrown away")
    main(**vars(parser.parse_args()))
