"""Words: the units whose boundaries a mention may have.

A word is a run of letters and digits, or one other visible character. All gold mentions of the
annotated papers begin and end at such a boundary, save those that leave out a plural ``s``,
which ``plural`` decides apart.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extract.components.sentences import find_sentences
from extract.components.wordpieces import Pieces


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text.

    Attributes:
        starts, ends: character offsets, ``int64[n]``.
        first, last: indexes of each word's first and last piece, ``int64[n]``.
        sentence: number of the sentence each word stands in; 0 is the title, ``int64[n]``.
        sentences: character offsets ``(start, end)`` of each sentence.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    sentence: NDArray[np.int64]
    sentences: list[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.starts)


def find_words(text: str, title_end: int, pieces: Pieces) -> Words:
    """Words of a text, tied to its pieces; a word without a piece takes the one before it."""
    starts, ends = pieces.words[:, 0], pieces.words[:, 1]
    top = max(len(pieces) - 1, 0)
    first = np.searchsorted(pieces.ends, starts, side="right")
    last = np.searchsorted(pieces.starts, ends, side="left") - 1
    first = np.clip(first, 0, top)
    last = np.clip(np.maximum(last, first), 0, top)
    sentences = find_sentences(text, title_end)
    bounds = np.array([a for a, _ in sentences], np.int64)
    sentence = np.searchsorted(bounds, starts, side="right") - 1
    return Words(starts, ends, first, last, sentence, sentences)


def char_to_word(words: Words) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Maps from a character offset to the word that begins there and that ends at or after it."""

    def start(offset: int) -> int:
        return int(np.searchsorted(words.starts, offset, side="right")) - 1

    def end(offset: int) -> int:
        return int(np.searchsorted(words.ends, offset, side="left"))

    return start, end
