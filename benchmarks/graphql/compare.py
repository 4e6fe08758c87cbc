"""GraphQL over Neo4j and over SQLite against @neo4j/graphql: requests a second and latency.

    python -m benchmarks.graphql --papers 100000

One Neo4j server (started from its jars) holds the papers of ``benchmarks.load``; both servers ask
it, in turns, the same questions about 300 entities, from one client and from sixteen, warmed. Ours
keeps no answers while it is measured. Needs Node.js and npm; the peer is installed into a folder
that is thrown away, or into ``--peer``.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.graphql import nodes
from benchmarks.graphql.client import Load, Question, drive, once
from benchmarks.load import BATCH, corpus
from graph.stores import open_store
from tests.conformance.neo4j_jars import JavaServer

PACKAGES = ("@neo4j/graphql@7", "graphql@16", "graphql-yoga@5", "neo4j-driver@5")
ENTITIES = [f"model{number}" for number in range(300)]

USES = Question(
    "/graphql",
    "query ($names: [String!]) { papers(filter: {uses: $names}, first: 20)"
    " { edges { node { id title publishedAt } } } }",
    "names",
    [[f"id:{entity}"] for entity in ENTITIES],
)
USES_OF_PEER = Question(
    "/graphql",
    "query ($id: ID!) { papers(where: {uses: {some: {id: {eq: $id}}}}, limit: 20,"
    " sort: [{published_at: DESC}]) { id title published_at } }",
    "id",
    list(ENTITIES),
)
ENTITY = Question(
    "/graphql",
    "query ($id: ID!) { entity(id: $id) { name papers(role: USES, first: 20) { edges {"
    " claim { confidence evidence { text } } node { id title publishedAt } } } } }",
    "id",
    list(ENTITIES),
)
ENTITY_OF_PEER = Question(
    "/graphql",
    "query ($id: ID!) { entities(where: {id: {eq: $id}}) { name usedByConnection(first: 20,"
    " sort: [{node: {published_at: DESC}}]) { edges { properties { confidence evidence }"
    " node { id title published_at } } } } }",
    "id",
    list(ENTITIES),
)


@contextmanager
def ours(url: str, workers: int = 1) -> Iterator[int]:
    """Port of our server on a store."""
    settings = {"PAPERGRAPH_ANSWER_CACHE": "0", "PAPERGRAPH_MAX_PAGE": "10000"}
    settings |= {"PAPERGRAPH_MAX_COST": "10000000", "PAPERGRAPH_QUERY_TIMEOUT": "60"}
    command = [sys.executable, "-m", "api", "serve", "--port", "0", "--store", url]
    if workers > 1:
        command += ["--workers", str(workers)]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | settings,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        port = int(line.split("http://")[1].split("/")[0].rsplit(":", 1)[1])
        threading.Thread(target=process.stderr.read, daemon=True).start()  # its log
        yield port
        process.terminate()
        process.wait(20)
    finally:
        process.kill()


@contextmanager
def peer(url: str, folder: Path) -> Iterator[int]:
    """Port of the peer's server on the same database."""
    if not (folder / "node_modules").is_dir():
        subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["npm", "install", "--silent", *PACKAGES], cwd=folder, check=True)
    script = folder / "peer.mjs"
    script.write_text(Path(__file__).with_name("peer.mjs").read_text())
    parts = urlsplit(url)
    process = subprocess.Popen(
        ["node", str(script), f"bolt://127.0.0.1:{parts.port}", parts.password or ""],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"NODE_ENV": "production"},
    )
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()


def fill(url: str, papers: int, entities: int) -> None:
    """Load the made-up papers, unless they are there."""
    with open_store(url) as store:
        if store.counts().papers == papers:
            return
        started, batch = time.perf_counter(), []
        for resolved in corpus(papers, entities):
            batch.append(resolved)
            if len(batch) == BATCH:
                store.load(batch)
                batch = []
        store.load(batch)
        print(f"{papers} papers loaded in {time.perf_counter() - started:.0f} s", flush=True)


def compare(name: str, sides: dict[str, tuple[int, Question]], seconds: float, rounds: int) -> None:
    """Alternate the sides, print each one's best round: others share the machine."""
    for port, question in sides.values():
        drive(port, question, 4, seconds)
    for clients in (1, 16):
        found: dict[str, list[Load]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (port, question) in sides.items():
                found[side].append(drive(port, question, clients, seconds))
        best = {side: max(loads, key=lambda load: load.rate) for side, loads in found.items()}
        for side, load in best.items():
            print(
                f"{name}, {clients} clients, {side}: {load.rate:.1f} requests/s,"
                f" p50 {load.p50:.2f} ms, p95 {load.p95:.2f} ms",
                flush=True,
            )
        for one, other in (
            ("ours on Neo4j", "@neo4j/graphql"),
            ("ours on SQLite", "ours on Neo4j"),
        ):
            if one in best and other in best:
                ratio = best[one].rate / best[other].rate
                print(f"{name}, {clients} clients: {one} / {other} = {ratio:.2f}", flush=True)


def same(ours_at: int, peer_at: int) -> None:
    """Both answer the same."""
    mine = once(ours_at, ENTITY)["data"]["entity"]["papers"]["edges"]
    theirs = once(peer_at, ENTITY_OF_PEER)["data"]["entities"][0]["usedByConnection"]["edges"]
    assert len(mine) == len(theirs) == 20
    days = [edge["node"]["publishedAt"] for edge in mine]
    assert days == [edge["node"]["published_at"] for edge in theirs], json.dumps(theirs)[:300]


def main(
    papers: int = 10_000,
    entities: int = 60_000,
    seconds: float = 4,
    rounds: int = 3,
    folder: str = "",
    npm: str = "",
) -> None:
    with ExitStack() as stack:
        scratch = Path(folder or stack.enter_context(tempfile.TemporaryDirectory()))
        modules = Path(npm or scratch / "peer")
        modules.mkdir(parents=True, exist_ok=True)
        neo4j = stack.enter_context(JavaServer(scratch / f"neo4j-{papers}", heap="2g")).url
        sqlite = f"sqlite:///{scratch}/{papers}.db"
        for url in (sqlite, neo4j):
            fill(url, papers, entities)
        on_neo4j = stack.enter_context(ours(neo4j))
        on_sqlite = stack.enter_context(ours(sqlite))
        theirs = stack.enter_context(peer(neo4j, modules))
        same(on_neo4j, theirs)
        if papers >= nodes.SIZE:
            nodes.compare("SQLite", on_sqlite, sqlite)
            nodes.compare("Neo4j", on_neo4j, neo4j)
        for name, mine, of_peer in (
            ("papers that use X, as a filter", USES, USES_OF_PEER),
            ("papers that use X, from the entity", ENTITY, ENTITY_OF_PEER),
        ):
            sides = {
                "ours on Neo4j": (on_neo4j, mine),
                "@neo4j/graphql": (theirs, of_peer),
                "ours on SQLite": (on_sqlite, mine),
            }
            compare(name, sides, seconds, rounds)
