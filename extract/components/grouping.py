"""Grouping: which mentions of a paper are one entity, and what to call it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.encoder import encoding_of
from extract.components.entities import DETECTED, Detected, Mention
from extract.components.heads import TYPES
from extract.components.surface import key, loose_key
from extract.components.wordpieces import WORD
from extract.extensions import Entity

_OPENING: Final = re.compile(r"s?\s*\(\s*")
_SMALL: Final = frozenset({"of", "for", "the", "and", "in", "with", "to", "a", "an", "on", "via"})


def group(
    text: str, mentions: Sequence[Mention], abbreviations: Iterable[tuple[str, str]] = ()
) -> list[list[int]]:
    """Indexes of the mentions of each entity, entities in order of the text.

    Two mentions are one entity if their surfaces are equal up to case, plural and hyphens, if one
    follows the other in brackets, if the paper defines one as short for the other, or if one is
    the other's initials.

    Args:
        text: the paper's text.
        mentions: in order of the text.
        abbreviations: (short, long) as the paper defines them.
    """
    parent = list(range(len(mentions)))

    def find(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def join(x: int, y: int) -> None:
        x, y = sorted((find(x), find(y)))
        parent[y] = x

    first: dict[str, int] = {}
    surfaces = [WORD.findall(text[m.start : m.end]) for m in mentions]
    for x, words in enumerate(surfaces):
        for k in (key(words), "~" + loose_key(words)):
            join(first.setdefault(k, x), x)
    for x, (m, following) in enumerate(pairwise(mentions)):
        bracket = _OPENING.fullmatch(text, m.end, following.start)
        if (
            bracket
            and text[following.end : following.end + 1] in tuple(")s;,")
            and _alike(surfaces[x], surfaces[x + 1])
        ):
            join(x, x + 1)
        named = m.start == 0 and text[m.end : following.start] == ": "
        if named and _is_subtitle(text, m, following, surfaces[x], surfaces[x + 1]):
            join(x, x + 1)
    for short, long in abbreviations:
        ends = [first.get(key(WORD.findall(s))) for s in (short, long)]
        if ends[0] is not None and ends[1] is not None:
            join(ends[0], ends[1])
    acronyms = {w[0].rstrip("s").upper(): x for x, w in enumerate(surfaces) if _is_acronym(w)}
    for x, words in enumerate(surfaces):
        for letters in _initials(words):
            if letters in acronyms:
                join(x, acronyms[letters])
    groups: dict[int, list[int]] = {}
    for x in range(len(mentions)):
        groups.setdefault(find(x), []).append(x)
    return list(groups.values())


def _alike(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether of two names, one in brackets, one may be short for the other."""
    letters = [[w for w in words if w[0].isalnum()] for words in (left, right)]
    short, long = sorted(("".join(letters[0]), "".join(letters[1])), key=len)
    return bool(short) and short[0].lower() in long.lower() and len(short) < len(long)


def _is_subtitle(
    text: str, name: Mention, long: Mention, name_words: Sequence[str], long_words: Sequence[str]
) -> bool:
    """Whether a title ``Name: Long Form`` spells out the name of one thing."""
    same_type = int(name.types.argmax()) == int(long.types.argmax())
    whole = text[long.end : long.end + 1] == "\n"
    return same_type and (whole or (len(long_words) > 2 and _alike(name_words, long_words)))


def _is_acronym(words: Sequence[str]) -> bool:
    return len(words) == 1 and len(words[0]) > 1 and sum(c.isupper() for c in words[0]) > 1


def _initials(words: Sequence[str]) -> Iterator[str]:
    named = [w for w in words if w[0].isalnum()]
    if len(named) > 1:
        yield "".join(w[0] for w in named).upper()
        large = [w for w in named if w.lower() not in _SMALL]
        if 1 < len(large) < len(named):
            yield "".join(w[0] for w in large).upper()


def choose_name(surfaces: Sequence[str]) -> str:
    """The surface used most often; of equals the one in running text, the longer, the first."""
    count = Counter(surfaces)

    def rank(surface: str) -> tuple[int, int, int]:
        return count[surface], len(surface), -surfaces.index(surface)

    return max(count, key=rank)


class Grouping:
    """spaCy component that makes entities of the detected mentions."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``doc._.entities``; role and evidence are for ``roles``."""
        detected: Detected = doc.user_data[DETECTED]
        abbreviations = [(s.text, long.text) for s, long in doc._.abbreviations]
        text = encoding_of(doc).text
        groups = group(text, detected.mentions, abbreviations)
        entities = []
        for members in groups:
            mentions = [detected.mentions[x] for x in members]
            scores = np.sum([m.types for m in mentions], axis=0)
            surfaces = [text[m.start : m.end] for m in mentions]
            name = choose_name(surfaces)
            entities.append(
                Entity(
                    name=name,
                    type=TYPES[int(scores.argmax())],
                    role="mentions",
                    confidence=float(max(m.probability for m in mentions)),
                    mentions=[(m.start, m.end) for m in mentions],
                    evidence=(mentions[0].start, mentions[0].end),
                )
            )
        detected.groups = groups
        doc._.entities = entities
        return doc


@Language.factory("grouping")
def make_grouping(nlp: Language, name: str) -> Grouping:
    """Factory of the grouping component."""
    return Grouping()
