"""Which names a paper defines as short for which."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extract.components.abbreviations import Abbreviations, find_abbreviations
from extract.extensions import declare
from extract.tokenizer import PaperTokenizer


def defined(text: str) -> dict[str, str]:
    return {text[slice(*s)]: text[slice(*long)] for s, long in find_abbreviations(text)}


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We use Proximal Policy Optimization (PPO) here.", "PPO", "Proximal Policy Optimization"),
        ("a novel Length-bAsed StEp Reward shaping method (LASER), which", "LASER",
         "Length-bAsed StEp Reward shaping"),
        ("we propose the Latent Geometry Model (LGM) of", "LGM", "Latent Geometry Model"),
        ("turn Stable Diffusion (SD) into", "SD", "Stable Diffusion"),
        ("for large language models (LLMs) and", "LLM", "large language model"),
        ("a Vision Transformer (ViT)", "ViT", "Vision Transformer"),
        ("Discrete Diffusion Adaptation (DiDA)", "DiDA", "Discrete Diffusion Adaptation"),
        ("text-to-video (T2V) generation", "T2V", "text-to-video"),
        ("eXtended Reality (XR)", "XR", "eXtended Reality"),
        ("multi-modal large language models (MLLMs)", "MLLM", "multi-modal large language model"),
        ("Abstraction and Reasoning Corpus (ARC)", "ARC", "Abstraction and Reasoning Corpus"),
        ("Instruction-based Image Editing Model (IIEM)", "IIEM",
         "Instruction-based Image Editing Model"),
        ("an FID (Frechet Inception Distance) of 3", "FID", "Frechet Inception Distance"),
        ("LASER (Length-bAsed StEp Reward)", "LASER", "Length-bAsed StEp Reward"),
        (r"\textbf{Neural Fields} (NF)", "NF", "Neural Fields"),
        (r"the $\alpha$-Proximal Optimization ($\alpha$-PO; see) uses Group Loss (GL)", "GL",
         "Group Loss"),
        ("Mean Average Precision [mAP]", "mAP", "Mean Average Precision"),
        ("chain-of-thought (CoT) prompting", "CoT", "chain-of-thought"),
    ],
)  # fmt: skip
def test_definitions(text: str, short: str, long: str) -> None:
    assert defined(text)[short] == long


@pytest.mark.parametrize(
    "text",
    [
        "We beat them (see Table 2).",
        "It gains 3 points (GPT-4 is behind).",
        "the rival model (BERT) loses",
        "It ends. Proximal things follow. (PPO)",
        "one thing, policy optimization; and another (PPO)",
        "PPO (PPO)",
        "in (a) and (b) and ()",
        "(((",
        "accuracy (%)",
        "SGD (with a rate of 0.1)",
    ],
)
def test_brackets_that_define_nothing(text: str) -> None:
    assert defined(text) == {}


def test_the_first_definition_of_a_short_form_holds() -> None:
    text = "Stable Diffusion (SD) is not Standard Deviation (SD)."
    assert defined(text) == {"SD": "Stable Diffusion"}


WORD = st.text(string.ascii_lowercase, min_size=3, max_size=9)


@given(st.lists(WORD, min_size=2, max_size=5), st.text(string.ascii_lowercase + " ", max_size=30))
def test_initials_are_always_found(words: list[str], before: str) -> None:
    short = "".join(w[0] for w in words).upper()
    long = " ".join(words)
    assume(
        short.lower() not in long.split() and not {"for", "and", "the", "from", "with"} & {*words}
    )
    assert defined(f"{before}. {long.title()} ({short}) works.")[short] == long.title()


@given(st.text(alphabet="aB-c ()[].,;$\\{}\nXx2s", max_size=80) | st.text())
def test_whatever_the_text_pairs_are_stretches_of_it(text: str) -> None:
    for (a, b), (c, d) in find_abbreviations(text):
        assert 0 <= a < b <= len(text)
        assert 0 <= c < d <= len(text)
        assert b <= c or d <= a
        assert d - c > b - a
        assert "\n" not in text[c:d]


def test_the_component_leaves_spans(en_vocab) -> None:
    declare()
    text = "A title\nThe large language models (LLMs) of today."
    doc = Abbreviations()(PaperTokenizer(en_vocab)(text))
    assert [(s.text, long.text) for s, long in doc._.abbreviations] == [
        ("LLM", "large language model")
    ]
