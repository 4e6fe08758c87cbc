"""From a ``Doc`` to an ``Extraction``: the only border between spaCy and the graph.

What leaves here keeps the promises of ``graph.model``: quotes are the text at their offsets and
not empty, roles fit types, names are unique within the paper, an entity's evidence shows it.
"""

from spacy.tokens import Doc

from extract.extensions import Entity
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

DIGITS = 4
"""Decimal places kept of a confidence."""


def to_extraction(doc: Doc, paper: Paper, extractor: Extractor) -> Extraction:
    """What the pipeline read in a paper; ``doc.text`` must be ``paper.text``."""
    long_forms = {short.text: long.text for short, long in doc._.abbreviations}
    entities: list[ExtractedEntity] = []
    position: dict[int, int] = {}
    by_name: dict[str, int] = {}
    for n, found in sorted(enumerate(doc._.entities), key=lambda x: min(x[1].mentions)):
        if found.name not in by_name:
            by_name[found.name] = len(entities)
            entities.append(_entity(doc.text, found, long_forms))
        position[n] = by_name[found.name]

    def index(n: int | None) -> int | None:
        return None if n is None else position[n]

    results = [
        ExtractedResult(
            entity=index(r.entity),
            on=index(r.on),
            metric=index(r.metric),
            value=r.value,
            kind=ResultKind(r.kind),
            confidence=round(r.confidence, DIGITS),
            evidence=Quote.of(doc.text, *r.evidence),
        )
        for r in doc._.results
    ]
    relations = [
        ExtractedRelation(
            head=position[r.head],
            type=RelationType(r.type),
            tail=position[r.tail],
            confidence=round(r.confidence, DIGITS),
            evidence=Quote.of(doc.text, *r.evidence),
        )
        for r in doc._.relations
    ]
    return Extraction(
        paper_id=paper.id,
        title=paper.title,
        text_sha256=paper.text_sha256,
        extractor=extractor,
        entities=tuple(entities),
        results=tuple(sorted(results, key=lambda r: (r.evidence.start, doc.text.find(r.value)))),
        relations=tuple(r for r in relations if r.head != r.tail and _fits(entities, r)),
    )


def _entity(text: str, found: Entity, long_forms: dict[str, str]) -> ExtractedEntity:
    kind, role = EntityType(found.type), Role(found.role)
    mentions = tuple(Quote.of(text, a, b) for a, b in sorted(set(found.mentions)))
    evidence = Quote.of(text, *found.evidence)
    shown = any(evidence.start <= m.start and m.end <= evidence.end for m in mentions)
    return ExtractedEntity(
        name=found.name,
        type=kind,
        role=role if allows(kind, role) else Role.MENTIONS,
        confidence=round(found.confidence, DIGITS),
        mentions=mentions,
        evidence=evidence if shown else mentions[0],
        long_form=next((long_forms[m.text] for m in mentions if m.text in long_forms), None),
    )


def _fits(entities: list[ExtractedEntity], relation: ExtractedRelation) -> bool:
    return relates(entities[relation.head].type, relation.type, entities[relation.tail].type)
