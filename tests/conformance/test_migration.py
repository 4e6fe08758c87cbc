"""Stores of earlier versions of the schema are brought up to date when they are opened.

``versions/1.db`` was written by version 0.1.0, and ``versions/1.jsonl`` is its export of it.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.export.jsonl import restore
from graph.ontology import Role
from graph.stores import open_store
from graph.stores.base import EntityCondition, GraphStore, PaperCondition
from graph.verify import verify
from tests.conformance.samples import Said, exported, ids, paper

VERSIONS = Path(__file__).parent / "versions"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[GraphStore]:
    file = tmp_path / "old.db"
    file.write_bytes(gzip.decompress((VERSIONS / "1.db.gz").read_bytes()))
    with open_store(f"sqlite:///{file}") as store:
        yield store


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
