"""A Neo4j server that is killed in the middle of an ingest, and one that does not come back."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from graph.errors import StoreUnavailable
from graph.ingest import Ingest
from graph.model import Extraction, Paper, RunSummary
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.stores.neo4j import connection
from graph.verify import verify
from tests.conformance import neo4j_jars
from tests.conformance.samples import exported
from tests.golden.annotated import EXTRACTOR, GOLD, SAMPLE, extraction, records

pytestmark = pytest.mark.neo4j

SAMPLED = [Paper.from_record(record | {"sources": ["sample"]}) for record in records(SAMPLE)]
PAPERS = [paper for paper in SAMPLED if not paper.withdrawn][:20]
BATCH = 4


def annotated(papers: Iterable[Paper]) -> Iterator[Extraction]:
    said = {record["id"]: record for record in records(GOLD)}
    return (extraction(paper, said[paper.id]) for paper in papers)


def ingest(store: GraphStore) -> Ingest:
    return Ingest(store, annotated, EXTRACTOR, Resolver(), RULESET, batch_size=BATCH)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[neo4j_jars.JavaServer]:
    if not neo4j_jars.available():
        pytest.skip("needs Java and Maven")
    with neo4j_jars.JavaServer(tmp_path / "neo4j") as running:
        yield running


def test_an_ingest_outlives_a_restart_of_the_server_and_says_so_where_it_cannot(
    server: neo4j_jars.JavaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store("sqlite:///:memory:") as undisturbed:
        ingest(undisturbed)(PAPERS)
        wanted = exported(undisturbed)

    def restart() -> None:
        server.kill()
        server.start(wait=False)

    restarts: list[threading.Timer] = []

    def soon(run: RunSummary) -> None:
        """After two batches, while the third is being loaded."""
        if run.papers == 2 * BATCH:
            restarts.append(threading.Timer(0.03, restart))
            restarts[0].start()

    monkeypatch.setattr(connection, "RETRY_S", neo4j_jars.READY_S)
    with open_store(server.url) as store:
        run = ingest(store)
        run.on_progress = soon
        try:
            summary = run(PAPERS)
        except StoreUnavailable:  # lost in a commit, of which it cannot know whether it was made
            summary = ingest(store)(PAPERS)
        restarts[0].join()
        assert summary.status == "finished"
        assert summary.papers == summary.added + summary.unchanged == len(PAPERS)
        assert exported(store) == wanted
        assert list(verify(store)) == []

    monkeypatch.setattr(connection, "RETRY_S", 0.5)
    with open_store(server.url) as store:
        again = ingest(store)
        again.on_progress = lambda run: server.kill()
        with pytest.raises(StoreUnavailable, match="does not answer: see that the server runs"):
            again(PAPERS)
