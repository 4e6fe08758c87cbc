"""A name begins and ends where a token does, and no character of the text is lost."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from extract.tokenizer import PaperTokenizer, token_bounds

TOKENIZE = PaperTokenizer(Vocab())


@given(st.text())
def test_doc_text_is_the_input_exactly(text: str) -> None:
    assert TOKENIZE(text).text == text


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "  two", "two  ", "a \n b", "\t\ttab ", "nul\x00byte", "é ≠ é\u0301",
     "zero\u200bwidth", "🤗 Hub 👩‍🔬", "line\r\nend", "\u2028", "\ufeffmark"],
)  # fmt: skip
def test_white_space_and_odd_characters_survive(text: str) -> None:
    assert TOKENIZE(text).text == text


@given(st.text())
def test_bounds_are_those_of_the_docs_visible_tokens(text: str) -> None:
    doc = TOKENIZE(text)
    visible = [(t.idx, t.idx + len(t)) for t in doc if not t.text.isspace()]
    assert visible == list(token_bounds(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We compare LLMs of all sizes.", "LLM"),
        ("diffusion models are slow", "diffusion model"),
        ("on DeepSeek-R1-Distill-Qwen-1.5B, we", "DeepSeek-R1-Distill-Qwen-1.5B"),
        ("the $f$-divergence of", "$f$-divergence"),
        ("on AG's News and", "AG's News"),
        ("a StyleGAN-T-based model", "StyleGAN-T"),
        ("gains +6.1% over", "+6.1%"),
        (r"reaches 44.7\% there", r"44.7\%"),
        (r"called \textbf{FastVid}.", "FastVid"),
        ("score_pass@1", "pass@1"),
        ("GPT-4o/LLaVA", "GPT-4o"),
    ],
)
def test_names_and_values_end_at_token_bounds(text: str, name: str) -> None:
    start = text.index(name)
    assert TOKENIZE(text).char_span(start, start + len(name)) is not None


@pytest.mark.parametrize("word", ["loss", "corpus", "analysis", "s", "is"])
def test_words_that_end_in_s_without_being_plurals_stay_whole(word: str) -> None:
    assert [t.text for t in TOKENIZE(word)] == [word]


def test_a_saved_pipeline_comes_back_with_this_tokenizer(tmp_path) -> None:
    nlp = spacy.blank(
        "en", config={"nlp": {"tokenizer": {"@tokenizers": "papergraph.PaperTokenizer.v1"}}}
    )
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    assert isinstance(again.tokenizer, PaperTokenizer)
    assert [t.text for t in again("AG's LLMs")] == ["AG", "'", "s", "LLM", "s"]
