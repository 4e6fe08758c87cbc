"""Open cases for a person: pairs of entities that may be one, most worth asking about first.

Nothing here merges anything. Candidates come from two sources, both linear in the number of
entities: neighbours in the alphabetical order of names, read forwards and backwards; and
abbreviations whose sense was left undecided, with the senses that are present.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from graph.resolution.families import ancestors_of
from graph.resolution.normal_form import normal_form
from graph.resolution.parts import VARIANTS
from graph.resolution.tables import aliases

_WINDOW: Final = 6
_LEAST_LIKENESS: Final = 0.8
_LEAST_LETTERS: Final = 4
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class EntityName:
    """What is compared: an entity's key, its name, and how many papers have a claim on it."""

    key: str
    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be one thing.

    Attributes:
        a: key of the entity with fewer papers (ties: the later key), which would be merged.
        b: key of the other one.
        likelihood: rough probability in 0..1 that they are one.
        weight: uncertainty times influence; the order of the queue.
        why: what makes them alike.
    """

    a: str
    b: str
    likelihood: float
    weight: float
    why: str


def candidates(entities: Iterable[EntityName], limit: int = 100) -> tuple[Candidate, ...]:
    """The ``limit`` open cases most worth a person's time, the most uncertain and used first."""
    known = {entity.key: entity for entity in entities}
    found: dict[tuple[str, str], Candidate] = {}
    for a, b, likelihood, why in (*_alike(list(known.values())), *_undecided(known)):
        case = _candidate(a, b, likelihood, why)
        if (case.a, case.b) not in found or found[case.a, case.b].likelihood < likelihood:
            found[case.a, case.b] = case
    return tuple(sorted(found.values(), key=lambda c: (-c.weight, c.a, c.b))[:limit])


def _candidate(a: EntityName, b: EntityName, likelihood: float, why: str) -> Candidate:
    small, large = sorted((a, b), key=lambda e: (e.papers, [-ord(c) for c in e.key]))
    influence = a.papers * b.papers / (a.papers + b.papers) if a.papers and b.papers else 0.0
    uncertainty = 1 - abs(2 * likelihood - 1)
    return Candidate(small.key, large.key, likelihood, uncertainty * math.log1p(influence), why)


def _alike(
    entities: Sequence[EntityName],
) -> Iterator[tuple[EntityName, EntityName, float, str]]:
    """Neighbours in alphabetical order, forwards and backwards, that look alike."""
    forms = [(normal_form(entity.name).folded, entity) for entity in entities]
    for backwards in (False, True):
        order = sorted(
            ((folded[::-1] if backwards else folded, folded, entity) for folded, entity in forms),
            key=lambda item: (item[0], item[2].key),
        )
        for position, (_, folded, entity) in enumerate(order):
            for _, other_folded, other in order[position + 1 : position + 1 + _WINDOW]:
                likelihood = _likeness(folded, other_folded)
                if likelihood >= _LEAST_LIKENESS and not _of_one_family(entity.key, other.key):
                    yield entity, other, likelihood, f"names alike: {likelihood:.2f}"


def _likeness(a: str, b: str) -> float:
    """Similarity of two folded names in 0..1; 0 where their numbers differ or they are short."""
    if min(len(a), len(b)) < _LEAST_LETTERS or _NUMBER.findall(a) != _NUMBER.findall(b):
        return 0.0
    return fuzz.ratio(a, b) / 100


def _of_one_family(a: str, b: str) -> bool:
    """Whether two keys are a thing and its version or variant, or differ in their variants."""
    if VARIANTS & set(a.split("-")) != VARIANTS & set(b.split("-")):
        return True
    lines = (one == edge.parent for one, other in ((a, b), (b, a)) for edge in ancestors_of(other))
    return any(lines)


def _undecided(
    known: dict[str, EntityName],
) -> Iterator[tuple[EntityName, EntityName, float, str]]:
    """Bare abbreviations with each of their senses that is present."""
    data = aliases()
    for key, entity in sorted(known.items()):
        base = key.partition("~")[0]
        senses = data.folded_senses.get(base, {})
        total = data.folded_total[base] if senses else 0
        for sense, count in sorted(senses.items()):
            if sense != key and sense in known:
                share = count / total
                yield entity, known[sense], share, f"{base} is {sense} in {share:.0%} of papers"
