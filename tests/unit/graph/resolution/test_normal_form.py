"""Writing that never tells two things apart, and writing that does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.resolution.keys import readable
from graph.resolution.normal_form import normal_form
from graph.resolution.notation import spelled_out


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("SD Turbo", "SD-Turbo"),
        ("DepthAnything", "Depth Anything"),
        ("wmt 2014", "WMT'14"),
        ("IWSLT14", "IWSLT-2014"),
        ("VQA v2", "VQA 2.0"),
        ("DeBERTaV3", "DeBERTa-v3"),
        ("Gemini 3.0 Pro", "Gemini-3-Pro"),
        ("Claude Sonnet 4", "Claude 4 Sonnet"),
        (r"$\tau$-Bench", "τ-bench"),
        (r"$\pi_{0.5}$", "pi0.5"),
        ("Mixtral 8×7B", "Mixtral-8x7b"),
        ("HumanEval+", "HumanEval Plus"),
        ("FLUX.1 [dev]", "FLUX.1-dev"),
        ("CNNs", "CNN"),
        ("graph neural networks", "Graph Neural Network"),
        ("k-nearest neighbours", "K-Nearest Neighbor"),
        ("policy optimisation", "Policy Optimization"),
        ("dialog systems", "dialogue system"),
        ("LLM-as-a-judge", "LLM as judge"),
        ("ＢＥＲＴ", "BERT"),
        ("Humanity’s Last Exam", "Humanity's Last Exam"),
    ],
)
def test_spellings_of_one_name(a, b):
    assert normal_form(a).folded == normal_form(b).folded


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Llama-2-7B", "LLaMA-27B"),
        ("Llama-2-7B", "Llama-2-13B"),
        ("SDXL-Turbo", "SD-Turbo"),
        ("MMLU", "MMLU-Pro"),
        ("VQA", "VQAv2"),
        (r"$\tau$-bench", r"$\tau^2$-bench"),
        ("chrF", "chrF++"),
        ("Phi-3", "Phi-3.5"),
        ("WMT14", "WMT16"),
        ("Qwen2.5", "Qwen25"),
        ("OK-VQA", "A-OKVQA"),
        ("wav2vec", "wav2vec 2.0"),
    ],
)
def test_names_of_different_things(a, b):
    assert normal_form(a).folded != normal_form(b).folded


@pytest.mark.parametrize("name", ["Multi-News", "Windows Agent Arena", "Atlas", "time series"])
def test_what_only_looks_like_a_plural_stays(name):
    assert normal_form(name).folded == name.replace("-", "").replace(" ", "").lower()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("R@1", "Recall@1"),
        ("mAP@[.5:.95]", "mAP50-95"),
        ("mAP@0.5:0.95", "mAP@50-95"),
        ("mAP@0.5", "mAP50"),
        ("P@5", "Precision@5"),
    ],
)
def test_notations_of_one_metric(a, b):
    assert normal_form(spelled_out(a)).folded == normal_form(spelled_out(b)).folded


@given(st.text(max_size=40))
def test_any_text_has_a_stable_normal_form(text):
    form = normal_form(text)
    assert " " not in form.folded
    assert bool(form) == bool(form.words)
    assert normal_form(text.strip()) == normal_form(f" {text.strip()} ")


FOLDED = st.from_regex(
    r"[a-z]{1,12}(\d{1,3}(\.\d)?)?([a-z]{1,10})?(-?\d{1,2}[a-z]{0,8})?", fullmatch=True
)


@given(FOLDED, FOLDED)
def test_different_names_get_different_keys(a, b):
    a, b = normal_form(a).folded, normal_form(b).folded
    assert (readable(a) == readable(b)) == (a == b)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sdxl turbo", "sdxl-turbo"),
        ("llama2-7b-chat", "llama-2-7b-chat"),
        ("GPT4o-mini", "gpt-4o-mini"),
        ("Qwen3-30B-A3B", "qwen-3-30b-a3b"),
        ("dexterous grasping of tools", "dexterous-grasping-of-tool"),
    ],
)
def test_keys_are_readable(name, key):
    assert readable(normal_form(name).folded) == key
