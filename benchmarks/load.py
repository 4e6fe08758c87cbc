"""Speed of a store: a bulk load, loads, ingests, "papers that use X", readers beside a writer.

    python -m benchmarks.load --store sqlite:///bench.db --papers 100000

Papers have eight claims each, on entities whose use follows Zipf's law; abstracts have about 900
characters. The store must be empty; by default it is a file that is thrown away. Beside the time
stands that of the processor: on a machine that others use it says more.
"""

import argparse
import gc
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from graph.ingest import Ingest
from graph.model import (
    ExtractedEntity,
    Extraction,
    Extractor,
    Identity,
    Paper,
    Quote,
    ResolvedPaper,
)
from graph.ontology import EntityType, Role
from graph.resolution import Resolver
from graph.stores import open_store
from graph.stores.base import EntityCondition, GraphStore, PaperCondition, PaperOrder, Window

CLAIMS = 8
BATCH = 2000
LARGE = 100_000
EXTRACTOR = Extractor("benchmark", "1")
WORDS = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in ("n", "rt", "st", "m")]


def corpus(papers: int, entities: int) -> Iterator[ResolvedPaper]:
    """Papers made up, the same in every run."""
    random.seed(7)
    weights = [1 / (rank + 1) for rank in range(entities)]
    names = range(entities)
    for number in range(papers):
        drawn = sorted(set(random.choices(names, weights, k=CLAIMS + 3)))[:CLAIMS]
        yield paper(number, drawn)


def paper(number: int, drawn: list[int]) -> ResolvedPaper:
    title = f"Paper {number} on {random.choice(WORDS)} {random.choice(WORDS)}"
    text, entities, identities = f"{title}\n", [], []
    for entity in drawn:
        name = f"Model-{entity}"
        start = len(text)
        text += f"We use {name} with {' '.join(random.choices(WORDS, k=16))}. "
        mention = Quote(start + 7, start + 7 + len(name), name)
        entities.append(
            ExtractedEntity(
                name,
                EntityType.MODEL,
                random.choice((Role.USES, Role.USES, Role.COMPARES_WITH, Role.MENTIONS)),
                round(random.random(), 3),
                (mention,),
                Quote.of(text, start, len(text) - 1),
            )
        )
        identities.append(Identity(f"model{entity}"))
    made = Paper(
        f"{number:07}",
        title,
        text[len(title) + 1 :],
        date(2010, 1, 1) + timedelta(number % 5000),
        sources=("bench",),
    )
    extraction = Extraction(made.id, title, made.text_sha256, EXTRACTOR, tuple(entities))
    return ResolvedPaper(made, extraction, tuple(identities))


@dataclass
class Taken:
    """What something took, in seconds: by the clock, and of the processor."""

    wall: float
    cpu: float

    def per_second(self, things: int) -> str:
        return f"{things / self.wall:,.0f} a second ({things / self.cpu:,.0f} of the processor's)"

    def times_faster_than(self, other: "Taken") -> str:
        return f"{other.wall / self.wall:.1f} times as fast ({other.cpu / self.cpu:.1f})"


def timed(work: Callable[[], object]) -> Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def batches(papers: int, entities: int) -> Iterator[list[ResolvedPaper]]:
    """Made while nothing is timed, and given up after: a corpus in memory slows its collector."""
    made = corpus(papers, entities)
    while batch := list(islice(made, BATCH)):
        gc.collect()
        gc.freeze()
        yield batch
        gc.unfreeze()


def over(work: Callable[[list[ResolvedPaper]], object], papers: int, entities: int) -> Taken:
    """What work on each batch took together."""
    taken = Taken(0, 0)
    for batch in batches(papers, entities):
        spent = timed(lambda batch=batch: work(batch))  # type: ignore[misc]
        taken = Taken(taken.wall + spent.wall, taken.cpu + spent.cpu)
    return taken


