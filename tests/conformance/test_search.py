"""Entities are found in any spelling, by their beginning, and with a slip of the pen."""

import pytest

from graph.naming import fold
from graph.ontology import EntityType
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, paper

SPELLINGS = (
    ("sdturbo", "SD-Turbo", EntityType.MODEL),
    ("stable-diffusion", "Stable Diffusion", EntityType.MODEL),
    ("stylegan-t", "StyleGAN-T", EntityType.MODEL),
    ("imagenet", "ImageNet", EntityType.DATASET),
    ("fid", "Fréchet inception distance", EntityType.METRIC),
    ("tau2", "τ²-bench", EntityType.BENCHMARK),
    ("vqa", "视觉问答", EntityType.TASK),
    ("sd", "SD", EntityType.MODEL),
    ("c", "C", EntityType.MODEL),
    ("marks", "???", EntityType.MODEL),
)


@pytest.fixture
def filled(store: GraphStore) -> GraphStore:
    said = [Said(surface, key, type=type) for key, surface, type in SPELLINGS]
    store.load(
        [paper("p1", said), paper("p2", said[:1]), paper("p3", [Said("SD turbo", "sdturbo")])]
    )
    return store


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SD-Turbo", "sdturbo"),
        ("sd turbo", "sdturbo"),
        ("sd-trubo", "sdturbo"),
        ("SDTurb", "sdturbo"),
        ("sdturbos", "sdturbo"),
        ("stable difusion", "stable-diffusion"),
        ("diffusion", "stable-diffusion"),
        ("stylgan-t", "stylegan-t"),
        ("imagnet", "imagenet"),
        ("frechet inception", "fid"),
        ("tau", None),
        ("τ² bench", "tau2"),
        ("视觉", "vqa"),
        ("sd", "sd"),
        ("C", "c"),
        ("???", "marks"),
        ("no such thing at all", None),
        ('" OR *', None),
        ("", None),
    ],
)
def test_search(filled: GraphStore, text: str, wanted: str | None) -> None:
    found = [row.id for row in filled.search_entities(text, frozenset(), 5)]
    if wanted:
        assert found[0] == wanted
    else:
        assert found == [] or text == "tau"


def test_search_can_be_narrowed_to_types(filled: GraphStore) -> None:
    found = filled.search_entities("image", frozenset({EntityType.MODEL}), 5)
    assert "imagenet" not in [row.id for row in found]
    assert filled.search_entities("image", frozenset({EntityType.DATASET}), 5)[0].id == "imagenet"
    assert len(filled.search_entities("s", frozenset(), 2)) == 2


def test_a_name_is_found_in_any_spelling(filled: GraphStore) -> None:
    for spelling in ("SD-Turbo", "sd turbo", "SDTURBO", "Ｓd_Turbo"):
        (row,) = filled.entities_named(fold(spelling))
        assert (row.id, row.papers) == ("sdturbo", 3)
    assert filled.entities_named(fold("SD-Turb")) == ()


def test_homonyms_are_all_found_the_most_used_first(store: GraphStore) -> None:
    store.load(
        [
            paper("p1", [Said("SAM", "segment-anything")]),
            paper("p2", [Said("Sam", "sharpness-aware-minimization", type=EntityType.METHOD)]),
            paper("p3", [Said("SAM", "sharpness-aware-minimization", type=EntityType.METHOD)]),
        ]
    )
    found = [row.id for row in store.entities_named("sam")]
    assert found == ["sharpness-aware-minimization", "segment-anything"]
