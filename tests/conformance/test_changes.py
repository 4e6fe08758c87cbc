"""The history of changes: nothing of a retracted paper stays in it."""

from graph.model import RunSummary
from graph.ontology import Role
from graph.stores.base import GraphStore
from graph.stores.changes import Change, ChangeKind, Facts
from tests.conformance.places import Place
from tests.conformance.samples import Said, exported, paper

TURBO, COCO = Said("SD-Turbo", "sdturbo"), Said("COCO", "coco", Role.EVALUATES_ON)
ADDED, UPDATED, RETRACTED = ChangeKind.ADDED, ChangeKind.UPDATED, ChangeKind.RETRACTED


def told(store: GraphStore, after: int = 0) -> list[tuple[str, str, ChangeKind]]:
    return [(c.run, c.paper, c.kind) for c in store.changes(after)]


def test_each_change_is_told_once_in_order(store: GraphStore) -> None:
    start = max((c.position for c in store.changes()), default=0)
    store.load([paper("p1", [TURBO], run="a"), paper("p2", [COCO], run="a")])
    store.load([paper("p1", [TURBO], run="b"), paper("p3", run="b")])
    store.load([paper("p2", [TURBO], results=[(0, None, None, "7")], run="c")])
    assert told(store, start) == [
        ("a", "p1", ADDED),
        ("a", "p2", ADDED),
        ("b", "p3", ADDED),
        ("c", "p2", UPDATED),
    ]
    last = list(store.changes(start))[-1]
    assert last.gone == Facts(frozenset({("coco", "evaluates_on")}))
    assert last.new == Facts(
        frozenset({("sdturbo", "uses")}),
        frozenset({("sdturbo", None, None, "absolute", "7")}),
    )
    assert list(store.changes(last.position)) == []


def test_a_retracted_paper_leaves_its_id_alone(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO], run="a"), paper("p2", [TURBO], run="a")])
    store.load([paper("p1", [COCO], run="b")])
    end = max(c.position for c in store.changes())
    store.remove(["p1", "p9"], run="c")
    left = [c for c in store.changes() if c.paper == "p1"]
    assert left == [Change(left[0].position, "c", "p1", RETRACTED)]
    assert left[0].position > end, "a place in the history is never given twice"
    store.load([paper("p1", [TURBO], run="d")])
    assert told(store)[-2:] == [("c", "p1", RETRACTED), ("d", "p1", ADDED)]


def test_where_a_run_ended_is_known_even_if_it_was_cut_off(lasting: Place) -> None:
    store = lasting.fresh()
    for run in "abc":
        store.record_run(RunSummary(run, f"2024-06-0{'abc'.index(run) + 1}"))
        store.load([paper(f"{run}1", run=run)])
        if run != "b":
            store.record_run(RunSummary(run, "2024-06-01", "2024-06-02", status="finished"))
    at = store.positions(["a", "b", "c", "nobody"])
    assert sorted(at) == ["a", "b", "c"]
    assert at["a"] < at["b"] < at["c"]
    assert [c.paper for c in lasting.open().changes(at["a"]) if c.position <= at["b"]] == ["b1"]


def test_history_is_no_part_of_the_graph(store: GraphStore) -> None:
    once = paper("p1", [TURBO])
    store.load([once])
    whole = exported(store)
    store.load([paper("p1", [COCO])])
    store.load([once])
    assert exported(store) == whole
    assert list(store.check()) == []


def test_a_long_history_is_told_whole(store: GraphStore) -> None:
    start = max((c.position for c in store.changes()), default=0)
    store.load([paper(f"p{n:04}") for n in range(2300)])
    assert [c.paper for c in store.changes(start)] == [f"p{n:04}" for n in range(2300)]
