"""Scores, mistakes, calibration and changes of readings that we write by hand."""

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from extract.evaluation import evaluate
from extract.evaluation.calibration import reliability
from extract.evaluation.changes import change_table, changes
from extract.evaluation.readings import find_occurrences
from graph.errors import ExtractionError, SourceError
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

TITLE = "SD-Sketch: Drawing in one step"
ABSTRACT = "SD-Sketch builds on SD-Turbo [1]. On MS COCO it reaches an FID of 24.6."
TEXT = f"{TITLE}\n{ABSTRACT}"
ANNOTATION = {
    "id": "p1",
    "entities": [
        {"name": "SD-Sketch", "type": "Model", "role": "proposes", "mentions": ["SD-Sketch"]},
        {"name": "SD-Turbo", "type": "Model", "role": "uses", "mentions": ["SD-Turbo"]},
        {"name": "MS COCO", "type": "Dataset", "role": "evaluates_on", "mentions": ["MS COCO"]},
        {"name": "FID", "type": "Metric", "role": "measures", "mentions": ["FID"]},
    ],
    "results": [{"entity": "SD-Sketch", "on": "MS COCO", "metric": "FID", "value": "24.6",
                 "kind": "absolute", "evidence": "an FID of 24.6"}],
    "relations": [{"head": "SD-Sketch", "type": "BASED_ON", "tail": "SD-Turbo"}],
}  # fmt: skip


def entity(name: str, kind: str, role: str, *mentions: str, confidence: float = 0.9):
    spans = find_occurrences(TEXT, [list(mentions or [name])])[0]
    quotes = tuple(Quote.of(TEXT, a, b) for a, b in sorted(spans))
    return ExtractedEntity(name, EntityType(kind), Role(role), confidence, quotes, quotes[0])


SKETCH = entity("SD-Sketch", "Model", "proposes")
TURBO = entity("SD-Turbo", "Model", "uses")
COCO = entity("MS COCO", "Dataset", "evaluates_on")
FID = entity("FID", "Metric", "measures")
HERE = Quote.of(TEXT, len(TITLE) + 1, len(TEXT))


def extraction(*entities: ExtractedEntity, facts: bool = False) -> Extraction:
    result = ExtractedResult(0, 2, 3, "24.6", ResultKind.ABSOLUTE, 0.7, HERE)
    relation = ExtractedRelation(0, RelationType.BASED_ON, 1, 0.6, HERE)
    return Extraction(
        "p1", TITLE, "", Extractor("test", "1"), entities,
        (result,) if facts else (), (relation,) if facts else (),
    )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    papers, gold = tmp_path / "papers", tmp_path / "gold"
    papers.write_text(json.dumps({"id": "p1", "title": TITLE, "abstract": ABSTRACT}))
    gold.write_text(json.dumps(ANNOTATION))
    return papers, gold


def test_a_perfect_reading_scores_in_full(files) -> None:
    report = evaluate(*files, [extraction(SKETCH, TURBO, COCO, FID, facts=True)])
    assert {s.f1 for s in report.scores.values() if s.gold or s.predicted} == {1.0}
    assert not report.mistakes


def test_what_each_mistake_costs(files) -> None:
    read = extraction(
        SKETCH,
        entity("SD-Turbo", "Model", "compares_with"),
        entity("MS COCO", "Benchmark", "evaluates_on"),
        entity("an FID", "Metric", "measures"),
        entity("step", "Task", "addresses"),
    )
    report = evaluate(*files, [read])
    figures = {n: (s.gold, s.predicted, s.right) for n, s in report.scores.items()}
    assert figures["mention"] == (5, 6, 3)
    assert figures["span"] == (5, 6, 4)
    assert figures["mention_core"] == (4, 4, 4)
    assert figures["edge_core"] == (3, 3, 2)
    assert figures["edge:uses"] == (1, 0, 0)
    assert figures["result"] == (1, 0, 0)
    kinds = {(m.kind, m.text, m.expected, m.found) for m in report.mistakes}
    assert kinds == {
        ("role", "SD-Turbo", "uses", "compares_with"),
        ("type", "MS COCO", "Dataset", "Benchmark"),
        ("bounds", "FID", "Metric", "an FID"),
        ("spurious", "step", "", "Task"),
    }


