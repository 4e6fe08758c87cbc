"""Training: from annotated papers and unlabelled abstracts to a pipeline's folder.

Needs the extra ``train``; importing this package alone does not.
"""

from pathlib import Path


def train(
    *,
    papers: Path,
    gold: Path,
    abstracts: Path,
    output: Path,
    annotations: Path | None = None,
    excluded: Path | None = None,
    name: str = "default",
    version: str = "1.0.0",
    seed: int = 1,
    smoke: bool = False,
    teacher: str = "default",
) -> Path:
    """Train a pipeline and write its folder.

    Args:
        papers: JSONL of ``{"id", "title", "abstract"}``, the annotated papers.
        gold: JSONL of their annotations, as the guidelines define them.
        abstracts: folder of unlabelled abstracts (``abstracts_*.jsonl.xz``).
        output: folder to write: encoder, heads, vocabulary, meta.
        annotations: folder of stand-off annotations of papers in ``abstracts``.
        excluded: JSONL of papers whose titles must not be read anywhere, for a fair test.
        name: name of the pipeline: ``default`` or ``fast`` choose its size.
        version: version of the pipeline.
        seed: of sampling, order, masks and dropout.
        smoke: train a useless model in seconds, to test that training works.
        teacher: pipeline, by name or folder, that ``fast`` learns from.

    Returns:
        ``output``.

    Raises:
        UsageError: an input is missing, or the extra ``train`` is not installed.
    """
    from extract.training.inputs import Inputs
    from extract.training.recipe import run

    inputs = Inputs(papers, gold, abstracts, annotations, excluded)
    return run(inputs, output, name=name, version=version, seed=seed, smoke=smoke, teacher=teacher)
