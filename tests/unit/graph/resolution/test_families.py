"""Families read off the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.resolution import Resolver
from graph.resolution.families import FamilyRelation, ancestors_of, parent_of


def line(name):
    return [edge.parent for edge in ancestors_of(Resolver().identify(surface=name).key)]


@pytest.mark.parametrize(
    ("name", "ancestors"),
    [
        ("Llama-3.1-8B-Instruct", ["llama-3.1-8b", "llama-3.1", "llama-3", "llama"]),
        ("SDXL-Turbo", ["sdxl"]),
        ("MMLU-Pro", ["mmlu"]),
        ("GPT-4o mini", ["gpt-4o", "gpt-4", "gpt"]),
        ("SWE-bench Verified", ["swe-bench"]),
        ("EfficientNet-B0", ["efficientnet"]),
        ("WMT 2014", ["wmt"]),
        ("Recall@10", []),
        ("text-to-image", []),
        ("large language model", []),
        ("BERT", []),
    ],
)
def test_ancestors(name, ancestors):
    assert line(name) == ancestors


def test_a_version_is_no_variant():
    assert parent_of("llama-3.1").relation is FamilyRelation.VERSION_OF
    assert parent_of("sdxl-turbo").relation is FamilyRelation.VARIANT_OF


def test_a_sense_has_no_family():
    assert parent_of("prism~routing-in-2") is None


@given(st.from_regex(r"[a-z]{1,8}(-[a-z0-9.]{1,6}){0,5}", fullmatch=True))
def test_ancestors_come_to_an_end_and_never_repeat(key):
    parents = [edge.parent for edge in ancestors_of(key)]
    assert len({key, *parents}) == len(parents) + 1
