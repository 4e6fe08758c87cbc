"""Evidence is quoted by the sentence, so a full stop that ends none must not cut it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.components.sentences import LONGEST, find_sentences


def split(abstract: str, title: str = "A title") -> list[str]:
    text = f"{title}\n{abstract}"
    found = [text[a:b] for a, b in find_sentences(text, len(title))]
    assert found[0] == title.strip()
    return found[1:]


@pytest.mark.parametrize(
    "one",
    [
        "We use models, e.g. Qwen, and data.",
        "We follow Smith et al. (2019) in this.",
        "It beats rivals (vs. GPT-4) by 3.5 points.",
        "LLaMA 3.1 and v1.5 of it, i.e. Two models, are tuned.",
        "The agent Dr. Zero learns alone.",
        "See Fig. 2 and Eq. 3 of the paper.",
        "It gains 2.5% over J. Smith and friends.",
        "Questions come from Yahoo! Answers and others.",
        "The code is at github.com/x/y.git for all.",
        "It is wrapped\nin lines\nas some sources do.",
    ],
)
def test_one_sentence_stays_one(one: str) -> None:
    assert split(one) == [one]


@pytest.mark.parametrize(
    ("abstract", "count"),
    [
        ("We do this. They do that.", 2),
        ("Is it so? It is! Good.", 3),
        ("We add noise, etc. The rest follows.", 2),
        ("It reaches 81.2% on GSM8K. We release it.", 2),
        ("It wins on GSM8K-V. However, it is slow.", 2),
        (r"It is fast. \textbf{Vid} is faster. $k$-NN is not.", 3),
        ("It is fast. vLLM serves it.", 2),
        ("It is fast.We serve it.", 2),
        ("It is (very) fast.) We serve it.", 2),
        ("First paragraph\n\nsecond paragraph", 2),
        ("We show: \n- one\n- two", 3),
        ('He said "done." Then it ended.', 2),
    ],
)
def test_sentences_are_separated(abstract: str, count: int) -> None:
    assert len(split(abstract)) == count


def test_a_title_with_a_full_stop_is_one_sentence() -> None:
    assert split("It is. We are.", title="No. Really? Yes.") == ["It is.", "We are."]


@pytest.mark.parametrize(("title", "abstract", "found"), [
    ("", "", [""]), ("", "Only this.", ["", "Only this."]), ("Only this", "", ["Only this"]),
])  # fmt: skip
def test_a_missing_part_leaves_the_other(title: str, abstract: str, found: list[str]) -> None:
    text = f"{title}\n{abstract}"
    assert [text[a:b] for a, b in find_sentences(text, len(title))] == found


def test_text_without_full_stops_is_cut_at_clauses() -> None:
    runs = split(", ".join(["something goes on and on"] * 900))
    assert all(len(r) <= LONGEST for r in runs)
    assert all(r.endswith(",") for r in runs[:-1])


@given(st.text(), st.text(alphabet="aB1 .!?\n\t()-é", max_size=400))
def test_sentences_cover_all_but_white_space_in_order(title: str, abstract: str) -> None:
    text = f"{title}\n{abstract}"
    found = find_sentences(text, len(title))
    reached = 0
    for start, end in found:
        assert reached <= start <= end
        assert not text[reached:start].strip()
        reached = end
    assert not text[reached:].strip()
    assert found[0][1] <= len(title)
    assert all(start > len(title) for start, _ in found[1:])
