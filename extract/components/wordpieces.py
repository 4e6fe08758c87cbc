"""Word pieces with the case and shape that an uncased vocabulary throws away.

The encoder's vocabulary is uncased. In scientific text case tells names from common words, so
every piece carries category numbers beside its id: the shape of the whole word it belongs to,
its own shape, where it stands (title or abstract, after a space or not), and the row of the whole
word in a table of case-sensitive word vectors. The encoder adds a vector for each.
"""

import re
from bisect import bisect_right
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
_STRETCH: Final = re.compile(r"[^ \t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
"""What stands between two blanks, as BERT's normaliser knows blanks."""
_LONGEST: Final = 40
_MOST: Final = 100_000
"""How long stretches are that are remembered, in characters, and how many."""

Integers = NDArray[np.int64]
_NOTHING: Final = (np.zeros((0, 7), np.int64), np.zeros((0, 2), np.int64))


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
        words: offsets of each word's start and end, ``int64[words, 2]``.
    """

    ids: Integers
    features: Integers
    starts: Integers
    ends: Integers
    words: Integers

    def __len__(self) -> int:
        return len(self.ids)


def load_tokenizer(path: Path) -> Tokenizer:
    """A word piece tokenizer that neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class Splitter:
    """Splits texts into word pieces, remembering what became of each stretch between blanks.

    The tokenizer looks at a stretch without its neighbours, and stretches come again and again.

    Args:
        tokenizer: see ``load_tokenizer``.
        lexicon: the row of each known word, from 1.
    """

    def __init__(self, tokenizer: Tokenizer, lexicon: Mapping[str, int]) -> None:
        self._tokenizer, self._lexicon = tokenizer, lexicon
        self._known: dict[str, tuple[Integers, Integers]] = {}

    def __call__(self, text: str, title_end: int) -> Pieces:
        """Word pieces of a text whose title ends at the given offset."""
        found = [(m.start(), m.group()) for m in _STRETCH.finditer(text)]
        made = {stretch: self._known.get(stretch) for _, stretch in found}
        new = [stretch for stretch, parts in made.items() if parts is None]
        for stretch, encoding in zip(
            new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True
        ):
            made[stretch] = parts = self._split(stretch, encoding.ids, encoding.offsets)
            if len(stretch) <= _LONGEST:
                self._known[stretch] = parts
        if len(self._known) > _MOST:
            self._known.clear()
        kept = [made[stretch] or _NOTHING for _, stretch in found] or [_NOTHING]
        begins = np.array([start for start, _ in found], np.int64)
        pieces = np.concatenate([p for p, _ in kept])
        words = np.concatenate([w for _, w in kept])
        if found:
            pieces[:, 5:] += np.repeat(begins, [len(p) for p, _ in kept])[:, None]
            words = words + np.repeat(begins, [len(w) for _, w in kept])[:, None]
        places = np.where(pieces[:, 5] < title_end, 3, 1) + pieces[:, 3]
        features = np.stack([pieces[:, 1], pieces[:, 2], places, pieces[:, 4]], axis=1)
        return Pieces(pieces[:, 0], features, pieces[:, 5], pieces[:, 6], words)

    def _split(
        self, stretch: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]]
    ) -> tuple[Integers, Integers]:
        """What is kept of a stretch; offsets from its start.

        Returns:
            Of each piece id, its word's shape, its own, whether it begins a word after a blank,
            its word's row, start and end; of each word start and end.
        """
        words = [m.span() for m in WORD.finditer(stretch)]
        starts = [start for start, _ in words]
        rows = []
        for number, (start, end) in zip(ids, offsets, strict=True):
            if start == end:  # the normaliser drops some characters
                continue
            a, b = words[max(bisect_right(starts, start) - 1, 0)]
            word = stretch[a:b]
            spaced = a == start and (a == 0 or stretch[a - 1].isspace())
            own = shape(stretch[start:end])
            rows.append(
                (number, shape(word), own, int(spaced), self._lexicon.get(word, 0), start, end)
            )
        return (
            np.array(rows, np.int64).reshape(-1, 7),
            np.array(words, np.int64).reshape(-1, 2),
        )
