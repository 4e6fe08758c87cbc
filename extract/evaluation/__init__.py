"""How well papers are read: scores against annotations, errors in context, changes, calibration.

``evaluate`` is the way in. The definitions are those of the annotation guidelines' own scorer; a
test compares the two on real extractions.
"""

from collections.abc import Iterable
from pathlib import Path

from extract.evaluation.annotations import read_annotations, read_extractions
from extract.evaluation.readings import Reading
from extract.evaluation.report import Report, score
from extract.pipeline import Pipeline, load_pipeline
from extract.readers import read
from graph.errors import ExtractionError, SourceError
from graph.model import Extraction, Paper

__all__ = ["Report", "evaluate"]


def evaluate(
    papers: str | Path,
    gold: str | Path,
    predicted: str | Path | Iterable[Extraction] | None = None,
    pipeline: Pipeline | None = None,
) -> Report:
    """Score extractions of annotated papers.

    Args:
        papers: the papers, in any format that can be read.
        gold: their annotations, a JSON object a line.
        predicted: extractions, or a file of extraction records; a paper that lacks one counts as
            one in which nothing was found. If None, ``pipeline`` reads the papers.
        pipeline: the shipped default if None; not used if ``predicted`` is given.

    Raises:
        SourceError: a file cannot be read, or annotates a paper that is not among the papers.
        ExtractionError: the pipeline is not there, or failed on a paper.
    """
    annotated = read_annotations(gold)
    by_id = {p.id: p for p in read(str(papers)) if isinstance(p, Paper) and p.id in annotated}
    lacking = sorted(set(annotated) - set(by_id))
    if lacking:
        raise SourceError(
            f"{gold}: annotates {len(lacking)} papers that {papers} lacks, first {lacking[0]}",
            "give the papers that were annotated",
        )
    if predicted is None:
        found = _extracted(pipeline or load_pipeline(), by_id.values())
    else:
        found = read_extractions(predicted) if isinstance(predicted, str | Path) else predicted
    readings = {e.paper_id: Reading.of_extraction(e) for e in found}
    return score(
        (paper, Reading.of_annotation(paper, annotated[i]), readings.get(i, Reading()))
        for i, paper in by_id.items()
    )


def _extracted(pipeline: Pipeline, papers: Iterable[Paper]) -> Iterable[Extraction]:
    for extraction in pipeline.extract(papers):
        if isinstance(extraction, ExtractionError):
            raise extraction
        yield extraction
