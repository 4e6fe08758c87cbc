"""Bulk loads: the outcome of loading batch by batch, in an empty store all of it or nothing."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import strategies as st

from graph.errors import ExtractionError
from graph.model import ResolvedPaper
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import Said, corpora, decision, exported, paper

TURBO = Said("SD-Turbo", "sdturbo", name="SD-Turbo")
LORA = Said("LoRA", "lora")
UNUSABLE = Said("SD-Turbo", "a\x00b")


def bulk(store: GraphStore, *batches: list[ResolvedPaper]) -> None:
    with store.bulk() as load:
        for batch in batches:
            load(batch)


def test_a_bulk_load_is_its_batches_one_by_one(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    @property_test(st.lists(corpora(4), max_size=4), st.booleans())
    def holds(batches: list[list[ResolvedPaper]], decided: bool) -> None:
        decisions = [decision("merge", "gpt4o", "gpt4")] if decided else []
        store = place.fresh()
        store.decide(decisions)
        for batch in batches:
            store.load(batch)
        one_by_one = exported(store)
        store = place.fresh()
        store.decide(decisions)
        bulk(store, *batches)
        assert exported(store) == one_by_one
        assert list(verify(store)) == []


def test_after_a_bulk_load_papers_change_and_go(store: GraphStore) -> None:
    bulk(store, [paper("p1", [TURBO]), paper("p2", [TURBO, LORA])], [paper("p3", [LORA])])
    store.load([paper("p2", [LORA])])
    bulk(store, [paper("p4", [TURBO])])
    store.remove(["p1", "p3"])
    assert list(verify(store)) == []
    assert set(store.papers_by_id(["p1", "p2", "p3", "p4"])) == {"p2", "p4"}
    assert [alias.papers for alias in store.entities_by_id(["lora"])["lora"].aliases] == [1]


def test_records_of_one_paper_in_two_batches_become_one(store: GraphStore) -> None:
    told: dict[str, object] = {"title": "A study of turbo models", "authors": ("Ada Byron",)}
    listed = paper("10.1/a", [TURBO], sources=("acl",), **told)
    preprint = paper("2401.00001", [TURBO, LORA], sources=("arxiv",), **told)
    bulk(store, [listed], [preprint], [paper("p3", [LORA])])
    assert store.counts().papers == 2
    assert list(verify(store)) == []


def test_an_error_of_the_block_passes_and_leaves_a_sound_store(store: GraphStore) -> None:
    def breaks() -> None:
        with store.bulk() as load:
            load([paper("p1", [TURBO])])
            raise ValueError("of the caller's own")

    with pytest.raises(ValueError, match="of the caller's own"):
        breaks()
    with pytest.raises(ExtractionError):
        bulk(store, [paper("p2", [UNUSABLE])])
    assert list(verify(store)) == []
    store.load([paper("p1", [TURBO])])
    assert set(store.papers_by_id(["p1", "p2"])) == {"p1"}


def test_in_sqlite_an_empty_store_gets_all_of_it_or_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    with open_store(url) as store, open_store(url) as reader:
        with pytest.raises(ExtractionError):
            bulk(store, [paper("p1", [TURBO])], [paper("p2", [UNUSABLE])])
        assert store.counts().papers == 0
        with store.bulk() as load, ThreadPoolExecutor(1) as other:
            load([paper("p1", [TURBO])])
            assert reader.counts().papers == 0
            assert other.submit(store.counts).result(60).papers == 0  # nobody waits for the writer
        assert reader.counts().papers == 1


def test_a_kill_in_a_bulk_load_leaves_an_empty_store_that_can_be_loaded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    command = [sys.executable, "-m", "tests.conformance.test_bulk", url]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    ) as loading:
        assert loading.stdout
        loading.stdout.readline()
        loading.kill()
    with open_store(url) as store:
        assert list(verify(store)) == []
        assert store.counts().papers == 0
        store.load([paper("p1", [TURBO])])
        assert list(verify(store)) == []


if __name__ == "__main__":
    with open_store(sys.argv[1]) as writing, writing.bulk() as loads:
        for number in range(10_000):
            loads([paper(f"p{number}-{i}", [TURBO, LORA]) for i in range(200)])
            if number == 3:
                sys.stdout.write("loading\n")
                sys.stdout.flush()
