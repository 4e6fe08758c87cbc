"""Abbreviations that a text defines: ``Low-Rank Adaptation (LoRA)``, ``SAM (Segment Anything)``.

Alignment of letters after Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (PSB 2003); before it, the stricter reading in which every letter
begins a word is tried, because it finds the right left edge more often.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_MARKUP = re.compile(r"\\(?:text\w+|emph|underline|math\w+)\s*\{([^{}]*)\}|\*\*|</?(?:b|i|u|em)>")
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,160})[)\]]")
_APPOSITION = re.compile(
    r"(?<!\w)(?P<short>[A-Za-z][\w+@-]*[A-Z][\w+-]*)"
    r"(?:\s*:\s+|,?\s+(?:short for|which stands for|stands for|standing for|i\.e\.,?)\s+)"
    r"(?P<long>[^.;:()\n]{4,160})"
)
_INSIDE = re.compile(r"\s*[;,]\s*|\s+(?:or|aka|i\.e\.|e\.g\.)\s+")
_LEAD = re.compile(
    r"^(?:i\.e\.,?|aka|a\.k\.a\.|or|termed|dubbed|called|denoted(?: as)?|the)\s+", re.I
)
_QUOTES = " \t\n\"'`“”‘’*_$"
_SHORT = re.compile(r"[^\W_](?:[\w+@/.&*-]| (?=[\w]))*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMPOUND = re.compile(r"(?<!\w)(\w)\w*-\w+\s+$")
_EX = re.compile(r"(?<!\w)ex")
_NUMBERED = re.compile(r"\d{2}|\d\D+\d")
"""What names of versions and years contain, and abbreviations do not."""

_SIZED = re.compile(r"\d[BbM]$")
"""How the name of a sized model ends: Llama-3-8B."""

_SPOKEN: Final = {"2": "to", "4": "for"}
_HYPHENS: Final = "-‐‑"
_HEAD = re.compile(r"[^\W_]+[-‐‑]$")
_SENTENCE_END = re.compile(r"[.!?;:]\s|\n|[()\[\]]")
_STOP: Final = frozenset(
    [
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on"),
        *("or", "over", "the", "through", "to", "under", "using", "via", "with", "without"),
    ]
)
_LONGEST_SHORT = 16


class Definition(NamedTuple):
    """An abbreviation and what the text says that it stands for, both without markup."""

    short: str
    long: str


def definitions(text: str) -> Iterator[Definition]:
    """Abbreviations defined in a text, in its order."""
    text = _MARKUP.sub(lambda m: m.group(1) or "", text)
    for match in _BRACKET.finditer(text):
        yield from _bracketed(text, match)
    for match in _APPOSITION.finditer(text):
        if (long := _begins(match["short"], match["long"])) is not None:
            yield Definition(match["short"], long)


def _bracketed(text: str, match: re.Match[str]) -> Iterator[Definition]:
    """Definitions in one bracket: short after long, or long after short."""
    before = text[max(0, match.start() - 220) : match.start()].rstrip(_QUOTES)
    for edge in list(_SENTENCE_END.finditer(before))[-1:]:
        before = before[edge.end() :]
    inside = _LEAD.sub("", match.group(1).strip(_QUOTES))
    for part in _INSIDE.split(inside)[:2]:
        short = _LEAD.sub("", part).strip(_QUOTES)
        if _is_short(short) and (long := _spells(short, before)):
            yield Definition(short, long)
            return
    words = list(_WORD.finditer(before))
    if words:
        start = before.rfind(" ", 0, words[-1].start()) + 1
        short = before[start:].strip(_QUOTES + ",")
        if _is_short(short) and len(inside) > len(short):
            for part in (inside, *_INSIDE.split(inside)[:1]):
                if _spells(short, part) == part and not _instance(short, part):
                    yield Definition(short, part)
                    return


def _instance(short: str, inside: str) -> bool:
    """Whether a bracket names an instance rather than spells out: *an LLM (Llama 3)*."""
    numbered = inside[-1:].isdigit() and not any(c.isdigit() for c in short)
    return numbered or _SIZED.search(inside) is not None


def _is_short(token: str) -> bool:
    """Whether a token can be an abbreviation: short, with a capital, hardly any spaces."""
    return (
        2 <= len(token) <= _LONGEST_SHORT
        and token.count(" ") <= 1
        and _SHORT.fullmatch(token) is not None
        and any(c.isupper() for c in token)
        and not (token.istitle() and " " in token)
    )


def _begins(short: str, after: str) -> str | None:
    """The start of ``after`` that ``short`` abbreviates, or None."""
    letters = {c.casefold() for c in short if c.isalnum()}
    words = list(_WORD.finditer(after))[: len(short)]
    for end in range(len(words), 1, -1):
        last = words[end - 1].group().casefold()
        long = after[: words[end - 1].end()]
        if last[0] in letters and last not in _STOP and _spells(short, long) == long:
            return long
    return None


def _spells(short: str, before: str) -> str | None:
    """The end of ``before`` that ``short`` abbreviates, or None."""
    if len(short) > 2 and short[-1] == "s" and short[-2].isupper():
        short = short[:-1]
    letters = [c.casefold() for c in short if c.isalnum()]
    text = before.casefold()
    if len(letters) < 2 or len(text) != len(before) or _NUMBERED.search(short):
        return None
    for digit, word in _SPOKEN.items():
        if digit in letters:
            text = re.sub(rf"\b{word}\b", digit + word[1:], text)
    words = [(m.start(), m.group()) for m in _WORD.finditer(text)]
    if not words:
        return None
    start = _initials(letters, words[-(len(letters) * 2 + 2) :])
    if start is None:
        start = _aligned(letters, text, min(len(letters) + 5, len(letters) * 2))
        compound = _COMPOUND.search(text[:start]) if start else None
        if compound and compound[1] == letters[0]:
            return None  # non-autoregressive neural machine translation (NAT)
    if start is None:
        return None
    while start > 0 and before[start - 1] in "-‐‑" and (head := _HEAD.search(before[:start])):
        start = head.start()  # the left edge is never inside a hyphenated word
    long = before[start:]
    return None if _vacuous(short, long, len(letters)) else long


def _vacuous(short: str, long: str, letters: int) -> bool:
    """Whether a long form only repeats the short one, or begins where no name begins."""
    words = [m.group().casefold() for m in _WORD.finditer(long)]
    own = [m.group().casefold() for m in _WORD.finditer(short)]
    return (
        len(long) <= len(short)
        or (words[0] in _STOP and long[len(words[0])] not in _HYPHENS)
        or (len(words) == 1 and (letters < 3 or words[0].startswith(short.casefold())))
        or any(words[i : i + len(own)] == own for i in range(len(words)))
    )


def _initials(letters: list[str], words: list[tuple[int, str]]) -> int | None:
    """Where the words begin whose first letters spell ``letters``; small words may be skipped."""
    position = len(words) - 1
    for index in range(len(letters) - 1, -1, -1):
        while position >= 0 and words[position][1][0] != letters[index]:
            if words[position][1] not in _STOP:
                return None
            position -= 1
        if position < 0:
            return None
        position -= 1
    return words[position + 1][0]


def _aligned(letters: list[str], text: str, longest: int) -> int | None:
    """Schwartz and Hearst: letters found right to left, the first one at the start of a word.

    At most one word that is not small may go without a letter; an ``x`` may begin *explainable*.
    """
    position = len(text)
    places: list[int] = []
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and (
            text[position] != letters[index]
            or (index == 0 and position > 0 and text[position - 1].isalnum())
        ):
            if index == 0 and letters[0] == "x" and _EX.match(text, position):
                break
            position -= 1
        if position < 0:
            return None
        places.append(position)
    idle = 0
    words = [m for m in _WORD.finditer(text) if m.start() >= position]
    for word in words:
        if word.group() not in _STOP and not any(word.start() <= p < word.end() for p in places):
            idle += 1
    return position if len(words) <= longest and idle <= 1 else None
