"""From a ``Doc`` to an ``Extraction``: the only border between spaCy and the graph.

What leaves here keeps the promises of ``graph.model``: quotes are the text at their offsets and
not empty, roles fit types, relations fit their domains and ranges, names are unique within the
paper, an entity's evidence shows it and a result's its value.
"""

from collections.abc import Iterator
from typing import Final

from spacy.tokens import Doc

from extract.extensions import Entity, text_of
from graph.errors import ExtractionError
from graph.model import (
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Extraction,
    Extractor,
    Paper,
    Quote,
)
from graph.ontology import EntityType, RelationType, ResultKind, Role, allows, relates

DIGITS: Final = 4
"""Decimal places kept of a confidence."""


def to_extraction(doc: Doc, paper: Paper, extractor: Extractor) -> Extraction:
    """What the pipeline read in a paper, whose text the doc holds.

    Raises:
        ExtractionError: a component left something that is no statement about the text.
    """
    if text_of(doc) != paper.text:
        raise _broken(paper, "a text that is not the paper's")
    # Entities of one name are one: results and relations refer to entities by name.
    groups: dict[str, list[int]] = {}
    for n, found in sorted(enumerate(doc._.entities), key=lambda x: min(x[1].mentions, default=())):
        groups.setdefault(found.name, []).append(n)
    entities = [
        _entity(doc, paper, [doc._.entities[n] for n in members]) for members in groups.values()
    ]
    index = {n: at for at, members in enumerate(groups.values()) for n in members}
    return Extraction(
        paper_id=paper.id,
        title=paper.title,
        text_sha256=paper.text_sha256,
        extractor=extractor,
        entities=tuple(entities),
        results=tuple(sorted(_results(doc, paper, index), key=_place)),
        relations=tuple(_relations(doc, paper, entities, index)),
    )


def _entity(doc: Doc, paper: Paper, found: list[Entity]) -> ExtractedEntity:
    """An entity; of several with one name, the surest says what it is."""
    best = max(found, key=lambda e: e.confidence)
    mentions = tuple(
        _quote(paper, *offsets) for offsets in sorted({m for e in found for m in e.mentions})
    )
    if not mentions or not best.name:
        raise _broken(paper, f"an entity {best.name!r} without a mention or a name")
    kind, role = EntityType(best.type), Role(best.role)
    evidence = _quote(paper, *best.evidence)
    shown = any(evidence.start <= m.start and m.end <= evidence.end for m in mentions)
    return ExtractedEntity(
        name=best.name,
        type=kind,
        role=role if allows(kind, role) else Role.MENTIONS,
        confidence=_confidence(best.confidence),
        mentions=mentions,
        evidence=evidence if shown else mentions[0],
        long_form=_long_form(doc, best.name, mentions),
    )


def _long_form(doc: Doc, name: str, mentions: tuple[Quote, ...]) -> str | None:
    """What the paper defines the entity's name, or else a mention, to stand for."""
    defined = {short.text: long.text for short, long in doc._.abbreviations}
    forms = (defined[t] for t in (name, *(m.text for m in mentions)) if t in defined)
    return next((form for form in forms if form != name), None)


def _results(doc: Doc, paper: Paper, index: dict[int, int]) -> Iterator[ExtractedResult]:
    for r in doc._.results:
        evidence = _quote(paper, *r.evidence)
        if not r.value or r.value not in evidence.text:
            raise _broken(paper, f"a result {r.value!r} that its evidence does not state")
        entity, on, metric = (None if n is None else index[n] for n in (r.entity, r.on, r.metric))
        kind, confidence = ResultKind(r.kind), _confidence(r.confidence)
        yield ExtractedResult(entity, on, metric, r.value, kind, confidence, evidence)


def _place(result: ExtractedResult) -> tuple[int, int]:
    return result.evidence.start, result.evidence.text.find(result.value)


def _relations(
    doc: Doc, paper: Paper, entities: list[ExtractedEntity], index: dict[int, int]
) -> Iterator[ExtractedRelation]:
    """Relations that the ontology allows, each once, the surest first."""
    seen = set()
    for r in sorted(doc._.relations, key=lambda r: -r.confidence):
        key = head, kind, tail = index[r.head], RelationType(r.type), index[r.tail]
        fits = relates(entities[head].type, kind, entities[tail].type)
        if head != tail and fits and key not in seen:
            seen.add(key)
            evidence = _quote(paper, *r.evidence)
            yield ExtractedRelation(*key, _confidence(r.confidence), evidence)


def _quote(paper: Paper, start: int, end: int) -> Quote:
    text = paper.text
    if not 0 <= start < end <= len(text):
        raise _broken(paper, f"a quote from {start} to {end} of {len(text)} characters")
    return Quote.of(text, start, end)


def _confidence(value: float) -> float:
    return round(min(max(float(value), 0.0), 1.0), DIGITS)


def _broken(paper: Paper, what: str) -> ExtractionError:
    return ExtractionError(
        f"paper {paper.id}: the pipeline left {what}", "report it with the paper; it was not loaded"
    )
