"""What is new between runs, the same from every store."""

from graph.diff import Diff, between_runs, steps
from graph.model import RunSummary
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, paper

TURBO = Said("SD-Turbo", "sdturbo")
COCO = Said("COCO", "coco")


def finish(store: GraphStore, run: str) -> None:
    store.record_run(RunSummary(run, run, run, status="finished"))


def test_news_of_one_run_and_of_several(store: GraphStore) -> None:
    finish(store, "r0")
    store.load([paper("p1", [TURBO, COCO], results=[(0, 1, None, "23.3")], run="r1")])
    finish(store, "r1")
    store.load(
        [
            paper("p1", [TURBO, COCO], results=[(0, 1, None, "21.9")], run="r2"),
            paper("p2", [TURBO], run="r2"),
        ]
    )
    finish(store, "r2")
    store.load([paper("p3", [TURBO, Said("New", "new")], run="r3")])
    store.remove(["p2"], "r3")
    finish(store, "r3")
    at = store.positions(["r0", "r1", "r2", "r3"])
    third, second, first = steps(store, [at["r0"], at["r1"], at["r2"], at["r3"]])
    assert [n.name for n in first.new_entities] == ["COCO", "SD-Turbo"]
    assert (second.added, second.updated, second.adopters) == ((), ("p1",), ())
    assert [(r.before, r.after) for r in second.changed_results] == [("23.3", "21.9")]
    assert (third.added, third.retracted) == (("p3",), ("p2",))
    assert [(n.name, n.papers) for n in third.adopters] == [("SD-Turbo", ("p3",))]
    assert [n.name for n in third.new_entities] == ["New"]
    assert between_runs(store, "r2", "r3") == third
    assert between_runs(store, "r3", "r3") == Diff()
