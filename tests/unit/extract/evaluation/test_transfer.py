"""Scores on corpora of others, under a mapping of types."""

import io
import json
import lzma
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from rich.console import Console
from spacy.language import Language
from spacy.tokens import Doc

from extract.evaluation.transfer import CORPORA, transfer, transfer_table
from extract.extensions import Entity, declare
from extract.pipeline import Pipeline
from extract.tokenizer import make_tokenizer
from graph.errors import SourceError
from graph.model import Extractor

SCIERC = CORPORA[0]
TEXT = "We tune ResNet on the ImageNet data and report accuracy for parsing."
READ = {"ResNet": "Model", "ImageNet data": "Dataset", "report": "Task", "We": "Metric"}


@Language.component("test_listed")
def find_listed(doc: Doc) -> Doc:
    """Stand-in for a trained pipeline: reads what ``READ`` lists."""
    spans = {n: (doc.text.index(n), doc.text.index(n) + len(n)) for n in READ if n in doc.text}
    doc._.entities = [Entity(n, READ[n], "mentions", 0.5, [s], s) for n, s in spans.items()]
    return doc


@pytest.fixture
def pipeline() -> Pipeline:
    declare()
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer()(nlp)
    nlp.add_pipe("test_listed")
    return Pipeline(nlp, Extractor("test", "1"))


def corpus(folder: Path) -> Path:
    def gold(name: str, label: str) -> dict[str, object]:
        start = TEXT.index(name)
        return {"start": start, "end": start + len(name), "label": label}

    entities = [gold("ResNet", "Method"), gold("ImageNet", "Material"), gold("accuracy", "Metric"),
                gold("parsing", "Task"), gold("We", "Generic")]  # fmt: skip
    rows = [{"text": TEXT, "entities": entities, "split": split} for split in ("test", "train")]
    with lzma.open(folder / SCIERC.file, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_classes_and_bounds(pipeline: Pipeline, tmp_path: Path) -> None:
    result = transfer(pipeline, SCIERC, corpus(tmp_path))
    figures = {n: (s.gold, s.predicted, s.right) for n, s in result.scores.items()}
    assert result.texts == 1
    assert figures["exact"] == (4, 4, 1)
    assert figures["overlap"] == (4, 4, 2)
    assert figures["exact:Data"] == (1, 1, 0)
    console = Console(width=150, file=io.StringIO(), record=True)
    console.print(transfer_table([result]))
    assert "25.0" in console.export_text()


def test_what_a_corpus_does_not_annotate_is_left_out(pipeline: Pipeline, tmp_path: Path) -> None:
    without = replace(SCIERC, classes={"Method": "System"})
    result = transfer(pipeline, without, corpus(tmp_path))
    exact = result.scores["exact"]
    assert (exact.gold, exact.predicted, exact.right) == (1, 1, 1)


def test_a_missing_corpus_is_an_error(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="SciERC"):
        transfer(pipeline, SCIERC, tmp_path)
