"""The review queue: what is proposed to a person, and in which order."""

import random

from graph.resolution.candidates import EntityName, candidates


def names(*rows):
    return [EntityName(*row) for row in rows]


def pairs(entities):
    return [(c.a, c.b) for c in candidates(entities)]


def test_alike_names_are_proposed_the_rarer_into_the_more_used():
    found = pairs(names(("visualgenome", "VisualGenome", 40), ("visualgenomes", "VisualGenoms", 2)))
    assert found == [("visualgenomes", "visualgenome")]


def test_names_whose_numbers_differ_are_not():
    assert not pairs(
        names(("longformer-2", "Longformer 2", 9), ("longformer-3", "Longformer 3", 9))
    )


def test_members_of_one_family_are_not():
    assert not pairs(
        names(
            ("stablediffusion-xl", "StableDiffusion XL", 9),
            ("stablediffusion", "StableDiffusion", 9),
        )
    )
    assert not pairs(
        names(
            ("whisperflow-large", "WhisperFlow large", 9),
            ("whisperflow-largest", "WhisperFlow largest", 9),
        )
    )


def test_the_influential_case_comes_first():
    entities = names(
        ("sciencebord", "ScienceBord", 1),
        ("scienceboard", "ScienceBoard", 1),
        ("quizbowll", "QuizBowll", 60),
        ("quizbowl", "QuizBowl", 90),
    )
    assert pairs(entities)[0] == ("quizbowll", "quizbowl")


def test_an_undecided_abbreviation_is_asked_about():
    entities = names(("ts", "TS", 8), ("thompson-sampling", "Thompson sampling", 5))
    assert ("thompson-sampling", "ts") in pairs(entities)


def test_order_of_entities_is_irrelevant_and_the_limit_holds():
    entities = names(*((f"datasett{c}{c}", f"Datasett{c}{c}", i) for i, c in enumerate("abcdefgh")))
    shuffled = random.Random(1).sample(entities, len(entities))
    assert candidates(entities) == candidates(shuffled)
    assert len(candidates(entities, limit=3)) == 3


def test_a_typo_is_found_among_many():
    crowd = [(f"k{i}", f"{chr(97 + i % 26)}{i * 7919 % 100003}", 1) for i in range(3000)]
    entities = names(
        *crowd, ("flashattenton", "FlashAttenton", 2), ("flashattention", "FlashAttention", 50)
    )
    assert ("flashattenton", "flashattention") in pairs(entities)