def main(store: str = "", papers: int = 20_000, entities: int = 60_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(store or f"sqlite:///{folder}/bench.db", papers, entities)
        if not store:
            by_batch(f"sqlite:///{folder}/batches.db", papers, entities)
            beside_a_writer(f"sqlite:///{folder}/bench.db", papers)
            at_scale(f"sqlite:///{folder}/large.db", LARGE, entities)


def measure(url: str, papers: int, entities: int) -> None:
    with open_store(url) as store:
        first = bulk(store, papers, entities)
        claims = store.counts().claims
        print(f"bulk load: {claims} claims in {first.wall:.1f} s, {first.per_second(claims)}")
        again = over(lambda batch: ingest(store, batch), papers, entities)
        print(f"ingest of the same: {again.wall:.1f} s, {again.times_faster_than(first)}")
        again = over(store.load, papers, entities)
        print(f"load of the same: {again.wall:.1f} s, {again.times_faster_than(first)}")
        questions(store)


def at_scale(url: str, papers: int, entities: int) -> None:
    with open_store(url) as store:
        taken = bulk(store, papers, entities)
        claims = store.counts().claims
        print(f"bulk load: {claims} claims in {taken.wall:.1f} s, {taken.per_second(claims)}")
        questions(store)


def questions(store: GraphStore) -> None:
    for label, asked in (("any entity", range(0, 3000, 10)), ("the hub", [0] * 100)):
        p50, p95 = latencies(store, asked)
        print(f"papers that use {label}, 20 and total: p50 {p50:.2f} ms, p95 {p95:.2f} ms")


def bulk(store: GraphStore, papers: int, entities: int) -> Taken:
    with store.bulk() as load:
        taken = over(load, papers, entities)
        started = Taken(time.perf_counter(), time.process_time())
    return Taken(
        taken.wall + time.perf_counter() - started.wall,
        taken.cpu + time.process_time() - started.cpu,
    )


def ingest(store: GraphStore, batch: Sequence[ResolvedPaper]) -> None:
    """As ``papergraph ingest`` does, of papers that are all known."""

    def extract(papers: Iterable[Paper]) -> Iterator[Extraction]:
        raise AssertionError(f"{papers} are not known")

    run = Ingest(store, extract, EXTRACTOR, Resolver(), ruleset="")
    assert run([resolved.paper for resolved in batch]).unchanged == len(batch)


def latencies(store: GraphStore, asked: Iterable[int]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds, of questions about entities."""
    times = []
    for entity in asked:
        started = time.perf_counter()
        uses = EntityCondition(Role.USES, frozenset({f"model{entity}"}))
        condition = PaperCondition((uses,))
        store.papers(condition, PaperOrder.PUBLISHED_AT, True, Window(20))
        store.count_papers(condition)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def by_batch(url: str, papers: int, entities: int) -> None:
    with open_store(url) as store:
        taken = over(store.load, papers, entities)
        claims = store.counts().claims
    print(f"load by batch: {claims} claims in {taken.wall:.1f} s, {taken.per_second(claims)}")


def beside_a_writer(url: str, papers: int, seconds: float = 8) -> None:
    """The same questions while another process loads batches of 500 papers without a pause."""
    entities = [rank for rank in range(0, 3000, 10) for _ in range(2)]
    with open_store(url) as store:
        _, quiet = latencies(store, entities)
        writer = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", "--write", url, "--papers", str(papers)],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout
        writer.stdout.readline()  # it has loaded one
        before, until = store.counts().papers, time.monotonic() + seconds
        busy = []
        while time.monotonic() < until:
            busy.append(latencies(store, entities)[1])
        loaded = store.counts().papers - before
        writer.kill()
        writer.wait()
    p95 = statistics.median(busy)
    print(
        f"beside a writer ({loaded / seconds:,.0f} papers a second): p95 {p95:.2f} ms,"
        f" {p95 / quiet:.1f} times the quiet {quiet:.2f} ms; no error"
    )


def write(url: str, papers: int) -> None:
    """Load new papers until killed."""
    random.seed(papers)
    with open_store(url) as store:
        while True:
            batch = [paper(papers + i, random.sample(range(2000), CLAIMS)) for i in range(500)]
            papers += len(batch)
            store.load(batch)
            print(papers, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="")
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--entities", type=int, default=60_000)
    parser.add_argument("--write", default="", help=argparse.SUPPRESS)
    chosen = vars(parser.parse_args())
    if url := chosen.pop("write"):
        write(url, chosen["papers"])
    else:
        main(**chosen)
