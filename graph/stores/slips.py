"""Words one slip of the pen apart: one character more, less, another, or two swapped."""

from functools import lru_cache
from string import ascii_lowercase, digits
from typing import Final

_CHARACTERS: Final = ascii_lowercase + digits
_SHORTEST: Final = 4
_LONGEST: Final = 40


@lru_cache(maxsize=256)
def within_one_slip(word: str) -> frozenset[str]:
    """Every word one slip away from a word; none where it is too short to be told from others."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return frozenset()
    parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return frozenset(
        [
            *(a + b[1:] for a, b in parts if b),
            *(a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1),
            *(a + c + b[1:] for a, b in parts if b for c in _CHARACTERS),
            *(a + c + b for a, b in parts for c in _CHARACTERS),
        ]
    ) - {word}
