"""Loads are atomic, idempotent, and replace exactly what they bring anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import strategies as st

from graph.errors import ExtractionError
from graph.model import Extractor, Quote
from graph.ontology import EntityType, Role
from graph.stores.base import Fingerprint, GraphStore, PaperCondition
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import EXTRACTOR, Said, corpora, exported, paper

TURBO = Said("SD-Turbo", "sdturbo")
FFHQ = Said("FFHQ", "ffhq", Role.TRAINS_ON, EntityType.DATASET, 1.0, long_form="Flickr Faces")
GPT4 = Said("GPT-4", "gpt4", Role.COMPARES_WITH)


def test_what_is_loaded_can_be_read(store: GraphStore) -> None:
    resolved = paper(
        "p1",
        [
            TURBO,
            Said("FFHQ", "ffhq", Role.TRAINS_ON, EntityType.DATASET, 1.0, None, "Flickr Faces"),
        ],
        results=[(0, 1, None, "23.3")],
        relations=[(0, 1)],
        authors=("Ada Lovelace", "Émilie du Châtelet"),
        categories=("cs.CV",),
        url="https://example.org/p1",
        venue="A venue",
        code_url="https://example.org/code",
        upvotes=0,
        version="v2",
    )
    outcome = store.load([resolved])
    assert (outcome.added, outcome.updated, outcome.unchanged) == (("p1",), (), ())
    assert outcome.claims == 2
    assert store.papers_by_id(["p1", "p2"]) == {"p1": resolved.paper}
    (turbo, ffhq) = store.claims_of_papers(["p1"])["p1"]
    assert (turbo.entity, turbo.role, turbo.confidence) == ("sdturbo", Role.USES, 0.9)
    assert turbo.evidence.text == "We uses SD-Turbo at 0."
    assert [m.text for m in turbo.mentions] == ["SD-Turbo"]
    assert (turbo.extractor_name, turbo.extractor_version) == (EXTRACTOR.name, EXTRACTOR.version)
    assert (ffhq.long_form, ffhq.type) == ("Flickr Faces", EntityType.DATASET)
    assert store.claims_of_papers(["p1"], frozenset({Role.TRAINS_ON})) == {"p1": (ffhq,)}
    (result,) = store.results_of_papers(["p1"])["p1"]
    assert (result.entity, result.on, result.metric, result.value) == (
        "sdturbo",
        "ffhq",
        None,
        "23.3",
    )
    assert "23.3" in result.evidence.text
    (relation,) = store.relations_of_papers(["p1"])["p1"]
    assert (relation.head, relation.tail) == ("sdturbo", "ffhq")
    assert store.fingerprints(["p1", "nil"]) == {
        "p1": Fingerprint.of(resolved.paper, EXTRACTOR, "rules-1")
    }
    counts = store.counts()
    assert (counts.papers, counts.entities, counts.claims) == (1, 2, 2)
    assert (counts.results, counts.relations) == (1, 1)
    assert counts.types == {EntityType.MODEL: 1, EntityType.DATASET: 1}
    assert counts.roles == {Role.USES: 1, Role.TRAINS_ON: 1}


def test_a_second_load_changes_nothing(store: GraphStore) -> None:
    batch = [paper("p1", [TURBO, GPT4], relations=[(0, 1)]), paper("p2", [TURBO], on=None)]
    store.load(batch)
    before, version = exported(store), store.data_version()
    outcome = store.load(batch[::-1])
    assert sorted(outcome.unchanged) == ["p1", "p2"]
    assert (outcome.added, outcome.updated, outcome.claims) == ((), (), 0)
    assert exported(store) == before
    assert store.data_version() == version


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(paper("p1", [GPT4]), id="text"),
        pytest.param(paper("p1", [TURBO], upvotes=5), id="metadata"),
        pytest.param(paper("p1", [TURBO], on=date(2020, 1, 1)), id="date"),
        pytest.param(paper("p1", [TURBO], extractor=Extractor("test", "2")), id="extractor"),
        pytest.param(paper("p1", [replace(TURBO, key="sdturbo-2")]), id="identity"),
        pytest.param(paper("p1", []), id="nothing left"),
    ],
)
def test_a_changed_paper_replaces_exactly_its_claims(place: Place, changed: object) -> None:
    other = paper("p2", [TURBO, GPT4])
    store = place.fresh()
    store.load([paper("p1", [TURBO]), other])
    version = store.data_version()
    assert store.load([changed]).updated == ("p1",)
    assert store.data_version() != version
    replaced = exported(store)
    assert list(verify(store)) == []
    store = place.fresh()
    store.load([changed, other])
    assert exported(store) == replaced


def test_the_last_of_two_papers_with_one_id_counts(store: GraphStore) -> None:
    store.load([paper("p1", [TURBO]), paper("p1", [GPT4])])
    assert [claim.key for claim in store.claims_of_papers(["p1"])["p1"]] == ["gpt4"]
    assert store.count_papers(PaperCondition()) == 1


def test_entities_of_one_key_in_one_paper_are_one_claim(store: GraphStore) -> None:
    said = [
        Said("GPT4", "gpt4", Role.MENTIONS, confidence=0.95),
        Said("GPT-4", "gpt4", Role.EVALUATES_ON, EntityType.BENCHMARK, confidence=0.6),
        Said("GPT 4", "gpt4", Role.TRAINS_ON, EntityType.DATASET, confidence=0.8),
        TURBO,
    ]
    store.load([paper("p1", said, results=[(2, None, None, "7")], relations=[(0, 1), (0, 3)])])
    claim, _ = store.claims_of_papers(["p1"])["p1"]
    assert (claim.role, claim.type, claim.surface) == (
        Role.EVALUATES_ON,
        EntityType.BENCHMARK,
        "GPT-4",
    )
    assert claim.confidence == 0.95
    assert claim.evidence.text == "We evaluates_on GPT-4 at 1."
    assert [m.text for m in claim.mentions] == ["GPT4", "GPT-4", "GPT 4"]
    assert [r.entity for r in store.results_of_papers(["p1"])["p1"]] == ["gpt4"]
    relations = store.relations_of_papers(["p1"])["p1"]
    assert [(r.head, r.tail) for r in relations] == [("gpt4", "sdturbo")]
    (entity,) = store.entities_by_id(["gpt4"]).values()
    assert (entity.papers, entity.types) == (1, ((EntityType.BENCHMARK, 1),))


def _broken(change: str) -> object:
    good = paper("bad", [TURBO], results=[(0, None, None, "1")])
    extraction = good.extraction
    entity = extraction.entities[0]
    moved = Quote(entity.evidence.start + 1, entity.evidence.end + 1, entity.evidence.text)
    match change:
        case "evidence":
            broken = replace(extraction, entities=(replace(entity, evidence=moved),))
        case "mention":
            broken = replace(extraction, entities=(replace(entity, mentions=(moved,)),))
        case "confidence":
            broken = replace(extraction, entities=(replace(entity, confidence=float("nan")),))
        case "index":
            broken = replace(extraction, results=(replace(extraction.results[0], entity=5),))
        case "text":
            broken = replace(extraction, text_sha256="0" * 64)
        case "identities":
            return replace(good, identities=())
        case "surrogate":
            return paper("bad", [], extra="half \ud800 a character")
        case _:
            return paper("a\0b", [])
    return replace(good, extraction=broken)


@pytest.mark.parametrize(
    "change",
    ["evidence", "mention", "confidence", "index", "text", "identities", "surrogate", "id"],
)
def test_a_batch_with_a_misfit_is_refused_whole(store: GraphStore, change: str) -> None:
    store.load([paper("p1", [TURBO])])
    before = exported(store)
    with pytest.raises(ExtractionError, match=r"paper '(bad|a.x00b)'"):
        store.load([paper("p2", [GPT4]), _broken(change)])
    assert exported(store) == before


def test_order_and_size_of_batches_do_not_matter(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    @property_test(corpora(), st.randoms(use_true_random=False), st.integers(1, 4))
    def holds(corpus: list, random: object, size: int) -> None:
        store = place.fresh()
        store.load(corpus)
        whole = exported(store)
        assert list(verify(store)) == []
        random.shuffle(corpus)
        store = place.fresh()
        for start in range(0, len(corpus), size):
            store.load(corpus[start : start + size])
        assert exported(store) == whole


def test_text_comes_back_as_it_was(store: GraphStore) -> None:
    odd = "\u202etxet \u0000 tab\t 🧪 e\u0301 ﬁ İ ß 'one' \"two\" \\ {x:1}) DETACH DELETE n //"
    name = "Robert'); DROP TABLE papers;--"
    resolved = paper("p/ü 'x' \"y\"", [Said(name, "robert")], title=odd, extra=odd)
    store.load([resolved])
    assert store.papers_by_id([resolved.paper.id]) == {resolved.paper.id: resolved.paper}
    (claim,) = store.claims_of_papers([resolved.paper.id])[resolved.paper.id]
    assert claim.surface == name
    assert list(verify(store)) == []
