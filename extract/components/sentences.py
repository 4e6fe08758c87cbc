"""Sentences: the stretches of text that evidence is quoted in.

Rules, not a parser: a full stop ends a sentence unless an abbreviation, an initial, a number or a
list marker owns it. The title is a sentence of its own; a line break inside an abstract is white
space, because some sources wrap their lines, unless it begins a paragraph or a list item.
"""

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 1200
"""Characters; what runs on without a full stop is cut, at a clause if there is one."""

_STARTER: Final = (
    r"(?:Additionally|Although|An?|And|As|At|Based|Because|But|By|Compared|Despite|Existing|"
    r"Experiment(?:s|al)|Extensive|Finally|First|For|Furthermore|Here|How|However|If|In|It|Its|"
    r"Moreover|Notably|On|Our|Recent(?:ly)?|Results|Second|Since|Specifically|Such|That|The|Then|"
    r"There(?:fore)?|These|They|This|Though|Through|Thus|To|Under|Unlike|Using|We|When|While|With)"
)
_CANDIDATE: Final = re.compile(
    # a stop, what closes after it, white space, what opens, and a beginning: a capital, a digit,
    # a formula, a macro or a name such as vLLM
    r"[.!?…]+[\"'”’)\]}]*\s+(?=[\"'“‘(\[{$*_~-]*(?:[^\W\d_a-z]|\d|\\[a-zA-Z]|[a-z]+[A-Z]|(?<=\$)\w))"
    # a stop with no space after it, where the next word can only begin a sentence
    rf"|(?<=[a-z)])[.!?](?={_STARTER}[\s,])"
    # a paragraph or a list item
    r"|\n(?:\s*\n\s*|[ \t]{2,}|(?=[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])\s))"
)
_BEGINS: Final = re.compile(rf"[\"'“‘(\[]*{_STARTER}\b")
_NEVER_LAST: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|v\.s|cf|ca|[Ff]igs?|[Ee]qs?|[Ss]ecs?|[Tt]ab|Refs?|resp|approx|w\.r\.t|viz|"
    r"Drs?|Prof|Mr|Mrs|Ms|St|Nos?|[Vv]ol|Yahoo|Jeopardy)|\b[Aa]\.?k\.?a)$"
)
_SELDOM_LAST: Final = re.compile(r"(?:\b(?:etc|al|pp|Inc|Ltd|Corp|Jr|U\.S|U\.K|Ph\.D)|\b[A-Z])$")
_MARKER: Final = re.compile(r"\s*\(?(?:\d{1,2}|[a-zA-Z]|[ivx]+)\)?")
_CLAUSE: Final = re.compile(r"[;:,]\s+|\s+")


def find_sentences(text: str, title_end: int) -> list[tuple[int, int]]:
    """Character offsets of the sentences, without the white space between them.

    Args:
        text: title, newline, abstract.
        title_end: length of the title.

    Returns:
        The title first, even an empty one, then the sentences of the abstract.
    """
    body = min(title_end + 1, len(text))
    start, end = _stripped(text, 0, min(title_end, len(text)))
    sentences = [(start, end)]
    start = body
    for cut in [*_cuts(text, body), len(text)]:
        first, last = _stripped(text, start, cut)
        start = cut
        while last - first > LONGEST:
            clause = _clause_end(text, first, first + LONGEST)
            sentences.append(_stripped(text, first, clause))
            first, _ = _stripped(text, clause, last)
        if first < last:
            sentences.append((first, last))
    return sentences


def _cuts(text: str, body: int) -> Iterator[int]:
    """Offsets at which a sentence of the abstract ends and the next may begin."""
    begin = body
    for match in _CANDIDATE.finditer(text, body):
        if not match[0].startswith("\n"):
            before = match.start()
            window = max(begin, before - 12)
            if _MARKER.fullmatch(text, begin, before) or _NEVER_LAST.search(text, window, before):
                continue
            if _SELDOM_LAST.search(text, window, before) and not _BEGINS.match(text, match.end()):
                continue
        begin = match.end()
        yield begin


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    left = len(stretch) - len(stretch.lstrip())
    return start + left, max(start + left, start + len(stretch.rstrip()))


def _clause_end(text: str, first: int, limit: int) -> int:
    """The last clause's end before ``limit``, in its second half; else at white space, or there."""
    found = [m.end() for m in _CLAUSE.finditer(text, first + LONGEST // 2, limit)]
    clauses = [e for e in found if text[e - 2 : e - 1] in (";", ":", ",")]
    return (clauses or found or [limit])[-1]
