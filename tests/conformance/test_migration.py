"""Stores of earlier versions of the schema are brought up to date when they are opened.

``versions/1.db`` was written by version 0.1.0, ``versions/1.jsonl`` is its export of it, and
``versions/1.neo4j.json`` what it wrote to Neo4j of the same: nodes, relationships by the places of
their nodes, and the statements of its schema.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph.export.jsonl import restore
from graph.ontology import Role
from graph.stores import open_store
from graph.stores.base import EntityCondition, GraphStore, PaperCondition
from graph.verify import verify
from tests.conformance.places import Server
from tests.conformance.samples import Said, exported, ids, paper

VERSIONS = Path(__file__).parent / "versions"


@pytest.fixture(params=["sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    if request.param == "neo4j":
        url = request.getfixturevalue("neo4j_url")
        with Server(url).driver() as driver:
            fill(driver, json.loads(gzip.decompress((VERSIONS / "1.neo4j.json.gz").read_bytes())))
    else:
        url = f"sqlite:///{tmp_path / 'old.db'}"
        file = gzip.decompress((VERSIONS / "1.db.gz").read_bytes())
        (tmp_path / "old.db").write_bytes(file)
    with open_store(url) as store:
        yield store


def fill(driver: neo4j.Driver, written: dict[str, Any]) -> None:
    """Put into a database what is written down, and nothing else."""
    driver.execute_query("MATCH (n) DETACH DELETE n")
    for kind, condition in (("CONSTRAINT", ""), ("INDEX", " WHERE type <> 'LOOKUP'")):
        for record in driver.execute_query(f"SHOW {kind} YIELD *{condition}").records:
            driver.execute_query(f"DROP {kind} {record['name']}")
    for statement in written["schema"]:
        driver.execute_query(statement)
    ids = [
        driver.execute_query(
            f"CREATE (n:{':'.join(labels)}) SET n = $properties RETURN elementId(n)",
            properties=properties,
        ).records[0][0]
        for labels, properties in written["nodes"]
    ]
    for start, kind, end, properties in written["relationships"]:
        driver.execute_query(
            f"MATCH (a), (b) WHERE elementId(a) = $a AND elementId(b) = $b"
            f" CREATE (a)-[r:{kind}]->(b) SET r = $properties",
            {"a": ids[start], "b": ids[end], "properties": properties},
        )


@pytest.fixture
def new() -> Iterator[GraphStore]:
    """A store of today with the same content."""
    with (
        open_store("sqlite:///:memory:") as store,
        (VERSIONS / "1.jsonl").open("rb") as stream,
    ):
        restore(stream, store, "1.jsonl")
        yield store


def test_an_old_store_is_whole_and_answers_as_a_new_one(old: GraphStore, new: GraphStore) -> None:
    assert list(verify(old)) == []
    assert exported(old) == exported(new)
    assert old.counts() == new.counts()
    for condition in (
        PaperCondition((EntityCondition(Role.USES, frozenset({"adapters"})),)),
        PaperCondition(text="naive agents"),
        PaperCondition(text="abcdefghij" * 12),  # of words, the index holds so much
        PaperCondition(source="hf-daily"),
    ):
        assert ids(old, condition) == ids(new, condition) != []
    assert len(ids(old, PaperCondition(run="run-1"))) == 6
    assert [run.id for run in old.runs()] == ["run-1"]
    (found_by_typo, *_) = old.search_entities("sd-tubro", frozenset(), 5)
    assert found_by_typo.id == "sdturbo"


def test_an_old_store_goes_on(old: GraphStore) -> None:
    title = "Swapping faces in a single step"
    told = {"title": title, "authors": ("Ada Byron", "Charles Babbage")}
    papers = old.counts().papers
    old.load([paper("10.5/published", [Said("LoRA", "lora")], sources=("acl",), **told)])
    assert old.counts().papers == papers, "its title leads to the paper that was there"
    old.load([paper("2503.00002", [Said("LoRA", "lora")], sources=("arxiv",))])
    old.remove(["long", "2503.00003"])
    assert list(verify(old)) == []
    assert ids(old, PaperCondition(text="naive agents")) == []
    assert len(list(old.changes())) > 3
