"""``papergraph train``."""

import logging
import sys
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--papers",
    type=_FILE,
    default="../shared/gold/train.papers.jsonl",
    show_default=True,
    help='Annotated papers: JSON lines of {"id", "title", "abstract"}.',
)
@click.option(
    "--gold",
    type=_FILE,
    default="../shared/gold/train.gold.jsonl",
    show_default=True,
    help="Their annotations.",
)
@click.option(
    "--abstracts",
    type=_FOLDER,
    default="../shared/data",
    show_default=True,
    help="Folder of unlabelled abstracts, abstracts_*.jsonl.xz.",
)
@click.option("--annotations", type=_FOLDER, help="Folder of annotations by offset.")
@click.option("--excluded", type=_FILE, help="Papers that must not be read anywhere.")
@click.option("--output", type=_FOLDER, required=True, help="Folder to write the pipeline to.")
@click.option(
    "--name",
    type=click.Choice(["default", "fast"]),
    default="default",
    show_default=True,
    help="Which of the two pipelines to train.",
)
@click.option("--version", default="1.0.0", show_default=True, help="Version of the pipeline.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of all that is random.")
@click.option(
    "--teacher",
    default="default",
    show_default=True,
    help="Pipeline, by name or folder, that fast learns from.",
)
@click.option("--smoke", is_flag=True, help="Train a useless model in seconds, to see it work.")
def command(
    papers: Path,
    gold: Path,
    abstracts: Path,
    annotations: Path | None,
    excluded: Path | None,
    output: Path,
    name: str,
    version: str,
    seed: int,
    teacher: str,
    smoke: bool,
) -> None:
    """Train a pipeline from annotated papers, as the shipped ones were.

    Needs the extra: pip install 'papergraph[train]'. Hours on a laptop; use the folder it writes
    with --pipeline FOLDER.
    """
    from extract.training import train

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    folder = train(
        papers=papers,
        gold=gold,
        abstracts=abstracts,
        output=output,
        annotations=annotations,
        excluded=excluded,
        name=name,
        version=version,
        seed=seed,
        smoke=smoke,
        teacher=teacher,
    )
    click.echo(f"wrote {folder}: papergraph ingest FILE --pipeline {folder}")