class Fixed:
    """Stand-in for a pipeline: one outcome for every paper."""

    def __init__(self, outcome: Extraction | ExtractionError) -> None:
        self.outcome = outcome

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction | ExtractionError]:
        return (self.outcome for _ in papers)


def test_a_pipeline_is_scored_on_what_it_reads(files) -> None:
    report = evaluate(*files, pipeline=Fixed(extraction(SKETCH)))
    assert report.scores["edge:proposes"].right == 1


def test_a_paper_that_the_pipeline_fails_on_is_not_scored_as_empty(files) -> None:
    with pytest.raises(ExtractionError, match="boom"):
        evaluate(*files, pipeline=Fixed(ExtractionError("boom")))


def test_a_paper_without_extraction_counts_as_empty(files) -> None:
    report = evaluate(*files, [])
    assert report.scores["mention"].gold == 5
    assert {m.kind for m in report.mistakes} == {"missed"}


def test_the_report_is_readable_and_complete(files) -> None:
    report = evaluate(*files, [extraction(SKETCH, TURBO)])
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(report.to_table(mistakes=9))
    text = console.export_text()
    for expected in ("edge_named", "Dataset", "evaluates_on", "BASED_ON", "⟦MS COCO⟧", "[1]"):
        assert expected in text
    record = json.loads(json.dumps(report.to_record(mistakes=9)))
    assert record["scores"]["mention"]["recall"] == 60.0
    assert record["mistakes"][0]["text"] in TEXT


def test_gold_without_its_paper_is_an_error(files, tmp_path: Path) -> None:
    (tmp_path / "other").write_text('{"id": "p2", "title": "T"}')
    with pytest.raises(SourceError, match="p1"):
        evaluate(tmp_path / "other", files[1], [])


@pytest.mark.parametrize("content", ["oops", "[]", '{"id": "p1"}', None])
def test_unusable_files_are_an_error(files, tmp_path: Path, content: str | None) -> None:
    bad = tmp_path / "bad"
    if content is not None:
        bad.write_text(content)
    with pytest.raises(SourceError, match="bad"):
        evaluate(files[0], bad, [])
    with pytest.raises(SourceError, match="bad"):
        evaluate(*files, bad)


def test_confidence_is_compared_with_how_often_it_is_right(files) -> None:
    wrong = entity("SD-Turbo", "Model", "mentions", confidence=0.4)
    report = evaluate(*files, [extraction(SKETCH, wrong, COCO, FID, facts=True)])
    entities = report.calibration["entity"]
    assert [(b.count, b.right) for b in entities.bins] == [(1, 0.0), (3, 1.0)]
    assert entities.error == pytest.approx((0.4 + 3 * 0.1) / 4)
    assert report.calibration["relation"].count == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_every_statement_is_in_one_bin(statements: list[tuple[float, bool]]) -> None:
    r = reliability(statements)
    assert r.count == len(statements)
    assert 0 <= r.error <= 1
    assert all(b.low <= b.confidence <= b.high + 1e-9 for b in r.bins)


def test_changes_between_two_versions() -> None:
    before = extraction(SKETCH, TURBO, COCO, FID, facts=True)
    after = extraction(
        SKETCH,
        entity("SD-Turbo", "Model", "compares_with"),
        COCO,
        entity("step", "Task", "addresses"),
    )
    found = {(c.kind, c.what, c.before, c.after) for c in changes([before], [after])}
    assert found == {
        ("changed", "entity", "SD-Turbo: Model, uses", "SD-Turbo: Model, compares_with"),
        ("vanished", "entity", "FID: Metric, measures", ""),
        ("appeared", "entity", "", "step: Task, addresses"),
        ("vanished", "result", "SD-Sketch on MS COCO, FID: 24.6 (absolute)", ""),
        ("vanished", "relation", "SD-Sketch BASED_ON SD-Turbo", ""),
    }
    assert list(changes([before], [before])) == []
    assert {c.kind for c in changes([], [before])} == {"appeared"}
    assert {c.kind for c in changes([before], [])} == {"vanished"}
    assert "2 × entity" not in str(change_table(changes([before], [after])).title)
