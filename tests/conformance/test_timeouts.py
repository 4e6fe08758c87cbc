"""A query without end is cancelled in the store, and the client is told so."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.errors import QueryTimeout
from graph.stores.base import GraphStore
from tests.conformance.places import Place, Server
from tests.conformance.samples import paper

IN_SQLITE = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
IN_NEO4J = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN max(a * b)"


class Endless:
    """The store, but counting papers has no end: it takes days on the store's own connection."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def count_papers(self, *_: object) -> int:
        if hasattr(self._store, "_connections"):
            with self._store._connections.reading() as conn:
                return int(conn.execute(IN_SQLITE).fetchone()[0])
        return int(self._store._connection.read(lambda tx: tx.run(IN_NEO4J).single()[0]))

    def read(self, work: Any) -> Any:
        if hasattr(self._store, "_connections"):
            with self._store._connections.reading() as conn:
                return conn.execute(IN_SQLITE).fetchone()[0]
        return self._store._connection.read_singly(lambda tx: tx.run(IN_NEO4J).single()[0])


@pytest.fixture
def endless(lasting: Place) -> Endless:
    store = lasting.fresh(timeout=0.3)
    store.load([paper("p1")])
    return Endless(store)


def test_what_takes_too_long_is_cancelled(endless: Endless, place: Place) -> None:
    with pytest.raises(QueryTimeout, match=r"took longer than 0\.3 s and was cancelled"):
        endless.count_papers()
    with pytest.raises(QueryTimeout):
        endless.read(None)
    if isinstance(place, Server):
        with place.driver() as driver:
            running = driver.execute_query("SHOW TRANSACTIONS YIELD currentQuery").records
            assert not [r for r in running if IN_NEO4J in (r["currentQuery"] or "")]
    store: GraphStore = endless._store
    assert list(store.papers_by_id(["p1"])) == ["p1"], "the next query is answered"


def test_the_client_is_told(endless: Endless) -> None:
    store: Any = endless
    with TestClient(build_app(Settings(), store)) as client:
        for query in ("{papers {totalCount}}", "{papers {totalCount} runs {id}}"):
            answer = client.post("/graphql", json={"query": query}).json()
            extensions = answer["errors"][0]["extensions"]
            assert extensions["code"] == "QUERY_TIMEOUT"
            assert "ask for less" in extensions["remedy"]
        health = client.post("/graphql", json={"query": "{runs {id}}"}).json()
        assert "errors" not in health
