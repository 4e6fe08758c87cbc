"""The demo sample as its annotations read it: a graph for tests that need one, without a model."""

import json
import re
from pathlib import Path
from typing import Any

from graph.model import (
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Extraction,
    Extractor,
    Paper,
    Quote,
    ResolvedPaper,
)
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.resolution import Resolver

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "api" / "demo" / "sample.jsonl"
GOLD = Path(__file__).with_name("sample.gold.jsonl")
EXTRACTOR = Extractor("annotated", "1")


def annotated_papers() -> list[ResolvedPaper]:
    """Every paper of the sample with what its annotation says, resolved."""
    gold = {record["id"]: record for record in records(GOLD)}
    resolver = Resolver()
    papers = [Paper.from_record(r | {"sources": ["sample"]}) for r in records(SAMPLE)]
    return [resolver.resolve(paper, extraction(paper, gold[paper.id])) for paper in papers]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def extraction(paper: Paper, gold: dict[str, Any]) -> Extraction:
    entities = tuple(
        ExtractedEntity(
            name=entity["name"],
            type=EntityType(entity["type"]),
            role=Role(entity["role"]),
            confidence=0.9,
            mentions=tuple(
                sorted({q for m in entity["mentions"] for q in occurrences(paper.text, m)})
            ),
            evidence=occurrences(paper.text, entity["evidence"])[0],
        )
        for entity in gold["entities"]
    )
    index = {entity.name: i for i, entity in reversed(list(enumerate(entities)))}
    return Extraction(
        paper_id=paper.id,
        title=paper.title,
        text_sha256=paper.text_sha256,
        extractor=EXTRACTOR,
        entities=entities,
        results=tuple(
            ExtractedResult(
                entity=index.get(r["entity"]),
                on=index.get(r["on"]),
                metric=index.get(r["metric"]),
                value=r["value"],
                kind=ResultKind(r["kind"]),
                confidence=0.8,
                evidence=occurrences(paper.text, r["evidence"])[0],
            )
            for r in gold["results"]
        ),
        relations=tuple(
            ExtractedRelation(
                head=index[r["head"]],
                type=RelationType(r["type"]),
                tail=index[r["tail"]],
                confidence=0.7,
                evidence=entities[index[r["head"]]].evidence,
            )
            for r in gold["relations"]
        ),
    )


def occurrences(text: str, words: str) -> list[Quote]:
    return [Quote.of(text, m.start(), m.end()) for m in re.finditer(re.escape(words), text)]
