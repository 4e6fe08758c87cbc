"""Search over papers and entities: one ranking, and what in each hit fits the words."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import Indel

from graph.model import Paper
from graph.naming import fold
from graph.ontology import EntityType
from graph.stores.base import EntityRow, GraphStore
from graph.stores.columns import Reading
from graph.stores.search import likeness, words
from graph.stores.slips import within_one_slip

MAX_HITS: Final = 200
"""How far down one can look among entities, and among papers."""
IN_TITLE: Final = 250.0
IN_TEXT: Final = 150.0
"""Score of a paper: between names that contain the words and names that only resemble them."""
NEARLY: Final = 75.0
"""Score of a paper that has a word with a slip of the pen: beside names that are as near."""
_SNIPPET: Final = 240
_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")

RankKey = tuple[float, int, str]
"""Sort key of a hit: its score and what breaks ties, both negative, and its id."""
Stretch = tuple[int, int]


class Place(StrEnum):
    """What the words were found in."""

    NAME = "name"
    TITLE = "title"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of text in which words were found.

    Attributes:
        place: what it is a part of.
        text: the stretch, verbatim.
        start: where it begins: in a name, or in a paper's text.
        marks: the words found: first character and the one behind the last, counted as ``start``.
    """

    place: Place
    text: str
    start: int
    marks: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper or an entity that fits.

    Attributes:
        found: which.
        matched: the spelling or the title.
        key: its place in the ranking.
    """

    found: EntityRow | Paper
    matched: str
    key: RankKey


def search(
    store: GraphStore, text: str, types: Collection[EntityType], papers: bool
) -> tuple[Hit, ...]:
    """What fits a text, best first.

    Names spelt so, names beginning so, papers with all its words in their title, names that
    contain it, papers with all its words, names that resemble it beside papers
    with words that do.

    Args:
        store: the graph.
        text: what to look for.
        types: of the entities; none are looked for where it is empty.
        papers: whether papers are looked for.
    """
    wanted = words(text)
    hits = []
    if types:
        rows = store.search_entities(text, frozenset(types), MAX_HITS)
        hits += [_entity(text, row) for row in rows]
    if papers and wanted:
        found = store.read(lambda reading: _papers(reading, wanted))
        hits += [_paper(wanted, row) for row in found]
    return tuple(sorted(hits, key=lambda hit: hit.key))


def _papers(reading: Reading, wanted: Sequence[str]) -> tuple[Paper, ...]:
    return reading.search_papers(wanted, MAX_HITS)


def _entity(text: str, row: EntityRow) -> Hit:
    score, surface = likeness(text, row)
    return Hit(row, surface, (-score, -row.papers, row.id))


def _paper(wanted: Sequence[str], row: Paper) -> Hit:
    if set(words(row.title)).issuperset(wanted):
        score = IN_TITLE
    else:
        score = IN_TEXT if set(words(row.text)).issuperset(wanted) else NEARLY
    day = row.published_at.toordinal() if row.published_at else 0
    return Hit(row, row.title, (-score, -day, row.id))


def highlights(text: str, hit: Hit) -> tuple[Highlight, ...]:
    """What of a hit fits the text that was looked for; of a paper the title first."""
    if isinstance(hit.found, Paper):
        return tuple(_in_paper(words(text), hit.found))
    return (Highlight(Place.NAME, hit.matched, 0, _marks_in_name(hit.matched, text)),)


def _in_paper(wanted: Sequence[str], row: Paper) -> Iterator[Highlight]:
    tokens = [(m.start(), m.end(), w) for m in _TOKEN.finditer(row.text) for w in words(m[0])]
    there = {word for *_, word in tokens}
    # A word that stands there counts alone; of another, what is a slip away.
    meant = frozenset[str]().union(*({w} if w in there else within_one_slip(w) for w in wanted))
    marks = [(start, end) for start, end, word in tokens if word in meant]
    behind_title = len(row.title) + 1
    in_title = tuple(mark for mark in marks if mark[0] < behind_title)
    if in_title:
        yield Highlight(Place.TITLE, row.title, 0, in_title)
    in_abstract = [mark for mark in marks if mark[0] >= behind_title]
    if in_abstract:
        yield _snippet(row.text, behind_title, in_abstract)


def _snippet(text: str, begin: int, marks: Sequence[Stretch]) -> Highlight:
    """The stretch of an abstract that holds most of the marks, the first of such, whole words."""
    count, first = 0, 0
    last = 0
    for i, (start, _) in enumerate(marks):
        last = max(last, i)
        while last + 1 < len(marks) and marks[last + 1][1] - start <= _SNIPPET:
            last += 1
        if last + 1 - i > count:
            count, first = last + 1 - i, i
    shown = marks[first : first + count]
    room = max(_SNIPPET - (shown[-1][1] - shown[0][0]), 0)
    start = max(shown[0][0] - room // 3, begin)
    end = min(max(start + _SNIPPET, shown[-1][1]), len(text))
    if start > begin:
        start = next((i for i in range(start, shown[0][0]) if text[i - 1].isspace()), shown[0][0])
    if end < len(text):
        end = next((i for i in range(end, shown[-1][1], -1) if text[i].isspace()), shown[-1][1])
    return Highlight(Place.ABSTRACT, text[start:end], start, tuple(shown))


def _marks_in_name(surface: str, text: str) -> tuple[Stretch, ...]:
    """What of a name a text holds: a part that is spelt so, or the letters they share."""
    wanted = fold(text)
    letters = [(i, fold(c)) for i, c in enumerate(surface) if c.isalnum()]
    at = "".join(folded for _, folded in letters).find(wanted)
    origin = [i for i, folded in letters for _ in folded]
    if at >= 0:
        return ((origin[at], origin[at + len(wanted) - 1] + 1),)
    spelt = "".join(folded for _, folded in letters)
    shared = [
        (origin[op.dest_start], origin[op.dest_end - 1] + 1)
        for op in Indel.opcodes(wanted, spelt)
        if op.tag == "equal"
    ]
    return tuple(_joined(shared))


def _joined(marks: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches that touch, as one."""
    open_mark: Stretch | None = None
    for start, end in marks:
        if open_mark and start <= open_mark[1]:
            open_mark = open_mark[0], max(end, open_mark[1])
            continue
        if open_mark:
            yield open_mark
        open_mark = start, end
    if open_mark:
        yield open_mark
