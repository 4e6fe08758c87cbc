"""Speed of a store: first load, load of the same again, and "papers that use X".

    python -m benchmarks.load --store sqlite:///bench.db --papers 100000

Papers have eight claims each, on entities whose use follows Zipf's law; abstracts have about 900
characters. The store must be empty; by default it is a file that is thrown away.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

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
from graph.stores import open_store
from graph.stores.base import EntityCondition, GraphStore, PaperCondition, PaperOrder, Window

CLAIMS = 8
BATCH = 2000
EXTRACTOR = Extractor("benchmark", "1")
WORDS = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in ("n", "rt", "st", "m")]


def corpus(papers: int, entities: int) -> Iterator[ResolvedPaper]:
    """Papers made up, the same in every run."""
    random.seed(7)
    weights = list(accumulate(1 / (rank + 1) for rank in range(entities)))
    names = range(entities)
    for number in range(papers):
        drawn = sorted(set(random.choices(names, cum_weights=weights, k=CLAIMS + 3)))[:CLAIMS]
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


def load(store: GraphStore, batches: list[list[ResolvedPaper]]) -> tuple[float, int]:
    """Seconds and claims."""
    started, claims = time.perf_counter(), 0
    for batch in batches:
        claims += store.load(batch).claims
    return time.perf_counter() - started, claims


def main(store: str = "", papers: int = 20_000, entities: int = 60_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(store or f"sqlite:///{folder}/bench.db", papers, entities)


def measure(url: str, papers: int, entities: int) -> None:
    made = list(corpus(papers, entities))
    batches = [made[start : start + BATCH] for start in range(0, len(made), BATCH)]
    with open_store(url) as store:
        seconds, claims = load(store, batches)
        print(f"first load: {claims} claims in {seconds:.1f} s, {claims / seconds:,.0f} a second")
        again, _ = load(store, batches)
        print(f"the same again: {again:.1f} s, {seconds / again:.1f} times as fast")
        for label, asked in (("any entity", range(0, 3000, 10)), ("the hub", [0] * 100)):
            times = []
            for entity in asked:
                started = time.perf_counter()
                uses = EntityCondition(Role.USES, frozenset({f"model{entity}"}))
                condition = PaperCondition((uses,))
                store.papers(condition, PaperOrder.PUBLISHED_AT, True, Window(20))
                store.count_papers(condition)
                times.append((time.perf_counter() - started) * 1000)
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(f"papers that use {label}, 20 and total: p50 {p50:.2f} ms, p95 {p95:.2f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="")
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--entities", type=int, default=60_000)
    main(**vars(parser.parse_args()))
