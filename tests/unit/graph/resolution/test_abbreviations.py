"""Definitions in a text: what an abbreviation stands for in this paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.resolution.abbreviations import definitions


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We use Low-Rank Adaptation (LoRA).", "LoRA", "Low-Rank Adaptation"),
        ("many Graph Neural Networks (GNNs) are", "GNNs", "Graph Neural Networks"),
        ("SAM (Segment Anything Model) cuts", "SAM", "Segment Anything Model"),
        ("multi-modal large language models (MLLMs)", "MLLMs", "multi-modal large language models"),
        (r"\textbf{T}arget \textbf{P}olicy (\textbf{TP})", "TP", "Target Policy"),
        ("**T**arget **P**olicy **O**ptimization (**TPO**)", "TPO", "Target Policy Optimization"),
        ("TIDE: Time-series Dense Encoder\nWe", "TIDE", "Time-series Dense Encoder"),
        ("sequence-to-sequence (Seq2Seq) models", "Seq2Seq", "sequence-to-sequence"),
        ("eXplainable artificial intelligence (XAI)", "XAI", "eXplainable artificial intelligence"),
        ("explainable artificial intelligence (XAI)", "XAI", "explainable artificial intelligence"),
        ("games with a purpose (GWAP; see below)", "GWAP", "games with a purpose"),
        ("We fine-tune Llama 3 70B Instruct (Llama-3-70B)", "Llama-3-70B", None),
        ("a good model (see Table 2)", "see Table 2", None),
        ("such as BERT (BERT-base)", "BERT-base", None),
        ("we study in-context learning (ICL)", "ICL", "in-context learning"),
        ("this is done in context learning (ICL)", "ICL", None),
        ("we prompt an LLM (Llama 3) and", "LLM", None),
        ("we prompt LLMs (LLaMA-3-8B) and", "LLMs", None),
    ],
)
def test_definitions(text, short, long):
    assert dict(definitions(text)).get(short) == long


@given(st.text(alphabet="abcDEF ()[]:-.\\{}*\n", max_size=80))
def test_any_text_is_read_and_long_forms_stand_in_it(text):
    for short, long in definitions(text):
        assert short
        assert len(long) > len(short)
