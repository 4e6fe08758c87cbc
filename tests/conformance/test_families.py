"""Which entities are versions and variants of which follows from those present, and from merges."""

from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import strategies as st

from graph.model import Decision, ResolvedPaper
from graph.stores.base import GraphStore
from graph.stores.families import Family, FamilyEdge, FamilyRelation
from graph.verify import verify
from tests.conformance.places import Place, Server
from tests.conformance.samples import Said, decision, exported, paper

LLAMAS = ("llama", "llama-3", "llama-3.1", "llama-3.1-8b", "llama-3.1-8b-instruct")
KEYS = (*LLAMAS, "llama-3.1-70b", "meta-model", "meta-model-2", "sdxl", "sdxl-turbo", "gpt-4o")
VERSION, VARIANT = FamilyRelation.VERSION_OF, FamilyRelation.VARIANT_OF


def on(id: str, *keys: str) -> ResolvedPaper:
    return paper(id, [Said(key, key) for key in keys])


def wider(store: GraphStore, entity: str) -> list[str]:
    return [edge.parent for edge in store.families([entity])[entity].wider]


def narrower(store: GraphStore, entity: str) -> list[str]:
    return [edge.child for edge in store.families([entity])[entity].narrower]


def test_an_edge_leads_to_the_nearest_wider_member_that_is_present(store: GraphStore) -> None:
    store.load([on("p1", "llama-3.1-8b-instruct", "llama-3", "sdxl-turbo")])
    assert wider(store, "llama-3.1-8b-instruct") == ["llama-3"]
    assert store.families(["sdxl-turbo", "absent"]) == {
        "sdxl-turbo": Family(),
        "absent": Family(),
    }
    assert narrower(store, "llama-3.1") == ["llama-3.1-8b-instruct"]  # which is not present
    assert wider(store, "llama-3.1") == ["llama-3"]
    store.load([on("p2", "llama-3.1", "llama", "sdxl")])
    assert store.families(["llama-3.1-8b-instruct"])["llama-3.1-8b-instruct"].wider == (
        FamilyEdge("llama-3.1-8b-instruct", VARIANT, "llama-3.1"),
        FamilyEdge("llama-3.1", VERSION, "llama-3"),
        FamilyEdge("llama-3", VERSION, "llama"),
    )
    assert store.families(["llama"])["llama"].narrower == (
        FamilyEdge("llama-3", VERSION, "llama"),
        FamilyEdge("llama-3.1", VERSION, "llama-3"),
        FamilyEdge("llama-3.1-8b-instruct", VARIANT, "llama-3.1"),
    )
    assert wider(store, "sdxl-turbo") == ["sdxl"]
    assert list(verify(store)) == []


def test_an_edge_goes_with_either_end(store: GraphStore) -> None:
    store.load([on("p1", "llama-3.1-8b", "llama-3")])
    before = exported(store)
    store.load([on("p2", "llama-3.1")])
    assert wider(store, "llama-3.1-8b") == ["llama-3.1", "llama-3"]
    store.remove(["p2"])
    assert exported(store) == before
    assert b'"variant_of":"llama-3"' in before
    store.remove(["p1"])
    assert exported(store) == b""


def test_what_is_merged_leaves_its_place_to_what_it_becomes(store: GraphStore) -> None:
    store.load([on("p1", "llama-3.1-8b", "llama-3.1", "llama-3", "meta-model")])
    before = exported(store)
    merge = decision("merge", "llama-3.1", "meta-model")
    store.decide([merge])
    assert wider(store, "llama-3.1-8b") == ["meta-model"]
    assert narrower(store, "meta-model") == ["llama-3.1-8b"]
    assert narrower(store, "llama-3") == []
    assert list(verify(store)) == []
    store.decide([decision("undo", merge.id, at="2024-06-02")])
    assert b"".join(exported(store).splitlines(keepends=True)[2:]) == before


def test_a_family_that_is_merged_into_its_own_member_does_not_go_round(store: GraphStore) -> None:
    store.load([on("p1", *LLAMAS)])
    store.decide([decision("merge", "llama-3", "llama-3.1")])
    assert wider(store, "llama-3.1-8b") == ["llama-3.1", "llama"]
    store.decide([decision("merge", "llama", "llama-3.1-8b", at="2024-06-02")])
    assert list(verify(store)) == []
    lines = [wider(store, entity) for entity in ("llama-3.1", "llama-3.1-8b")]
    assert sorted(lines) == [[], ["llama-3.1"]]


@pytest.mark.neo4j
def test_edges_that_other_rules_made_are_made_anew(neo4j_url: str) -> None:
    with closing(Server(neo4j_url)) as place, place.driver() as driver:
        store = place.fresh()
        store.load([on("p1", *KEYS)])
        whole = exported(store)
        driver.execute_query("MATCH (:Entity)-[f:VERSION_OF|VARIANT_OF]->() DELETE f")
        driver.execute_query("MATCH (s:Papergraph) SET s.families = 'older'")
        assert list(verify(store))
        assert exported(place.open()) == whole
        assert list(verify(store)) == []


def test_edges_are_the_same_whatever_the_order(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    papers = st.lists(
        st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True), max_size=5
    ).map(lambda said: [on(f"p{i}", *keys) for i, keys in enumerate(said)])
    pairs = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda p: p[0] != p[1])
    merges = st.lists(pairs, max_size=3).map(
        lambda merged: [
            decision("merge", a, b, at=f"2024-06-0{day}") for day, (a, b) in enumerate(merged, 1)
        ]
    )

    @property_test(papers, merges)
    def holds(loaded: list[ResolvedPaper], decided: list[Decision]) -> None:
        store = place.fresh()
        for resolved in loaded:
            store.load([resolved])
        for made in decided:
            store.decide([made])
        assert list(verify(store)) == []
        for entity, family in store.families(store.entities_by_id(KEYS)).items():
            for edge in family.narrower:
                line = store.families([edge.child])[edge.child].wider
                assert entity in [step.parent for step in line]
        left = exported(store)
        store = place.fresh()
        store.decide(decided[::-1])
        store.load(loaded[::-1])
        store.load([on("other", *KEYS)])
        store.remove(["other"])
        assert exported(store) == left
