"""Word pieces with the case and shape that an uncased vocabulary throws away.

The encoder's vocabulary is uncased. In scientific text case tells names from common words, so
every piece carries category numbers beside its id: the shape of the whole word it belongs to,
its own shape, where it stands (title or abstract, after a space or not), and the row of the whole
word in a table of case-sensitive word vectors. The encoder adds a vector for each.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

N_SHAPES: Final = 12
N_PLACES: Final = 5
N_FEATURES: Final = 4
WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
"""A word: a run of letters and digits, or one other visible character."""


@lru_cache(maxsize=65536)
def shape(text: str) -> int:
    """Category of a string's shape, 1 to ``N_SHAPES - 1`` (0 is kept for "unknown")."""
    if not text[0].isalnum():
        return 9
    if not text.isascii():
        return 10
    if text.isdigit():
        return 6
    if text.isalpha():
        if text.islower():
            return 1
        if text.isupper():
            return 4 if len(text) == 1 else 3
        return 2 if text[0].isupper() and text[1:].islower() else 5
    return 7 if text.islower() else 8


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of one text, special tokens not included.

    Attributes:
        ids: vocabulary ids, ``int64[n]``.
        features: word shape, piece shape, place and word vector's row (0: none) of each piece,
            ``int64[n, 4]``.
        starts, ends: character offsets into the text, ``int64[n]``.
    """

    ids: NDArray[np.int64]
    features: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def load_tokenizer(path: Path) -> Tokenizer:
    """A word piece tokenizer that neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def split(
    tokenizer: Tokenizer,
    lexicon: Mapping[str, int],
    texts: Sequence[str],
    title_ends: Sequence[int],
) -> list[Pieces]:
    """Word pieces of each text, whose title ends at the given offset.

    ``lexicon`` gives the row of each known word, from 1.
    """
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [
        _pieces(lexicon, text, title_end, encoding.ids, encoding.offsets)
        for text, title_end, encoding in zip(texts, title_ends, encodings, strict=True)
    ]


def _pieces(
    lexicon: Mapping[str, int],
    text: str,
    title_end: int,
    ids: Sequence[int],
    offsets: Sequence[tuple[int, int]],
) -> Pieces:
    words = [(m.start(), m.group()) for m in WORD.finditer(text)]
    if not words or not ids:
        none = np.zeros(0, np.int64)
        return Pieces(none, none.reshape(0, N_FEATURES), none, none)
    word_starts = np.array([start for start, _ in words])
    spaced = np.array([start == 0 or text[start - 1].isspace() for start, _ in words])
    word_shapes = np.array([shape(word) for _, word in words])
    rows = np.array([lexicon.get(word, 0) for _, word in words])
    bounds = np.array(offsets, np.int64)
    visible = bounds[:, 1] > bounds[:, 0]  # the normaliser drops some characters
    bounds = bounds[visible]
    starts, ends = bounds[:, 0], bounds[:, 1]
    word = np.maximum(np.searchsorted(word_starts, starts, side="right") - 1, 0)
    after_space = spaced[word] & (word_starts[word] == starts)
    features = np.stack(
        [
            word_shapes[word],
            np.array([shape(text[a:b]) for a, b in bounds.tolist()], np.int64),
            np.where(starts < title_end, 3, 1) + after_space,
            rows[word],
        ],
        axis=1,
    )
    return Pieces(np.array(ids, np.int64)[visible], features, starts, ends)
