"""A reading of a paper, whoever read it: annotator or pipeline; and how two are matched."""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model import Extraction, Paper

Span = tuple[int, int]
"""Characters of ``Paper.text``."""

_ASCII: Final = frozenset(string.ascii_letters + string.digits)
UNKNOWN: Final = -1
"""Stands for an entity that a result or relation names but the reading lacks."""


@dataclass(frozen=True, slots=True)
class ReadEntity:
    """An entity of a reading; ``confidence`` is None if an annotator read it."""

    name: str
    type: str
    role: str
    spans: frozenset[Span]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A result; ``entity``, ``on``, ``metric`` are indexes, None where it has none."""

    value: str
    entity: int | None
    on: int | None
    metric: int | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReadRelation:
    """A relation; ``head`` and ``tail`` are indexes."""

    head: int | None
    type: str
    tail: int | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found in one paper."""

    entities: Sequence[ReadEntity] = ()
    results: Sequence[ReadResult] = ()
    relations: Sequence[ReadRelation] = ()

    @classmethod
    def of_annotation(cls, paper: Paper, annotation: Mapping[str, Any]) -> "Reading":
        """An annotator's: mentions are surface forms, and every occurrence counts."""
        found = annotation["entities"]
        spans = find_occurrences(paper.text, [e["mentions"] for e in found])
        index: dict[str, int] = {}
        for n, entity in enumerate(found):
            index.setdefault(entity["name"], n)

        def of(name: str | None) -> int | None:
            return index.get(name) if name else None

        return cls(
            [
                ReadEntity(e["name"], e["type"], e["role"], frozenset(s))
                for e, s in zip(found, spans, strict=True)
            ],
            [
                ReadResult(
                    comparable(r["value"]),
                    of(r.get("entity")),
                    of(r.get("on")),
                    of(r.get("metric")),
                )
                for r in annotation.get("results", ())
            ],
            [
                ReadRelation(of(r["head"]), r["type"], of(r["tail"]))
                for r in annotation.get("relations", ())
            ],
        )

    @classmethod
    def of_extraction(cls, extraction: Extraction) -> "Reading":
        """A pipeline's."""
        return cls(
            [
                ReadEntity(
                    e.name,
                    e.type.value,
                    e.role.value,
                    frozenset((m.start, m.end) for m in e.mentions),
                    e.confidence,
                )
                for e in extraction.entities
            ],
            [
                ReadResult(comparable(r.value), r.entity, r.on, r.metric, r.confidence)
                for r in extraction.results
            ],
            [
                ReadRelation(r.head, r.type.value, r.tail, r.confidence)
                for r in extraction.relations
            ],
        )


def find_occurrences(text: str, surfaces: Sequence[Sequence[str]]) -> list[set[Span]]:
    """Where the surface forms of each entity stand: the longest first, none over another."""
    taken = bytearray(len(text))
    found: list[set[Span]] = [set() for _ in surfaces]
    forms = [(form, n) for n, of_entity in enumerate(surfaces) for form in of_entity]
    for form, n in sorted(forms, key=lambda x: -len(x[0])):
        for start, end in _occurrences(text, form):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found[n].add((start, end))
    return found


def _occurrences(text: str, form: str) -> Iterator[Span]:
    """Where a form stands as whole words; a plural s may follow it."""
    at = text.find(form) if form else -1
    while at >= 0:
        end = at + len(form)
        after = end + (text[end : end + 1] == "s" and text[end - 1] in _ASCII)
        whole = not (form[0].isalnum() and text[at - 1 : at] in _ASCII and at > 0)
        if whole and form[-1].isalnum():
            whole = after == len(text) or text[after] not in _ASCII
        if whole:
            yield at, end
        at = text.find(form, after if whole else at + 1)


def match(gold: Sequence[ReadEntity], predicted: Sequence[ReadEntity]) -> dict[int, int]:
    """Pairs of entities that share spans, those that share most first.

    Returns:
        Index in ``gold`` by index in ``predicted``; each at most once.
    """
    shared = sorted(
        (
            (len(g.spans & p.spans), x, y)
            for x, g in enumerate(gold)
            for y, p in enumerate(predicted)
            if g.spans & p.spans
        ),
        reverse=True,
    )
    used: set[int] = set()
    pairs: dict[int, int] = {}
    for _, x, y in shared:
        if x not in used and y not in pairs:
            pairs[y] = x
            used.add(x)
    return pairs


def is_named(paper: Paper, entity: ReadEntity) -> bool:
    """Whether an entity has a proper name.

    That is: a mention with a capital or digit in running text, or with one inside a word
    anywhere; ``SD-Turbo``, not ``contrastive learning`` nor a title's ``Contrastive Learning``.
    """
    text, body = paper.text, len(paper.title) + 1
    for start, end in entity.spans:
        mention = text[start:end]
        begins = text[max(0, start - 9) : start].rstrip().endswith((".", "!", "?", ":"))
        if start > body and not begins and re.search(r"[A-Z0-9]", mention):
            return True
        if re.search(r"[A-Z0-9]\S*[A-Z0-9]|[a-z][A-Z]", mention):
            return True
    return False


def comparable(value: object) -> str:
    """A value without the spelling that does not matter: blanks, plus sign, escaped percent."""
    return str(value).replace(" ", "").lstrip("+").replace("\\%", "%").lower()
