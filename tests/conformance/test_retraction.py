"""A paper that is removed leaves nothing, and takes nothing of another's."""

from collections.abc import Callable

from graph.model import ResolvedPaper
from graph.stores.base import GraphStore, PaperCondition
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import Said, corpora, decision, exported, paper, renamed

TURBO, GPT4 = Said("SD-Turbo", "sdturbo"), Said("GPT-4", "gpt4")


def test_removing_a_leaves_what_b_alone_gives(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    merge = decision("merge", "gpt4", "sdturbo")

    @property_test(corpora(), corpora())
    def holds(a: list[ResolvedPaper], b: list[ResolvedPaper]) -> None:
        a = [renamed(resolved, "a") for resolved in a]
        store = place.fresh()
        store.load(a)
        store.decide([merge])
        store.load(b)
        removed = store.remove([resolved.paper.id for resolved in a])
        assert set(removed) == {resolved.paper.id for resolved in a}
        assert list(verify(store)) == []
        left = exported(store)
        store = place.fresh()
        store.load(b)
        store.decide([merge])
        assert exported(store) == left


def test_an_entity_lives_while_a_claim_supports_it(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO, GPT4]), paper("p2", [TURBO])])
    assert store.remove(["p1", "absent", "p1"]) == ("p1",)
    assert set(store.entities_by_id(["sdturbo", "gpt4"])) == {"sdturbo"}
    assert store.entities_named("gpt4") == ()
    assert store.search_entities("GPT-4", frozenset(), 10) == ()
    assert store.remove(["p2"]) == ("p2",)
    assert store.entities_named("sdturbo") == ()
    assert store.count_papers(PaperCondition(text="study")) == 0
    assert exported(store) == b""


def test_a_decision_outlives_the_papers_it_was_about(store: GraphStore) -> None:
    store.load([paper("p1", [GPT4])])
    store.decide([decision("merge", "gpt4", "sdturbo")])
    store.remove(["p1"])
    store.load([paper("p2", [GPT4])])
    assert [claim.entity for claim in store.claims_of_papers(["p2"])["p2"]] == ["sdturbo"]


def test_removing_nothing_changes_nothing(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO])])
    version = store.data_version()
    assert store.remove([]) == ()
    assert store.remove(["absent"]) == ()
    assert store.data_version() == version
