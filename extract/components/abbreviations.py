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
from spacy.tokens import Doc, Span

from extract.extensions import text_of
from extract.tokenizer import TokenIndex

Offsets = tuple[int, int]

_BRACKET: Final = re.compile(r"\(([^()]{2,160})\)|\[([^\[\]]{2,160})\]")
_SHORT: Final = re.compile(r"[^\W_][\w.&+/*-]{0,14}(?: [\w-]{1,5})?")
_WORD: Final = re.compile(r"[^\s]+")
_PART: Final = re.compile(r"[^\W_]+")
_BREAK: Final = re.compile(r"[.!?]\s+(?=[A-Z])|[\n()\[\],;:]")
_SMALL: Final = frozenset({"a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "with"})
_TRAILING: Final = "$*_}'\"`”’~ "
_PLURAL: Final = re.compile(r"[a-z]{2}(?<![sui])s\Z")
_SHORT_BEFORE: Final = re.compile(r"([^\W_][\w.&+/*-]{1,14})\s*$")
_HEAD_NOUNS: Final = frozenset({
    "algorithm", "algorithms", "approach", "approaches", "architecture", "benchmark", "corpus",
    "dataset", "datasets", "framework", "frameworks", "loss", "method", "methods", "model",
    "models", "module", "network", "objective", "paradigm", "pipeline", "strategy", "system",
    "technique",
})  # fmt: skip
_SOUNDS: Final = {"2": "t", "4": "f"}
"""Digits read as words: text-to-video is ``T2V``."""


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
    """The definition whose bracket opens at ``bracket`` and holds ``text[start:end]``."""
    inside = re.split(r"[;,]", text[start:end])[0]
    stripped = inside.strip()
    begin = start + len(inside) - len(inside.lstrip())
    if _is_short(stripped):
        short = _singular(text, begin, begin + len(stripped))
        long = _long_before(text, bracket, text[slice(*short)])
        if long:
            plural = short[1] - begin < len(stripped) and _PLURAL.search(text, *long)
            return short, (long[0], long[1] - 1) if plural else long
    before = _SHORT_BEFORE.search(text, max(0, bracket - 24), bracket)
    if before and " " in stripped and _is_short(before[1]):
        short = _singular(text, *before.span(1))
        if _BREAK.search(stripped) is None and 0 in _beginnings(text[slice(*short)], stripped):
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
    found: list[tuple[int, Offsets]] = []
    for drop in (0, 1):
        kept = words[: len(words) - drop][-most:]
        if not kept or (drop and text[slice(*words[-1])].lower() not in _HEAD_NOUNS):
            continue
        first, last = kept[0][0], kept[-1][1]
        last -= len(text[first:last]) - len(text[first:last].rstrip(_TRAILING))
        found += [
            (way, (first + offset, last))
            for way, offset in enumerate(_beginnings(short, text[first:last]))
            if offset is not None
        ]
    # The strictest way that succeeds; of equals, without the head noun unless it has a letter.
    return min(found, key=lambda f: (f[0], f[0] > 0 and f[1][1]), default=(0, None))[1]


def _beginnings(short: str, long: str) -> Iterator[int | None]:
    """Where in ``long`` the long form begins that ends with it, by each way from the strictest."""
    yield _initials(short, long)
    yield _match(short, long, strict=True)
    yield _match(short, long, strict=False)


def _initials(short: str, long: str) -> int | None:
    """Where the last words of ``long`` begin whose initials are the letters of ``short``.

    Tried before ``_match``, which stops at the shortest stretch and would read ``PPO`` as
    "policy optimization". Small words and what follows a hyphen may be left out of the acronym.
    """
    letters = [_SOUNDS.get(c, c.lower()) for c in short if c.isalnum()]
    if len(letters) < 2:
        return None
    for part in reversed(list(_PART.finditer(long))):
        small = len(letters) == 1 and part[0].lower() in _SMALL
        if part[0][0].lower() == letters[-1] and not small:
            last = letters.pop()
            if not letters:
                return _whole(long, part.start(), last)
        elif part[0].lower() not in _SMALL and long[part.start() - 1 : part.start()] != "-":
            return None
    return None


def _whole(long: str, at: int, letter: str) -> int:
    """The start of a hyphenated word, of which a later part was found, if it has the letter too."""
    start = long.rfind(" ", 0, at) + 1
    hyphenated = start < at and long[at - 1] == "-"
    return start if hyphenated and long[start].lower() == letter else at


def _match(short: str, long: str, *, strict: bool) -> int | None:
    """Where in ``long`` the shortest stretch to its end begins that spells out ``short``.

    Every letter and digit of ``short`` must occur in order, the first one at a word's start
    (Schwartz and Hearst's ``findBestLongForm``), or after its ``e`` (``XR``: extended reality).
    None where it does not, or where the stretch is no longer than the short form or repeats it.

    Args:
        short: the short form.
        long: text that ends where the long form ends.
        strict: every capital of ``short`` must begin a word or be a capital in ``long``.
    """
    at = len(long)
    letters = [c for c in short if c.isalnum()]
    for n in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            long[at].lower() == letters[n].lower()
            and (n > 0 or _begins(long, at) or (letters[n] in "xX" and _begins(long, at - 1)))
            and not (
                strict and letters[n].isupper() and long[at].islower() and not _begins(long, at)
            )
        ):
            at -= 1
        if at < 0:
            return None
    if not _begins(long, at):
        at -= 1
    stretch = long[at:]
    repeats = re.search(rf"(?<!\w){re.escape(short)}(?!\w)", stretch) is not None
    return None if repeats or len(stretch) <= len(short) else at


def _begins(text: str, at: int) -> bool:
    """Whether a word begins here."""
    return at == 0 or (at > 0 and not text[at - 1].isalnum())


class Abbreviations:
    """spaCy component that fills ``doc._.abbreviations``."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the definitions of one doc."""
        doc._.abbreviations = list(self._spans(doc))
        return doc

    @staticmethod
    def _spans(doc: Doc) -> Iterator[tuple[Span, Span]]:
        index = TokenIndex(doc)
        for short, long in find_abbreviations(text_of(doc)):
            yield index.span(*short), index.span(*long)


@Language.factory("abbreviations")
def make_abbreviations(nlp: Language, name: str) -> Abbreviations:
    """Factory of the component that finds abbreviations."""
    return Abbreviations()
