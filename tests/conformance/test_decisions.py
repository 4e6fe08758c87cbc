"""Decisions project claims anew, can be undone, and destroy nothing."""

from itertools import permutations

import pytest

from graph.errors import IdentityError
from graph.ontology import EntityType, Role
from graph.stores.base import GraphStore
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import Said, decision, exported, paper

TURBO = Said("SD-Turbo", "sdturbo", name="SD-Turbo")
FAST = Said("fast SD", "fastsd")
GPT4 = Said("GPT-4", "gpt4", Role.COMPARES_WITH)
CORPUS = (
    paper("p1", [TURBO, GPT4], relations=[(0, 1)]),
    paper("p2", [FAST, TURBO], relations=[(0, 1)], results=[(0, None, None, "9")]),
    paper("p3", [FAST]),
)
MERGE = decision("merge", "fastsd", "sdturbo", why="the same model", at="2024-06-01")


@pytest.fixture
def filled(store: GraphStore) -> GraphStore:
    store.load(CORPUS)
    return store


def test_merge_moves_claims_aliases_and_counts(filled: GraphStore) -> None:
    version = filled.data_version()
    filled.decide([MERGE])
    assert filled.data_version() != version
    assert set(filled.entities_by_id(["sdturbo", "fastsd"])) == {"sdturbo"}
    turbo = filled.entities_by_id(["sdturbo"])["sdturbo"]
    assert (turbo.name, turbo.papers) == ("SD-Turbo", 3)
    assert {(a.surface, a.papers) for a in turbo.aliases} == {("SD-Turbo", 2), ("fast SD", 2)}
    assert [row.id for row in filled.entities_named("fastsd")] == ["sdturbo"]
    assert [row.id for row in filled.search_entities("fast sd", frozenset(), 5)] == ["sdturbo"]
    claims = filled.claims_of_papers(["p2"])["p2"]
    assert [(claim.key, claim.entity) for claim in claims] == [
        ("fastsd", "sdturbo"),
        ("sdturbo", "sdturbo"),
    ]
    assert filled.results_of_papers(["p2"])["p2"][0].entity == "sdturbo"
    assert list(filled.relations_of_papers(["p1", "p2"])) == ["p1"]
    assert filled.counts().relations == 1
    assert filled.decisions() == (MERGE,)
    assert list(verify(filled)) == []


def test_undo_restores_every_byte_but_the_ledger(filled: GraphStore) -> None:
    before = exported(filled)
    undo = decision("undo", MERGE.id, at="2024-06-02")
    filled.decide([MERGE])
    filled.decide([undo])
    assert filled.decisions() == (MERGE, undo)
    lines = exported(filled).splitlines(keepends=True)
    assert b"".join(lines[2:]) == before
    redo = decision("undo", undo.id, at="2024-06-03")
    filled.decide([redo])
    assert set(filled.entities_by_id(["sdturbo", "fastsd"])) == {"sdturbo"}
    assert list(verify(filled)) == []


def test_split_moves_only_the_papers_named(filled: GraphStore) -> None:
    filled.decide([decision("split", "fastsd", "fastsd-2", papers=("p3", "p-later"))])
    entities = filled.entities_by_id(["fastsd", "fastsd-2"])
    assert {id: row.papers for id, row in entities.items()} == {"fastsd": 1, "fastsd-2": 1}
    filled.load([paper("p-later", [FAST]), paper("p-other", [FAST])])
    entities = filled.entities_by_id(["fastsd", "fastsd-2"])
    assert {id: row.papers for id, row in entities.items()} == {"fastsd": 2, "fastsd-2": 2}
    assert list(verify(filled)) == []


def test_rename_and_retype_hold_for_papers_to_come(filled: GraphStore) -> None:
    filled.decide(
        [
            decision("rename", "fastsd", "Fast Stable Diffusion"),
            decision("retype", "fastsd", "Method"),
        ]
    )
    filled.load([paper("p4", [FAST])])
    row = filled.entities_by_id(["fastsd"])["fastsd"]
    assert (row.name, row.type) == ("Fast Stable Diffusion", EntityType.METHOD)
    assert row.types == ((EntityType.MODEL, 3),)
    undo = [decision("undo", d.id, at="2024-07-01") for d in filled.decisions()]
    filled.decide(undo)
    row = filled.entities_by_id(["fastsd"])["fastsd"]
    assert (row.name, row.type) == ("fast SD", EntityType.MODEL)
    assert list(verify(filled)) == []


