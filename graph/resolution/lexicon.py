"""Ordinary English words of the field, so that ``scan`` is not SCAN and ``maps`` is ``map``."""

from functools import cache
from pathlib import Path
from typing import Final

_OUTNUMBERED: Final = frozenset({"clip", "instruct", "lite", "pro"})
"""Words that names spelled alike outnumber so far in abstracts that mining misses them."""


@cache
def words() -> frozenset[str]:
    """Lower-case words that abstracts use as words rather than as names."""
    text = (Path(__file__).parent / "data" / "words.txt").read_text(encoding="utf-8")
    return frozenset(text.split()) | _OUTNUMBERED


def is_word(token: str) -> bool:
    """Whether a lower-case token is an ordinary English word."""
    return token in words()
