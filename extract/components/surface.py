"""Surface forms up to case, plural and spacing: what makes two mentions one name."""

import re
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without its case, unless it is written in capitals alone (``MATH`` is not math)."""
    return word if len(word) > 1 and word.isupper() else word.lower()


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """A word without its plural s, where it has one; adjectives and ``-ss`` stay as they are."""
    if len(word) > 2 and word[-1] == "s" and word[-2] not in "sui'" and not word.isdigit():
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        return word[:-1]
    return word


def key(words: Sequence[str]) -> str:
    """Key of a sequence of words; equal keys in one paper are mentions of one entity."""
    if not words:
        return ""
    *rest, last = words
    return " ".join([*map(fold, rest), fold(singular(last))])


def loose_key(words: Sequence[str]) -> str:
    """As ``key``, and blind to hyphens, spaces and all capitals: ``Chain-of-Thought``."""
    *rest, last = words
    return "".join(w.lower() for w in [*rest, singular(last)] if w[0].isalnum() or w in "+*")


def stands_alone(text: str, form: str) -> bool:
    """Whether a form stands somewhere in a text as whole words."""
    return re.search(rf"(?<![^\W_]){re.escape(form)}(?![^\W_])", text) is not None
