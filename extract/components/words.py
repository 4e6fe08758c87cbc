"""Words: the units whose boundaries a mention may have.

A word is a run of letters and digits, or one other visible character. All gold mentions of the
annotated papers begin and end at such a boundary, save those that leave out a plural ``s``,
which ``plural`` decides apart.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extract.components.wordpieces import WORD, Pieces

_SENTENCE_END: Final = re.compile(r"[.!?][\"')\]]*\s+(?=[\"'(\[$\\]*[A-Z0-9])|\n+")
_ABBREVIATED: Final = re.compile(r"\b(?:e\.g|i\.e|et al|vs|cf|Fig|Eq|resp|approx|w\.r\.t)$")


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
    spans = [m.span() for m in WORD.finditer(text)]
    starts = np.array([a for a, _ in spans], np.int64)
    ends = np.array([b for _, b in spans], np.int64)
    top = max(len(pieces) - 1, 0)
    first = np.searchsorted(pieces.ends, starts, side="right")
    last = np.searchsorted(pieces.starts, ends, side="left") - 1
    first = np.clip(first, 0, top)
    last = np.clip(np.maximum(last, first), 0, top)
    sentences = find_sentences(text, title_end)
    bounds = np.array([a for a, _ in sentences], np.int64)
    sentence = np.searchsorted(bounds, starts, side="right") - 1
    return Words(starts, ends, first, last, sentence, sentences)


def find_sentences(text: str, title_end: int) -> list[tuple[int, int]]:
    """Character offsets of the sentences: the title, then those of the abstract."""
    cuts = [0, min(title_end + 1, len(text))]
    for match in _SENTENCE_END.finditer(text, cuts[1]):
        if not _ABBREVIATED.search(text, max(cuts[1], match.start() - 12), match.start()):
            cuts.append(match.end())
    cuts.append(len(text))
    sentences = []
    for a, b in zip(cuts, cuts[1:], strict=False):
        stripped = text[a:b].strip()
        if stripped or not sentences:
            a += len(text[a:b]) - len(text[a:b].lstrip()) if stripped else 0
            sentences.append((a, a + len(stripped)))
    return sentences


def char_to_word(words: Words) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Maps from a character offset to the word that begins there and that ends at or after it."""

    def start(offset: int) -> int:
        return int(np.searchsorted(words.starts, offset, side="right")) - 1

    def end(offset: int) -> int:
        return int(np.searchsorted(words.ends, offset, side="left"))

    return start, end
