"""When two long names are one: the same words in other forms, as *square* and *squared error*."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from graph.resolution.lexicon import words
from graph.resolution.normal_form import NormalForm, case_form, normal_form, singular

_SMALL: Final = frozenset(
    [
        *("a", "an", "and", "at", "based", "by", "for", "from", "in", "into"),
        *("of", "on", "over", "the", "through", "to", "using", "via", "with"),
    ]
)
_GENERIC_TAIL: Final = frozenset(
    [
        *("algorithm", "approach", "architecture", "benchmark", "conversion", "dataset"),
        *("framework", "index", "loss", "measure", "method", "metric", "model", "module"),
        *("network", "score", "strategy", "system", "task", "technique"),
    ]
)
"""Last words that a long name may have or lack: *structural similarity index (measure)*."""

_SUFFIXES = re.compile(
    r"(?:ization|ational|ation|ition|ction|ive|ically|ical|ic|ing|ion|ity|ers?|ors?|ed|al|ly|e|y)$"
)
_LEAST_STEM: Final = 4
_LEAST_LIKENESS: Final = 0.8


@cache
def _stem(word: str) -> str:
    """A crude stem: long enough to tell words apart, short enough to join their forms."""
    stem = singular(word)
    for _ in range(2):  # answering, answer
        shorter = _SUFFIXES.sub("", stem)
        if shorter[-1:] == shorter[-2:-1]:  # mapping, map
            shorter = shorter[:-1]
        if len(shorter) < _LEAST_STEM and shorter not in words():
            break
        stem = shorter
    return stem


@cache
def _same_word(a: str, b: str) -> bool:
    """Whether two words are forms, or a misspelling, of one."""
    if a == b or _stem(a) == _stem(b):
        return True
    if not (a.isalpha() and b.isalpha()) or a[:_LEAST_STEM] != b[:_LEAST_STEM]:
        return False
    return bool(Levenshtein.normalized_similarity(a, b) >= _LEAST_LIKENESS)


def _before_purpose(words: Sequence[str]) -> Sequence[str]:
    """A long name without what it is for: *global vectors (for word representation)*."""
    at = words.index("for") if "for" in words else len(words)
    return words[:at] if at > 1 else words


def same_phrase(a: Sequence[str], b: Sequence[str], short: str) -> bool:
    """Whether two long names, given as words in normal form, mean the same.

    Every content word of one must be a form of the word in the same place of the other; small
    words do not count, and a generic last word (*model*, *network*) may be missing on one side.
    Meant for long forms of one abbreviation, where the initials already agree.

    Args:
        a: words of one long name.
        b: words of the other.
        short: the abbreviation; a model or network that it spells out may not be missing.
    """
    left = [word for word in _before_purpose(a) if word not in _SMALL]
    right = [word for word in _before_purpose(b) if word not in _SMALL]
    if len(left) > len(right):
        left, right = right, left
    spelled = right[-1:] in (["model"], ["network"]) and short.casefold().endswith(right[-1][0])
    optional = right[-1:] and right[-1] in _GENERIC_TAIL and not spelled
    if len(right) - len(left) == 1 and optional and len(left) > 1:
        right = right[:-1]
    if "".join(left) == "".join(right):
        return True
    return len(left) == len(right) > 0 and all(map(_same_word, left, right))


def write_out(name: str, expansions: Mapping[str, tuple[str, ...]]) -> NormalForm:
    """Normal form of a name with the abbreviations inside it written out.

    Args:
        name: a name of several words, such as *RL from human feedback*; a single word is left.
        expansions: words per abbreviation as it is cased.
    """
    tokens = name.replace("-", " ").split()
    if len(tokens) < 2 or name.islower():
        return normal_form(name)
    out: list[str] = []
    for token in tokens:
        out.extend(expansions.get(case_form(token), (token,)))
    return normal_form(" ".join(out)) if len(out) > len(tokens) else normal_form(name)
