"""Abbreviations: which short forms a paper defines, and what they stand for.

The algorithm is Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions
in Biomedical Text" (PSB 2003), for ``long form (SHORT)`` and ``SHORT (long form)``, with two
additions for this field: capitals inside words count (``Length-bAsed``), and a generic head noun
between long form and bracket (``… shaping method (LASER)``) is not part of the long form.
"""

import re
from collections.abc import Iterator
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

Offsets = tuple[int, int]

_BRACKET: Final = re.compile(r"\(([^()]{2,160})\)|\[([^\[\]]{2,160})\]")
_SHORT: Final = re.compile(r"[^\W_][\w.&+/*-]{0,14}(?: [\w-]{1,5})?")
_WORD: Final = re.compile(r"[^\s]+")
_PART: Final = re.compile(r"[^\W_]+")
_BREAK: Final = re.compile(r"[.!?]\s+(?=[A-Z])|[\n()\[\],;:]")
_SMALL: Final = frozenset({"a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "with"})
_SHORT_BEFORE: Final = re.compile(r"([^\W_][\w.&+/*-]{1,14})\s*$")
_HEAD_NOUNS: Final = frozenset(
    [
        "algorithm",
        "algorithms",
        "approach",
        "approaches",
        "architecture",
        "benchmark",
        "corpus",
        "dataset",
        "datasets",
        "framework",
        "frameworks",
        "loss",
        "method",
        "methods",
        "model",
        "models",
        "module",
        "network",
        "objective",
        "paradigm",
        "pipeline",
        "strategy",
        "system",
        "technique",
    ]
)


def find_abbreviations(text: str) -> list[tuple[Offsets, Offsets]]:
    """Pairs (short, long) of character offsets, in order of the brackets; each short form once."""
    seen: set[str] = set()
    found = []
    for match in _BRACKET.finditer(text):
        group = 1 if match[1] is not None else 2
        pair = _pair(text, match.start(), match.start(group), match.end(group))
        if pair and text[slice(*pair[0])] not in seen:
            seen.add(text[slice(*pair[0])])
            found.append(pair)
    return found


def _pair(text: str, bracket: int, start: int, end: int) -> tuple[Offsets, Offsets] | None:
    inside = re.split(r"[;,]", text[start:end])[0]
    stripped = inside.strip()
    begin = start + len(inside) - len(inside.lstrip())
    if _is_short(stripped):
        short = _singular(text, begin, begin + len(stripped))
        long = _long_before(text, bracket, text[slice(*short)])
        if long:
            return short, long
    before = _SHORT_BEFORE.search(text, max(0, bracket - 24), bracket)
    if before and " " in stripped and _is_short(before[1]):
        short = _singular(text, *before.span(1))
        if _BREAK.search(stripped) is None and _match(text[slice(*short)], stripped) == 0:
            return short, (begin, begin + len(stripped))
    return None


def _is_short(form: str) -> bool:
    return (
        2 <= len(form) <= 16
        and _SHORT.fullmatch(form) is not None
        and any(c.isalpha() for c in form)
        and any(c.isupper() for c in form)
    )


def _singular(text: str, start: int, end: int) -> Offsets:
    """Leave out the plural s of ``LLMs``."""
    plural = end - start > 2 and text[end - 1] == "s" and text[end - 2].isupper()
    return (start, end - 1) if plural else (start, end)


def _long_before(text: str, bracket: int, short: str) -> Offsets | None:
    """The long form that ends right before a bracket, in the same clause."""
    letters = sum(c.isalnum() for c in short)
    most = min(letters + 5, 2 * letters)
    floor = max((m.end() for m in _BREAK.finditer(text, max(0, bracket - 400), bracket)), default=0)
    words = [m.span() for m in _WORD.finditer(text, max(floor, bracket - 400), bracket)]
    for drop in (1, 0):
        if drop and not (words and text[slice(*words[-1])].lower() in _HEAD_NOUNS):
            continue
        kept = words[: len(words) - drop][-most:]
        if not kept:
            continue
        first, last = kept[0][0], kept[-1][1]
        long = text[first:last]
        offset = _initials(short, long)
        if offset is None:
            offset = _match(short, long)
        if offset is not None:
            return first + offset, last
    return None


def _initials(short: str, long: str) -> int | None:
    """Where the last words of ``long`` begin whose initials are the letters of ``short``.

    Tried before ``_match``, which stops at the shortest stretch and would read ``PPO`` as
    "policy optimization". Small words may be left out of the acronym.
    """
    letters = [c.lower() for c in short if c.isalnum()]
    if len(letters) < 2:
        return None
    for part in reversed(list(_PART.finditer(long))):
        if part[0][0].lower() == letters[-1]:
            letters.pop()
            if not letters:
                return part.start()
        elif part[0].lower() not in _SMALL:
            return None
    return None


def _match(short: str, long: str) -> int | None:
    """Where in ``long`` the shortest stretch to its end begins that spells out ``short``.

    Every letter and digit of ``short`` must occur in order, the first one at a word's start
    (Schwartz and Hearst's ``findBestLongForm``). None where it does not, or where the stretch is
    no longer than the short form or repeats it.
    """
    at = len(long)
    letters = [c.lower() for c in short if c.isalnum()]
    lower = long.lower()
    for n in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            lower[at] != letters[n] or (n == 0 and at > 0 and lower[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    stretch = long[at:]
    repeats = re.search(rf"(?<!\w){re.escape(short)}(?!\w)", stretch) is not None
    return None if repeats or len(stretch) <= len(short) else at


class Abbreviations:
    """spaCy component that fills ``doc._.abbreviations``."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the definitions of one doc."""
        doc._.abbreviations = list(self._spans(doc))
        return doc

    @staticmethod
    def _spans(doc: Doc) -> Iterator[tuple[object, object]]:
        for short, long in find_abbreviations(doc.text):
            pair = [doc.char_span(*offsets, alignment_mode="expand") for offsets in (short, long)]
            if all(span is not None for span in pair):
                yield pair[0], pair[1]


@Language.factory("abbreviations")
def make_abbreviations(nlp: Language, name: str) -> Abbreviations:
    """Factory of the component that finds abbreviations."""
    return Abbreviations()
