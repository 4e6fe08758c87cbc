"""Speed of the Neo4j store against the peers that fill and ask a Neo4j.

    python -m benchmarks.neo4j_load --papers 100000 --writer-papers 10000

Needs Java 17 and Maven. Servers with a heap of 2 GB are started from their jars. Measured are:

* a first load, against ``neo4j-admin database import full`` of the same, from our own export;
* the same once more, as ``papergraph ingest`` asks (by fingerprints), and as a load of it all;
* "papers that use X", the newest 20 and their number, against the bare driver with the best Cypher;
* a load against neo4j-graphrag's ``Neo4jWriter`` (``pip install 'papergraph[bench]'``) on the same
  nodes and relationships, on one server, warmed alike, the sides alternated.
"""

import argparse
import asyncio
import gc
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import neo4j

from benchmarks.load import EXTRACTOR, corpus
from graph.export import export
from graph.model import ResolvedPaper
from graph.ontology import Role
from graph.stores import open_store
from graph.stores.base import (
    EntityCondition,
    Fingerprint,
    GraphStore,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.stores.neo4j import values
from tests.conformance.neo4j_jars import JavaServer, admin

ENTITIES = 60_000
BATCH = 5000
HEAP = "2g"
SETTINGS = {"server.memory.pagecache.size": "512m"}
APOC = (  # Neo4jWriter joins with it
    "org.neo4j.procedure:apoc-core:5.26.0",
    "org.neo4j.procedure:apoc-common:5.26.0",
    "com.opencsv:opencsv:5.7.1",
    "org.roaringbitmap:RoaringBitmap:0.7.17",
    "org.apache.commons:commons-lang3:3.12.0",
    "org.apache.commons:commons-text:1.10.0",
)
ROUNDS = 3

_BEST = """\
MATCH (e:Entity {id: $id})<-[:USES]-(p:Paper)
WITH DISTINCT p ORDER BY p.published_at DESC, p.id LIMIT 20
RETURN p"""
_COUNT = "MATCH (e:Entity {id: $id})<-[:USES]-(p:Paper) RETURN count(DISTINCT p) AS n"


def main(papers: int = 100_000, writer_papers: int = 10_000, entities: int = ENTITIES) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if papers:
            against_import(folder, papers, entities)
        if writer_papers:
            against_writer(folder, writer_papers, entities)


def in_batches(papers: int, entities: int) -> list[list[ResolvedPaper]]:
    made = list(corpus(papers, entities))
    return [made[start : start + BATCH] for start in range(0, len(made), BATCH)]


def load(store: GraphStore, batches: list[list[ResolvedPaper]]) -> float:
    """Seconds to load all."""
    started = time.perf_counter()
    with store.bulk() as add:
        for batch in batches:
            add(batch)
    return time.perf_counter() - started


def ask(store: GraphStore, batches: list[list[ResolvedPaper]]) -> float:
    """Seconds to find that nothing is new, as an ingest does before it extracts."""
    started = time.perf_counter()
    for batch in batches:
        known = store.record_fingerprints([resolved.paper.id for resolved in batch])
        for resolved in batch:
            wanted = Fingerprint.of(resolved.paper, EXTRACTOR, resolved.ruleset)
            assert known[resolved.paper.id, resolved.paper.sources] == wanted
    return time.perf_counter() - started


def against_import(folder: Path, papers: int, entities: int) -> None:
    batches = in_batches(papers, entities)
    ours = JavaServer(folder / "ours", heap=HEAP, settings=SETTINGS)
    with ours as server, open_store(server.url) as store:
        gc.freeze()  # the corpus is the benchmark's, not the store's
        seconds, claims = load(store, batches), store.counts().claims
        print(
            f"first load: {papers} papers, {claims} claims in {seconds:.1f} s,"
            f" {claims / seconds:,.0f} claims a second",
            flush=True,
        )
        for label, again in (("ingest", ask(store, batches)), ("load", load(store, batches))):
            print(
                f"{label} of the same: {again:.1f} s, {seconds / again:.1f} times as fast",
                flush=True,
            )
        questions(store, server.url)
    with open_store(f"sqlite:///{folder / 'same.db'}") as store:
        load(store, batches)
        export(store.snapshot(), "neo4j-import", folder / "import")
    imported = folder / "imported"
    (imported / "conf").mkdir(parents=True)
    started = time.perf_counter()
    admin(imported, "database", "import", "full", "neo4j", "@import.args", folder=folder / "import")
    took = time.perf_counter() - started
    print(f"neo4j-admin import of the same: {took:.1f} s; ours / theirs {seconds / took:.2f}")


def questions(store: GraphStore, url: str) -> None:
    """Ours and the bare driver's answers to one question, in turns."""

    def ours(entity: str) -> int:
        condition = PaperCondition((EntityCondition(Role.USES, frozenset({entity})),))
        page = store.papers(condition, PaperOrder.PUBLISHED_AT, True, Window(20))
        store.count_papers(condition)
        return len(page.items)

    with bare(url) as session:

        def best(entity: str) -> int:
            def work(tx: neo4j.ManagedTransaction) -> int:
                found = [dict(record["p"]) for record in tx.run(_BEST, id=entity)]
                tx.run(_COUNT, id=entity).single(strict=True)
                return len(found)

            return session.execute_read(work)

        for label, asked in (("any entity", range(0, 3000, 10)), ("the hub", [0] * 100)):
            times: dict[Callable[[str], int], list[float]] = {ours: [], best: []}
            for warm in (True, False):
                for number in asked:
                    found = set()
                    for side, taken in times.items():
                        started = time.perf_counter()
                        found.add(side(f"model{number}"))
                        if not warm:
                            taken.append((time.perf_counter() - started) * 1000)
                    assert len(found) == 1
            mine, theirs = (statistics.quantiles(taken, n=20)[-1] for taken in times.values())
            medians = [statistics.median(taken) for taken in times.values()]
            print(
                f"papers that use {label}, 20 and total: p50 {medians[0]:.2f}, p95 {mine:.2f} ms;"
                f" bare driver {medians[1]:.2f}, {theirs:.2f}; p95 {mine / theirs:.2f} times",
                flush=True,
            )


def against_writer(folder: Path, papers: int, entities: int) -> None:
    try:
        from neo4j_graphrag.components.kg_writer import Neo4jWriter  # noqa: PLC0415
    except ImportError:
        print("Neo4jWriter: not measured; pip install 'papergraph[bench]'")
        return
    batches = in_batches(papers, entities)
    home = folder / "writer"
    fetch_apoc(home / "plugins")
    settings = SETTINGS | {"dbms.security.procedures.unrestricted": "apoc.*"}
    with JavaServer(home, heap=HEAP, settings=settings) as server, open_store(server.url) as store:
        load(store, batches)
        graph = theirs_of(server.url)
        gc.freeze()
        with driver(server.url) as connected:
            writer = Neo4jWriter(connected)

            def ours() -> float:
                return load(store, batches)

            def theirs() -> float:
                started = time.perf_counter()
                outcome = asyncio.run(writer.run(graph))
                assert outcome.status == "SUCCESS"
                return time.perf_counter() - started

            times: dict[Callable[[], float], list[float]] = {ours: [], theirs: []}
            for turn in range(ROUNDS + 1):  # the first round warms both
                for side, taken in times.items():
                    wipe(server.url)
                    seconds = side()
                    if turn:
                        taken.append(seconds)
                    print(f"  {side.__name__}: {seconds:.1f} s", flush=True)
    mine, other = (statistics.median(taken) for taken in times.values())
    print(
        f"{papers} papers against Neo4jWriter, median of {ROUNDS}: {mine:.1f} s, {other:.1f} s;"
        f" theirs / ours {other / mine:.2f}"
    )


def theirs_of(url: str) -> Any:
    """The graph of a store as ``Neo4jWriter`` takes it."""
    from neo4j_graphrag.components.types import (  # noqa: PLC0415
        Neo4jGraph,
        Neo4jNode,
        Neo4jRelationship,
    )

    with bare(url) as session:
        nodes = [
            Neo4jNode(id=row["id"], label=row["label"], properties=dict(row["n"]))
            for row in session.run(
                "MATCH (n:Paper|Entity) RETURN n, elementId(n) AS id,"
                " [label IN labels(n) WHERE label <> 'Entity'][0] AS label"
            )
        ]
        relationships = [
            Neo4jRelationship(
                start_node_id=row["start"],
                end_node_id=row["end"],
                type=row["type"],
                properties=dict(row["r"]),
            )
            for row in session.run(
                f"MATCH (a:Paper)-[r:{values.CLAIM_TYPES}]->(b:Entity) RETURN r, type(r) AS type,"
                " elementId(a) AS start, elementId(b) AS end"
            )
        ]
    return Neo4jGraph(nodes=nodes, relationships=relationships)


def fetch_apoc(plugins: Path) -> None:
    """The procedures that ``Neo4jWriter`` calls, from Maven Central."""
    plugins.mkdir(parents=True)
    for artifact in APOC:
        subprocess.run(
            [
                *("mvn", "-q", "-B", "dependency:copy"),
                f"-Dartifact={artifact}",
                f"-DoutputDirectory={plugins}",
            ],
            check=True,
            cwd=plugins,
            capture_output=True,
        )


def wipe(url: str) -> None:
    with bare(url) as session:
        session.run(
            "MATCH (n) WHERE NOT n:Papergraph"
            " CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
        ).consume()


@contextmanager
def driver(url: str) -> Iterator[neo4j.Driver]:
    parts = urlsplit(url)
    with neo4j.GraphDatabase.driver(
        f"{parts.scheme}://{parts.hostname}:{parts.port}",
        auth=(parts.username or "", parts.password or ""),
        notifications_min_severity="OFF",
    ) as connected:
        yield connected


@contextmanager
def bare(url: str) -> Iterator[neo4j.Session]:
    with driver(url) as connected, connected.session() as session:
        yield session


def run(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--writer-papers", type=int, default=10_000)
    parser.add_argument("--entities", type=int, default=ENTITIES)
    main(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    run()
