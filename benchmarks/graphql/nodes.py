"""Ten thousand papers with two claims each in one answer, against the driver's rows as JSON."""

import json
import sqlite3
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import neo4j

from benchmarks.graphql.client import Question, once

SIZE = 10_000
NODES = Question(
    "/graphql",
    "query ($n: Int) { papers(first: $n) { edges { node { id title"
    " claims(role: COMPARES_WITH) { confidence entity { id name type } evidence { text } }"
    " } } } }",
    "n",
    [SIZE],
)
_SQL = (
    "SELECT p.id, p.title, c.confidence, e.id, e.name, e.type, c.evidence"
    " FROM (SELECT row, id, title FROM papers ORDER BY published DESC, id LIMIT ?) p"
    " JOIN claims c ON c.paper = p.row AND c.role = 'compares_with'"
    " JOIN entities e ON e.row = c.entity"
)
_CYPHER = (
    "MATCH (p:Paper) WHERE p.published_at >= '' WITH p ORDER BY p.published_at DESC, p.id LIMIT $n"
    " MATCH (p)-[c:COMPARES_WITH]->(e:Entity)"
    " RETURN p.id, p.title, c.confidence, e.id, e.name, e.type, c.evidence"
)


def compare(side: str, port: int, url: str, rounds: int = 5) -> None:
    """Alternate, print each one's best time."""
    bare = _bare(url)
    answered, fetched = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        size = len(once(port, NODES, raw=True))
        answered.append(time.perf_counter() - started)
        started = time.perf_counter()
        bare()
        fetched.append(time.perf_counter() - started)
    print(
        f"{SIZE} papers with their claims, {side}: {min(answered):.2f} s over HTTP"
        f" ({size / 1e6:.1f} MB), bare driver and json.dumps {min(fetched):.2f} s,"
        f" ratio {min(answered) / min(fetched):.2f}",
        flush=True,
    )


def _bare(url: str) -> Callable[[], str]:
    if url.startswith("sqlite"):
        conn = sqlite3.connect(url.removeprefix("sqlite:///"))
        return lambda: json.dumps(conn.execute(_SQL, (SIZE,)).fetchall())
    parts = urlsplit(url)
    address = f"bolt://{parts.hostname}:{parts.port}"
    driver = neo4j.GraphDatabase.driver(address, auth=(parts.username, parts.password))

    def fetch() -> str:
        with driver.session() as session:
            return json.dumps(session.run(_CYPHER, n=SIZE).values())

    return fetch
