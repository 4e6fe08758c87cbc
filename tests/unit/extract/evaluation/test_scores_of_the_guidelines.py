"""The same figures as the scorer that comes with the annotation guidelines."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from extract.evaluation import evaluate
from extract.evaluation.readings import find_occurrences
from extract.pipeline import load_pipeline
from extract.readers import read
from extract.shipped import available
from graph.model import (
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Extraction,
    Extractor,
    Paper,
    Quote,
)
from graph.ontology import EntityType, RelationType, ResultKind, Role

GOLD = Path(__file__).parents[5] / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated papers are not here")


def noisy(paper: Paper, annotation: dict, chance: random.Random) -> Extraction:
    """The annotation as an extraction with every kind of mistake."""
    found = find_occurrences(paper.text, [e["mentions"] for e in annotation["entities"]])
    entities, names = [], []
    for entity, spans in zip(annotation["entities"], found, strict=True):
        kept = [s for s in sorted(spans) if chance.random() < 0.8]
        kept = [(a, b + (chance.random() < 0.1 and b < len(paper.text))) for a, b in kept]
        if kept and chance.random() < 0.85:
            pick = chance.random() < 0.1
            quotes = tuple(Quote.of(paper.text, a, b) for a, b in kept)
            entities.append(
                ExtractedEntity(
                    name=entity["name"],
                    type=chance.choice(list(EntityType)) if pick else EntityType(entity["type"]),
                    role=chance.choice(list(Role)) if pick else Role(entity["role"]),
                    confidence=round(chance.random(), 4),
                    mentions=quotes,
                    evidence=quotes[0],
                )
            )
            names.append(entity["name"])

    def of(name: str) -> int | None:
        if not names or chance.random() < 0.1:
            return None
        return names.index(name) if name in names else chance.randrange(len(names))

    here = Quote.of(paper.text, 0, 1)
    results = [
        ExtractedResult(of(r["entity"]), of(r["on"]), of(r["metric"]), r["value"],
                        ResultKind(r["kind"]), 0.5, here)
        for r in annotation["results"]
    ]  # fmt: skip
    relations = [
        ExtractedRelation(head, RelationType(r["type"]), tail, 0.5, here)
        for r in annotation["relations"]
        for head, tail in [(of(r["head"]), of(r["tail"]))]
        if head is not None and tail is not None
    ]
    return Extraction(paper.id, paper.title, paper.text_sha256, Extractor("noisy", "1"),
                      tuple(entities), tuple(results), tuple(relations))  # fmt: skip


def assert_same_figures(extractions: list[Extraction], folder: Path) -> None:
    predicted = folder / "predicted.jsonl"
    predicted.write_text("".join(json.dumps(e.to_record()) + "\n" for e in extractions))
    files = [GOLD / "dev.papers.jsonl", GOLD / "dev.gold.jsonl"]
    theirs = json.loads(
        subprocess.run(
            [sys.executable, GOLD / "score.py", *files, predicted, "--json"],
            check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    for report in (evaluate(*files, predicted), evaluate(*files, extractions)):
        ours = report.to_record()["scores"]
        assert {n: ours[n] for n in theirs} == theirs


@pytest.mark.parametrize("seed", [1, 2])
def test_on_annotations_with_mistakes(seed: int, tmp_path: Path) -> None:
    papers = [p for p in read(str(GOLD / "dev.papers.jsonl")) if isinstance(p, Paper)]
    lines = (GOLD / "dev.gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold = {a["id"]: a for a in map(json.loads, lines)}
    chance = random.Random(seed)
    read_so = [noisy(p, gold[p.id], chance) for p in papers if chance.random() < 0.95]
    assert_same_figures(read_so, tmp_path)


@pytest.mark.skipif("default" not in available(), reason="no pipeline is trained yet")
@pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="no ONNX Runtime")
def test_on_real_extractions(tmp_path: Path) -> None:
    papers = [p for p in read(str(GOLD / "dev.papers.jsonl")) if isinstance(p, Paper)]
    extractions = [e for e in load_pipeline().extract(papers) if isinstance(e, Extraction)]
    assert len(extractions) == len(papers)
    assert_same_figures(extractions, tmp_path)
