"""Verification finds a single changed value, wherever it is."""

import pytest

from graph.model import RunSummary
from graph.ontology import EntityType, Role
from graph.stores.base import GraphStore
from graph.stores.entries import Entry
from graph.stores.tokens import ApiToken, Scope
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import Said, decision, exported, paper, retold

DECISIONS = (
    decision("merge", "turbo", "sdturbo", why="one", ruleset="1", at="2024-06-01"),
    decision("split", "ffhq", "ffhq-b", papers=("p2",), why="two", ruleset="1", at="2024-06-02"),
)


def fill(store: GraphStore) -> None:
    said = [
        Said("SD-Turbo", "sdturbo", name="SD-Turbo", long_form="Stable Diffusion Turbo"),
        Said("Turbo", "turbo"),
        Said("FFHQ", "ffhq", Role.TRAINS_ON, EntityType.DATASET),
        Said("FID", "fid", Role.MEASURES, EntityType.METRIC),
        Said("SDXL-Turbo", "sdxl-turbo"),
        Said("SDXL", "sdxl"),
    ]
    fields = {
        "url": "https://example.org",
        "authors": ("Ada",),
        "categories": ("cs.CV",),
        "venue": "V",
        "code_url": "https://example.org/c",
        "upvotes": 4,
        "version": "v2",
        "doi": "10.1000/182",
        "title": "A study of drawing in one step",
    }
    store.record_run(RunSummary("run-1", "2024-06-01"))
    store.load([paper("p1", said[:1], run="run-1")])
    store.keep_entries([Entry("bad-record", "x", {"problem": "no title"}, paper="p9")])
    store.add_token(ApiToken("ada", "0" * 64, Scope.WRITE, "2024-06-01", "2025-06-01"))
    for id in ("p1", "p2"):
        store.load(
            [
                paper(
                    id,
                    said,
                    results=[(0, 2, 3, "23.3")],
                    relations=[(0, 2)],
                    run="run-1",
                    **fields,
                )
            ]
        )
    told = paper(
        "p3",
        said[:1],
        title="The same thing told of by two sources",
        sources=("crossref",),
        doi="10.1000/183",
    )
    store.load([told, retold(told, sources=("library",), venue="W")])
    store.decide(DECISIONS)


def test_every_single_change_is_found(lasting: Place) -> None:
    store = lasting.fresh()
    fill(store)
    assert list(verify(store)) == []
    whole = exported(store)
    missed, tried = [], 0
    for name, change in lasting.corruptions():
        with change:
            tried += 1
            if not list(verify(store)):
                missed.append(name)
    assert missed == []
    assert tried > 50
    assert list(verify(store)) == []
    assert exported(store) == whole


def test_a_finding_names_what_and_where(lasting: Place) -> None:
    store = lasting.fresh()
    fill(store)
    changes = dict(lasting.corruptions())
    with changes["evidence of a claim"]:
        findings = list(verify(store))
    assert any("paper 'p1'" in line and "is not the text at" in line for line in findings)


@pytest.mark.parametrize("content", [[], [paper("p1")]])
def test_a_store_without_claims_is_whole(store: GraphStore, content: list) -> None:
    store.load(content)
    assert list(verify(store)) == []
