"""``papergraph evaluate``."""

from pathlib import Path

import click

from api.cli.options import echo_json, json_option, pipeline_option, settings

_RECORDS = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("papers")
@click.argument("gold", type=_RECORDS)
@click.option(
    "--predicted",
    type=_RECORDS,
    help="Score these extraction records instead of running a pipeline.",
)
@click.option(
    "--before",
    type=_RECORDS,
    help="With --predicted: also list what changed since these extraction records.",
)
@click.option(
    "--mistakes",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="List this many mistakes with their context.",
)
@pipeline_option
@json_option
def command(
    papers: str,
    gold: Path,
    predicted: Path | None,
    before: Path | None,
    mistakes: int,
    pipeline: str | None,
    as_json: bool,
) -> None:
    """Score extractions of the annotated PAPERS against their annotations GOLD.

    Precision, recall and F1 by type, role, result and relation, and how well confidences are
    calibrated.
    """
    from extract.evaluation import evaluate
    from extract.evaluation.annotations import read_extractions
    from extract.evaluation.changes import change_table, changes
    from extract.pipeline import load_pipeline

    if before and not predicted:
        raise click.UsageError("--before needs --predicted")
    reader = None if predicted else load_pipeline(settings(pipeline=pipeline).pipeline)
    report = evaluate(papers, gold, predicted, reader)
    if as_json:
        echo_json(report.to_record(mistakes))
        return
    from api.cli import render

    out = render.console(piped=render.WIDEST)
    out.print(report.to_table(mistakes))
    if before and predicted:
        out.print(change_table(changes(read_extractions(before), read_extractions(predicted))))
