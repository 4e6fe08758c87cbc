"""Measured quality: on our own benchmark, and on names that no hand-written alias touches."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.names.score import (
    HERE,
    METHODS,
    Mention,
    ours,
    read_mentions,
    read_pairs,
    score,
    score_pairs,
)
from graph.resolution.tables import aliases

SHARED = Path(__file__).parents[5] / "shared" / "names" / "dev.mentions.jsonl"


def test_our_benchmark_is_large_and_hard_enough():
    mentions = read_mentions()
    meanings = defaultdict(set)
    for mention in mentions:
        meanings[mention.surface].add(mention.thing)
    assert len(mentions) >= 150
    assert sum(len(things) > 1 for things in meanings.values()) >= 10
    folded = METHODS["case and punctuation folded"]
    assert score(mentions, folded(mentions))["pairwise F1"] < 0.7


def test_quality_on_our_benchmark():
    mentions = read_mentions()
    figures = score(mentions, ours(mentions)) | score_pairs(read_pairs(), ours)
    assert figures["pairwise F1"] >= 0.90
    assert figures["B³ F1"] >= 0.95
    assert figures["variant recall"] >= 0.90
    assert figures["false merges"] <= 0.04
    assert figures["homonyms apart"] >= 0.75
    assert figures["must merge"] >= 0.95
    assert figures["must not, merged"] <= 0.01


def test_quality_on_recent_names():
    mentions = read_mentions(HERE / "recent_papers.md")
    pairs = read_pairs(HERE / "recent_pairs.tsv")
    figures = score(mentions, ours(mentions)) | score_pairs(pairs, ours)
    assert len(mentions) >= 150
    assert len(pairs) >= 350
    assert figures["pairwise F1"] >= 0.95
    assert figures["false merges"] <= 0.01
    assert figures["homonyms apart"] >= 0.95
    assert figures["must merge"] >= 0.95
    assert figures["must not, merged"] <= 0.003


def test_quality_on_names_for_which_nothing_was_mended():
    pairs = read_pairs(HERE / "unseen_pairs.tsv")
    figures = score_pairs(pairs, ours)
    assert len(pairs) >= 250
    assert figures["must merge"] >= 0.94
    assert figures["must not, merged"] <= 0.003


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/names")
def test_families_without_a_hand_written_alias_score_like_the_rest():
    families = defaultdict(list)
    for line in SHARED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        families[row["family"]].append(
            Mention(row["surface"], row["type"], row["title"], row["abstract"], row["cluster"])
        )
    by_hand = {*aliases().spelled.values(), *aliases().exact.values()}
    touched, held_out = [], []
    for mentions in families.values():
        known = any(key in by_hand for key in ours(mentions))
        (touched if known else held_out).extend(mentions)
    assert len(held_out) > 300
    figures = score(held_out, ours(held_out))
    rest = score(touched, ours(touched))
    assert figures["pairwise F1"] >= max(0.90, rest["pairwise F1"] - 0.05)
    assert figures["B³ F1"] >= max(0.95, rest["B³ F1"] - 0.03)
    assert figures["homonyms apart"] >= 0.9
