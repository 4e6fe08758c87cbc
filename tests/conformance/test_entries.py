"""Entries beside the graph: exchanged by one writer only, and a fence that holds late ones off."""

import threading

import pytest

from graph.errors import LeaseLost
from graph.stores.base import GraphStore
from graph.stores.entries import LEASE, Entry, Fence
from tests.conformance.places import Place
from tests.conformance.samples import Said, exported, paper

TURBO = Said("SD-Turbo", "sdturbo")


def test_an_entry_is_kept_until_it_is_dropped(lasting: Place) -> None:
    with lasting.fresh() as store:
        store.keep_entries([Entry("a", str(n), {"n": n, "text": "naïve"}) for n in (2, 1)])
        store.keep_entries([Entry("b", "1", {})])
    store = lasting.open()
    assert [(e.id, e.value) for e in store.entries("a")] == [
        ("1", {"n": 1, "text": "naïve"}),
        ("2", {"n": 2, "text": "naïve"}),
    ]
    assert [e.id for e in store.entries("a", ["2", "3"])] == ["2"]
    assert store.entries("a", []) == ()
    assert store.drop_entries("a", ["1", "9"]) == 1
    assert [e.id for e in store.entries("a")] == ["2"]
    assert [e.id for e in store.entries("b")] == ["1"]


def test_an_exchange_is_won_by_who_saw_the_last_version(store: GraphStore) -> None:
    first = store.exchange_entry(Entry("a", "1", {"n": 1}))
    assert first is not None
    assert store.entries("a") == (first,)
    assert store.exchange_entry(Entry("a", "1", {"n": 2})) is None, "it is there already"
    second = store.exchange_entry(first.with_value({"n": 2}))
    assert second is not None
    assert store.exchange_entry(first.with_value({"n": 3})) is None, "the version is past"
    store.drop_entries("a", ["1"])
    assert store.exchange_entry(second) is None, "it is gone"
    anew = store.exchange_entry(Entry("a", "1", {"n": 1}))
    assert anew is not None
    assert anew.version not in (first.version, second.version)


def test_of_many_at_once_one_wins(store: GraphStore) -> None:
    entry = store.exchange_entry(Entry("a", "1", {}))
    assert entry is not None
    won: list[Entry | None] = []
    barrier = threading.Barrier(4)

    def take(number: int) -> None:
        barrier.wait()
        won.append(store.exchange_entry(entry.with_value({"n": number})))

    threads = [threading.Thread(target=take, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(e is not None for e in won) == 1


def test_who_lost_the_lease_cannot_write(store: GraphStore) -> None:
    store.keep_entries([Entry(LEASE, "nightly", {"token": "mine"})])
    mine = Fence("nightly", "mine")
    store.load([paper("p1", [TURBO])], mine)
    store.keep_entries([Entry(LEASE, "nightly", {"token": "another's"})])
    before = exported(store)
    with pytest.raises(LeaseLost):
        store.load([paper("p2", [TURBO])], mine)
    with pytest.raises(LeaseLost):
        store.remove(["p1"], fence=mine)
    store.drop_entries(LEASE, ["nightly"])
    with pytest.raises(LeaseLost):
        store.load([paper("p2", [TURBO])], mine)
    assert exported(store) == before


def test_entries_are_no_part_of_the_graph_and_go_with_their_paper(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO]), paper("p2", [TURBO])])
    before, version = exported(store), store.data_version()
    store.keep_entries([Entry("a", n, {}, paper=f"p{n}") for n in ("1", "2")])
    assert exported(store) == before
    assert store.data_version() == version
    assert list(store.check()) == []
    store.remove(["p1"])
    assert [e.id for e in store.entries("a")] == ["2"]
