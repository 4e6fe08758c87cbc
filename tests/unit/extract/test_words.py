"""Words, sentences, shapes."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.components.encoder import load
from extract.components.sentences import find_sentences
from extract.components.surface import key, loose_key, stands_alone
from extract.components.wordpieces import WORD, Pieces, Splitter, shape
from extract.components.words import find_words


def whole_words(text: str) -> Pieces:
    """Stand-in for a tokenizer: every visible character is a piece."""
    at = np.array([i for i, c in enumerate(text) if not c.isspace()], np.int64)
    words = np.array([m.span() for m in WORD.finditer(text)], np.int64).reshape(-1, 2)
    return Pieces(at, np.zeros((len(at), 4), np.int64), at, at + 1, words)


def test_sentences_end_at_full_stops_but_not_in_abbreviations_and_numbers() -> None:
    text = "A Title. With Stop\nWe reach 3.5 points, e.g. on X. It is good! (See Fig. 2.) Done"
    got = [text[a:b] for a, b in find_sentences(text, 18)]
    assert got == [
        "A Title. With Stop",
        "We reach 3.5 points, e.g. on X.",
        "It is good!",
        "(See Fig. 2.)",
        "Done",
    ]


@given(st.text(max_size=200), st.text(max_size=300))
def test_sentences_cover_all_words_of_any_text(title: str, abstract: str) -> None:
    text = f"{title}\n{abstract}"
    words = find_words(text, len(title), whole_words(text))
    sentences = words.sentences
    assert all(0 <= a <= b <= len(text) for a, b in sentences)
    assert all(x[1] <= y[0] for x, y in itertools.pairwise(sentences))
    for start, end, number in zip(words.starts, words.ends, words.sentence, strict=True):
        a, b = sentences[number]
        assert a <= start
        assert end <= b


@given(st.text(min_size=1, max_size=300))
def test_each_word_is_tied_to_its_own_pieces(text: str) -> None:
    pieces = whole_words(text)
    words = find_words(text, 0, pieces)
    for start, end, first, last in zip(
        words.starts, words.ends, words.first, words.last, strict=True
    ):
        assert pieces.starts[first] == start
        assert pieces.ends[last] == end


def test_shapes_tell_names_from_words() -> None:
    samples = ["loss", "Adam", "GAN", "K", "StyleGAN", "512", "r1", "GPT4", "-", "é"]
    assert len({shape(s) for s in samples}) == len(samples)


def test_keys_join_spellings_of_one_name_and_no_others() -> None:
    assert key(["Diffusion", "Models"]) == key(["diffusion", "model"])
    assert key(["LLMs"]) == key(["LLM"])
    assert key(["MATH"]) != key(["math"])
    assert key(["analysis"]) == "analysis"
    assert loose_key(["Chain", "-", "of", "-", "Thought"]) == loose_key(["chain", "of", "thought"])
    assert loose_key(["GPT", "-", "4"]) != loose_key(["GPT", "-", "4", "+"])


def test_standing_alone() -> None:
    assert stands_alone("The GAN wins.", "GAN")
    assert not stands_alone("GANs and StyleGAN win.", "GAN")


def test_a_text_is_split_as_the_tokenizer_splits_it_whole() -> None:
    trained = load("default")
    split = Splitter(trained.tokenizer, trained.lexicon)

    @given(st.text(max_size=200), st.text(alphabet="aé_ -.\u0301\u200b\x1c\u3000×中", max_size=60))
    def same(any_text: str, odd: str) -> None:
        for text in (any_text, f"{odd} {any_text}", f"We train SD-Turbo{odd} on COCO, {odd}."):
            whole = trained.tokenizer.encode(text, add_special_tokens=False)
            shown = [(i, a, b) for i, (a, b) in zip(whole.ids, whole.offsets, strict=True) if b > a]
            for _ in range(2):  # as read first, and as remembered
                pieces = split(text, 0)
                got = zip(pieces.ids, pieces.starts, pieces.ends, strict=True)
                assert [tuple(map(int, piece)) for piece in got] == shown

    same()