def test_one_thing_has_one_type_by_vote_whatever_its_papers_call_it(place: Place) -> None:
    kinds = (EntityType.MODEL, EntityType.METHOD, EntityType.METHOD, EntityType.MODEL)
    papers = [
        paper(f"p{i}", [Said("LoRA", "lora", Role.USES, kind)]) for i, kind in enumerate(kinds)
    ]
    exports = set()
    for order in (papers, papers[::-1]):
        store = place.fresh()
        for one in order:
            store.load([one])
        (row,) = store.entities_named("lora")
        assert row.type is EntityType.MODEL  # a tie, which the ontology's order settles
        assert row.types == ((EntityType.MODEL, 2), (EntityType.METHOD, 2))
        exports.add(exported(store))
    assert len(exports) == 1
    store.remove(["p0"])
    (row,) = store.entities_named("lora")
    assert row.type is EntityType.METHOD
    assert row.types == ((EntityType.METHOD, 2), (EntityType.MODEL, 1))
    store.decide([decision("retype", "lora", "Model")])
    store.load([papers[1]])
    (row,) = store.entities_named("lora")
    assert (row.type, row.types[0]) == (EntityType.MODEL, (EntityType.METHOD, 2))
    assert store.counts().types == {EntityType.MODEL: 1}
    assert list(verify(store)) == []


def test_an_alias_gives_a_spelling_to_an_entity_whatever_its_key(filled: GraphStore) -> None:
    before = exported(filled)
    alias = decision("alias", "sdturbo", "Fast-SD", at="2024-06-01")
    filled.decide([alias])
    assert set(filled.entities_by_id(["sdturbo", "fastsd"])) == {"sdturbo"}
    filled.load(
        [paper("p4", [Said("fast  sd", "another-key")]), paper("p5", [Said("faster", "f")])]
    )
    claims = filled.claims_of_papers(["p2", "p4", "p5"])
    assert {claim.entity for claim in (*claims["p2"], *claims["p4"])} == {"sdturbo"}
    assert claims["p5"][0].entity == "f"
    assert filled.results_of_papers(["p2"])["p2"][0].entity == "sdturbo"
    filled.decide([decision("merge", "sdturbo", "gpt4", at="2024-06-02")])
    assert filled.claims_of_papers(["p4"])["p4"][0].entity == "gpt4"
    assert list(verify(filled)) == []
    undo = [decision("undo", d.id, at="2024-06-03") for d in filled.decisions()]
    filled.decide(undo)
    filled.remove(["p4", "p5"])
    assert b"".join(exported(filled).splitlines(keepends=True)[4:]) == before


def test_keeping_two_apart_moves_nothing(filled: GraphStore) -> None:
    before = exported(filled)
    filled.decide([decision("keep-apart", "fastsd", "sdturbo")])
    assert b"".join(exported(filled).splitlines(keepends=True)[1:]) == before


def test_decisions_and_papers_commute(place: Place) -> None:
    chain = [
        MERGE,
        decision("merge", "sdturbo", "gpt4", at="2024-06-02"),
        decision("split", "gpt4", "apart", papers=("p3",), at="2024-06-03"),
        decision("rename", "apart", "Apart", at="2024-06-04"),
    ]
    outcomes = set()
    for order in permutations(range(3)):
        store = place.fresh()
        for step in order:
            if step == 0:
                store.load(CORPUS)
            elif step == 1:
                store.decide(chain[:2][::-1])
            else:
                store.decide(chain[2:])
        outcomes.add(exported(store))
        assert list(verify(store)) == []
    assert len(outcomes) == 1


def test_a_decision_taken_twice_is_one(filled: GraphStore) -> None:
    filled.decide([MERGE, MERGE])
    version = filled.data_version()
    filled.decide([MERGE])
    assert filled.decisions() == (MERGE,)
    assert filled.data_version() == version


def test_an_undo_of_nothing_is_refused_and_changes_nothing(filled: GraphStore) -> None:
    before = exported(filled)
    with pytest.raises(IdentityError, match="nowhere"):
        filled.decide([MERGE, decision("undo", "nowhere")])
    assert exported(filled) == before
