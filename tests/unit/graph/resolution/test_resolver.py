"""Identity end to end: one thing, one key; two things, never one."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ontology import EntityType
from graph.resolution import RULESET, Resolver, resolve_records


def key(surface, type=None, title="", abstract="", long_form=None):
    return (
        Resolver()
        .identify(surface=surface, type=type, title=title, abstract=abstract, long_form=long_form)
        .key
    )


def test_the_paper_itself_decides_what_an_abbreviation_means():
    masks = "We prompt the Segment Anything Model (SAM) with clicks."
    minima = "Sharpness-aware minimization (SAM) finds flat minima."
    assert key("SAM", abstract=masks) == key("Segment Anything Model")
    assert key("SAM", abstract=minima) == key("sharpness-aware minimisation")
    assert key("SAM", abstract=masks) != key("SAM", abstract=minima)


def test_a_long_form_found_elsewhere_may_be_handed_in():
    assert key("SAM", long_form="Sharpness-Aware Minimization") == key(
        "SAM", abstract="Sharpness-aware minimization (SAM) finds flat minima."
    )


def test_a_new_sense_stays_apart_from_the_known_ones():
    known = key("LoRA", EntityType.METHOD)
    new = key("LoRA", EntityType.METHOD, abstract="Lossy Ranking Automata (LoRA) sort lists.")
    assert new == "lossy-ranking-automata"
    assert known == key("low-rank adaptation")


def test_other_words_for_a_known_sense_are_that_sense():
    text = "We add low-rank adaptor (LoRA) layers."
    assert key("LoRA", abstract=text) == key("Low-Rank Adaptation")


def test_names_that_several_papers_introduce_are_kept_apart():
    one = key("PRISM", title="PRISM: Looking at Light", abstract="We present PRISM.")
    two = key("PRISM", title="PRISM: Routing in Parallel", abstract="We present PRISM.")
    assert len({one, two, key("PRISM")}) == 3


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("LoRA", "LoRa"),
        ("SCAN", "scan"),
        ("TIDE", "TiDE"),
        ("RotatE", "rotate"),
        ("sCM", "SCM"),
        ("ReSearch", "research"),
        ("CLIP", "clip"),
        ("mAP", "Maps"),
        ("Dice", "DICE"),
        ("FID", "FiD"),
        ("2X", "V2X"),
        ("pass@k", "pass^k"),
    ],
)
def test_case_that_tells_things_apart(a, b):
    assert key(a) != key(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("RL from human feedback", "RLHF"),
        ("multi-hop QA", "multi-hop question answering"),
        ("OpenAI o3-mini", "o3-mini"),
        ("BLEU score", "BLEU"),
        ("MMLU benchmark", "MMLU"),
        ("text-to-image generation", "text-to-image"),
    ],
)
def test_longer_and_shorter_names_of_one_thing(a, b):
    assert key(a) == key(b)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("QA dataset", "QA"),
        ("BERT score", "BERT"),
        ("LLM framework", "LLM"),
        ("ML models", "machine learning"),
        ("COCO-Tasks", "COCO"),
        ("MATH", "mathematical reasoning"),
        ("RTE", "natural language inference"),
        ("language modeling", "language model"),
        ("vision-and-language", "vision-language model"),
    ],
)
def test_what_goes_with_a_thing_is_not_the_thing(name, other):
    assert key(name) != key(other)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("QA datasets", "question answering dataset"),
        ("NMT model", "neural machine translation models"),
        ("BERT score", "BERTScore"),
        ("Random Forest algorithm", "random forest"),
        ("the OSWorld benchmark", "OSWorld"),
        ("Google's Gemini 1.5 Pro", "Gemini 1.5 Pro"),
        ("Vision-and-Language Navigation (VLN)", "VLN"),
        ("ResNets", "ResNet"),
        ("VQA", "visual question answering"),
        ("RWKV-7", "RWKV7"),
    ],
)
def test_words_around_a_name_that_say_nothing_new(a, b):
    assert key(a) == key(b)


def test_a_long_form_cut_short_is_the_known_one():
    assert key("LoRA", abstract="Low-Rank (LoRA) updates are cheap.") == key("LoRA")


def test_the_type_separates_homonyms_only():
    assert key("GQA", EntityType.DATASET) != key("GQA", EntityType.METHOD)
    types = (None, *EntityType)
    assert len({key("MMLU-Pro", entity_type) for entity_type in types}) == 1
    assert len({key("Llama-2-7B", entity_type) for entity_type in types}) == 1


def test_context_decides_where_no_definition_does():
    text = "Good speech has prosody; TTS models read text to listeners, say speakers of speech."
    assert key("TTS", abstract=text) == key("text-to-speech")
    lattice = "A TS that rests on Thompson sampling explores."
    assert key("TS", abstract=lattice) == key("Thompson sampling")


def test_an_undecided_abbreviation_stays_apart_and_says_so():
    identity = Resolver().identify(surface="TS")
    assert identity.key not in {key("Thompson sampling"), key("time series")}
    assert "undecided" in identity.steps[-1]


def test_every_identity_explains_itself():
    for surface in ("SD Turbo", "LoRA", "SCAN", "scan", "XYZ-9", "GNNs"):
        assert all(Resolver().identify(surface=surface).steps)
    assert RULESET


def test_a_bare_query_finds_every_sense_most_likely_first():
    keys = Resolver().keys_for_name("SAM")
    assert keys[0] == key("Segment Anything Model")
    assert key("sharpness-aware minimization") in keys
    assert Resolver().keys_for_name("sd turbo")[0] == key("SD-Turbo")


RECORDS = [
    {"mention_id": str(i), "surface": s, "type": t, "title": "", "abstract": a, "context": ""}
    for i, (s, t, a) in enumerate(
        [
            ("SAM", "Model", "the Segment Anything Model (SAM)"),
            ("SAM", "Method", "Sharpness-aware minimization (SAM)"),
            ("Segment Anything Model", "Model", ""),
            ("WMT 2014", "Dataset", ""),
            ("WMT14", "Other", ""),
            ("", "", ""),
        ]
    )
]


@given(st.permutations(RECORDS))
def test_the_order_of_mentions_changes_nothing(records):
    expected = {r["mention_id"]: r["entity"] for r in resolve_records(RECORDS)}
    assert {r["mention_id"]: r["entity"] for r in resolve_records(records)} == expected


def test_a_context_stands_in_for_a_missing_abstract():
    record = RECORDS[1] | {"abstract": "", "context": RECORDS[1]["abstract"]}
    assert list(resolve_records([record])) == list(resolve_records([RECORDS[1]]))


@given(st.text(max_size=30), st.sampled_from([None, *EntityType]), st.text(max_size=60))
def test_any_text_gets_a_key(surface, entity_type, abstract):
    identity = Resolver().identify(surface=surface, type=entity_type, abstract=abstract)
    assert identity.key
    assert not set(identity.key) & set(" \t\n")


def test_a_fresh_process_gives_the_same_keys():
    names = ["SAM", "LoRA", "WMT 2014", "graph neural networks", "PRISM", "XYZ-9"]
    random.Random(3).shuffle(names)
    code = (
        "from graph.resolution import Resolver\n"
        f"print([Resolver().identify(surface=s).key for s in {names!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([key(name) for name in names])
