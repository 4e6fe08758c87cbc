"""What is new between two runs, against two snapshots compared by hand."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.diff import ADOPTION, Diff, between, between_runs
from graph.errors import UsageError
from graph.model import RunSummary
from graph.ontology import Role
from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, decision, paper, papers

TURBO = Said("SD-Turbo", "sdturbo")
PROPOSED = Said("SD-Turbo", "sdturbo", Role.PROPOSES)
COCO = Said("COCO", "coco", Role.EVALUATES_ON)


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        yield opened


def finish(store: GraphStore, run: str) -> None:
    store.record_run(RunSummary(run, run, run, status="finished"))


def names(diff: Diff) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        kind: {news.name: news.papers for news in getattr(diff, kind)}
        for kind in ("new_entities", "first_uses", "adopters")
    }


def test_new_entities_first_uses_and_adopters_are_told_apart(store: GraphStore) -> None:
    finish(store, "r0")
    store.load([paper("p1", [PROPOSED], run="r1")])
    finish(store, "r1")
    store.load([paper("p2", [TURBO, COCO], run="r2"), paper("p3", [TURBO], run="r2")])
    finish(store, "r2")
    store.load([paper("p4", [TURBO], run="r3")])
    finish(store, "r3")
    assert names(between_runs(store, "r0", "r1")) == {
        "new_entities": {"SD-Turbo": ("p1",)},
        "first_uses": {},
        "adopters": {},
    }
    assert names(between_runs(store, "r1", "r2")) == {
        "new_entities": {"COCO": ("p2",)},
        "first_uses": {"SD-Turbo": ("p2", "p3")},
        "adopters": {},
    }
    assert names(between_runs(store, "r2", "r3"))["adopters"] == {"SD-Turbo": ("p4",)}
    assert names(between_runs(store, "r0", "r3"))["new_entities"] == {
        "SD-Turbo": ("p1", "p2", "p3", "p4"),
        "COCO": ("p2",),
    }
    assert not between_runs(store, "r2", "r2")


def test_a_spelling_that_a_decision_gives_an_entity_is_no_news(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO], run="r1")])
    finish(store, "r1")
    store.load([paper("p2", [Said("SDT", "sdt")], run="r2")])
    finish(store, "r2")
    store.decide([decision("alias", "sdturbo", "SDT")])
    assert names(between_runs(store, "r1", "r2")) == {
        "new_entities": {},
        "first_uses": {},
        "adopters": {"SD-Turbo": ("p2",)},
    }


def test_a_changed_result_is_told_with_what_it_was(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO, COCO], results=[(0, 1, None, "23.3")])])
    finish(store, "r1")
    store.load([paper("p1", [TURBO, COCO], results=[(0, 1, None, "22.0")])])
    store.load([paper("p1", [TURBO, COCO], results=[(0, 1, None, "21.9")])])
    finish(store, "r2")
    diff = between_runs(store, "r1", "r2")
    assert diff.updated == ("p1",)
    assert [(r.paper, r.entity, r.on, r.before, r.after) for r in diff.changed_results] == [
        ("p1", "SD-Turbo", "COCO", "23.3", "21.9")
    ]


def test_a_retracted_paper_is_an_id_and_nothing_else(store: GraphStore) -> None:
    finish(store, "r0")
    store.load([paper("p1", [TURBO]), paper("p2", [TURBO])])
    finish(store, "r1")
    store.remove(["p1"], "r2")
    finish(store, "r2")
    assert between_runs(store, "r1", "r2") == Diff(retracted=("p1",))
    assert names(between_runs(store, "r0", "r1"))["new_entities"] == {"SD-Turbo": ("p2",)}
    assert between_runs(store, "r0", "r1").added == ("p2",), "as if p1 had never been there"


def test_a_merge_is_no_news(store: GraphStore) -> None:
    store.load([paper("p1", [Said("Turbo", "turbo")])])
    finish(store, "r1")
    store.decide([decision("merge", "sdturbo", "turbo")])
    store.load([paper("p2", [TURBO])])
    finish(store, "r2")
    diff = between_runs(store, "r1", "r2")
    assert not diff.new_entities
    assert [news.id for news in diff.adopters] == ["turbo"]


def test_runs_must_be_there_and_in_order(store: GraphStore) -> None:
    finish(store, "r1")
    store.load([paper("p1")])
    finish(store, "r2")
    with pytest.raises(UsageError, match="no run 'r9'"):
        between_runs(store, "r1", "r9")
    with pytest.raises(UsageError, match="earlier run first"):
        between_runs(store, "r2", "r1")


@settings(max_examples=40)
@given(st.data())
def test_a_diff_is_the_difference_of_two_states(data: st.DataObject) -> None:
    """Of any two moments in a history of loads, against what the store said at each."""
    with open_store("sqlite:///:memory:") as store:
        moments = []
        for number in range(data.draw(st.integers(2, 5))):
            store.load(data.draw(st.lists(papers(), max_size=4)))
            finish(store, f"r{number}")
            moments.append(_state(store))
        first = data.draw(st.integers(0, len(moments) - 2))
        last = data.draw(st.integers(first + 1, len(moments) - 1))
        at = store.positions([f"r{first}", f"r{last}"])
        diff = between(store, at[f"r{first}"], at[f"r{last}"])
        before, after = moments[first], moments[last]
        assert set(diff.added) == after.keys() - before.keys()
        known = {entity for facts in before.values() for entity, _ in facts}
        spoken = {entity for facts in after.values() for entity, _ in facts}
        now = set(store.entities_by_id(sorted(spoken)))
        assert {news.id for news in diff.new_entities} == (spoken - known) & now
        adopted = _adopted(before)
        for news in (*diff.first_uses, *diff.adopters):
            gained = _adopted(after)[news.id] - adopted.get(news.id, set())
            assert set(news.papers) == gained
            assert (news.id in adopted) == (news in diff.adopters)
        gained_all = {e for e, who in _adopted(after).items() if who - adopted.get(e, set())}
        told = {news.id for news in (*diff.first_uses, *diff.adopters)}
        assert told == (gained_all - (spoken - known)) & now


State = dict[str, set[tuple[str, Role]]]


def _state(store: GraphStore) -> State:
    ids = [r["id"] for r in store.snapshot() if r["kind"] == "paper"]
    claims = store.claims_of_papers(ids)
    return {id: {(c.entity, c.role) for c in claims.get(id, ())} for id in ids}


def _adopted(state: State) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id, facts in state.items():
        for entity, role in facts:
            if role in ADOPTION:
                found.setdefault(entity, set()).add(id)
    return found
