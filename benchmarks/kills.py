"""Crashes: an ingest is killed with -9 twenty times and finished after; nothing lost or doubled.

    python -m benchmarks.kills --store bolt://localhost:7687 --kills 20

After each kill the store is opened, verified, and compared with what was acknowledged: every such
batch must be there whole, and none in part. In the end the ingest runs through, and the store must
hold the same bytes as one that was never disturbed. A SQLite store is also killed in bulk loads,
after which it must be empty. The store must be empty; by default it is a file thrown away.
"""

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator

from benchmarks.load import EXTRACTOR, corpus
from graph.export.jsonl import line
from graph.ingest import Ingest
from graph.model import Extraction, Paper, ResolvedPaper
from graph.stores import open_store
from graph.stores.base import GraphStore, PaperCondition, PaperOrder, Window
from graph.verify import verify

PAPERS, ENTITIES, BATCH = 1200, 400, 40
MOST_ACKNOWLEDGED = 6
LONGEST_WAIT_S = 0.1
BULK_KILLS = 5
CHANCE = random.Random(20)  # its own: making the corpus seeds the common one anew


def main(store: str = "", kills: int = 20) -> None:
    wanted = undisturbed()
    with tempfile.TemporaryDirectory() as folder:
        if not store:
            for number in range(BULK_KILLS):
                in_a_bulk_load(f"sqlite:///{folder}/bulk{number}.db")
            print(f"{BULK_KILLS} kills in a bulk load: the store was sound and empty each time")
        url = store or f"sqlite:///{folder}/kills.db"
        held = [0]
        for _ in range(kills):
            held.append(in_an_ingest(url, held[-1]))
        with open_store(url) as finished:
            ingest(finished, announce=False)
            assert list(verify(finished)) == []
            assert digest(finished) == wanted, "not the bytes of an undisturbed load"
    print(
        f"{kills} kills in an ingest of {PAPERS} papers by {BATCH}: every acknowledged batch whole,"
        " none in part, and in the end the bytes of an undisturbed load"
        f" (batches held after each kill: {', '.join(map(str, held[1:]))})"
    )


def in_an_ingest(url: str, held: int) -> int:
    """Kill an ingest behind the batches held; returns how many the store holds then."""
    acknowledged = killed("ingest", url, min(held + CHANCE.randint(0, 1), PAPERS // BATCH - 1))
    with open_store(url) as store:
        findings = list(verify(store))
        found = {paper.id for paper in everything(store)}
    assert not findings, findings
    batches = [{r.paper.id for r in batch} for batch in made()]
    parts = [number for number, ids in enumerate(batches) if found & ids and not ids <= found]
    assert not parts, f"batches in part: {parts}"
    lost = [number for number in range(acknowledged) if not batches[number] <= found]
    assert not lost, f"batches acknowledged and lost: {lost}"
    return len(found) // BATCH


def in_a_bulk_load(url: str) -> None:
    killed("bulk", url, CHANCE.randint(1, MOST_ACKNOWLEDGED))
    with open_store(url) as store:
        assert list(verify(store)) == []
        assert store.counts().papers == 0


def killed(how: str, url: str, acknowledgements: int) -> int:
    """Kill a process at some moment after so many acknowledgements; returns how many there were."""
    command = [sys.executable, "-m", "benchmarks.kills", "--how", how, "--store", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        heard = sum(bool(process.stdout.readline()) for _ in range(acknowledgements + 1))
        time.sleep(CHANCE.random() * LONGEST_WAIT_S)
        process.kill()
        heard += len(process.stdout.readlines())
    return heard - 1  # the first line says that it has begun


def made() -> Iterator[list[ResolvedPaper]]:
    papers = list(corpus(PAPERS, ENTITIES))
    return (papers[start : start + BATCH] for start in range(0, PAPERS, BATCH))


def everything(store: GraphStore) -> tuple[Paper, ...]:
    return store.papers(PaperCondition(), PaperOrder.ID, False, Window(PAPERS)).items


def digest(store: GraphStore) -> str:
    return hashlib.sha256(b"".join(map(line, store.snapshot()))).hexdigest()


def undisturbed() -> str:
    with open_store("sqlite:///:memory:") as store:
        ingest(store, announce=False)
        return digest(store)


class Prepared:
    """Stands in for pipeline and resolver: what they would find is made up already."""

    def __init__(self) -> None:
        self.found = {resolved.paper.id: resolved for batch in made() for resolved in batch}

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        return (self.found[paper.id].extraction for paper in papers)

    def resolve(self, paper: Paper, extraction: Extraction, run: str = "") -> ResolvedPaper:
        return self.found[paper.id]


def ingest(store: GraphStore, announce: bool) -> None:
    prepared = Prepared()
    run = Ingest(store, prepared.extract, EXTRACTOR, prepared, "", batch_size=BATCH)
    if announce:
        run.on_progress = lambda _: print("loaded", flush=True)
    run(resolved.paper for resolved in prepared.found.values())


def bulk(store: GraphStore) -> None:
    with store.bulk() as load:
        while True:
            for batch in made():
                load(batch)
                print("loaded", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--how", choices=("ingest", "bulk"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.how:
        with open_store(chosen.store) as opened:
            print("begun", flush=True)
            ingest(opened, announce=True) if chosen.how == "ingest" else bulk(opened)
    else:
        main(chosen.store, chosen.kills)
