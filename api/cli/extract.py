"""``papergraph extract``."""

import json
from pathlib import Path

import click

from api.cli.failures import Failures
from api.cli.options import pipeline_option, settings, sources_argument, strict_option
from api.cli.progress import shown


@click.command()
@sources_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, whole or not at all, instead of standard output.",
)
@pipeline_option
@strict_option
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    output: Path | None,
    pipeline: str | None,
    strict: bool,
) -> None:
    """Read papers and write what is in them; no store is touched.

    One extraction record a line, as JSON. SOURCE is a file, - for standard input, or a source's
    address.
    """
    from api.services.ingest import extract, opened, papers
    from extract.pipeline import load_pipeline

    failures = Failures(strict)
    records = shown(opened(papers(sources)), "records read")
    reader = load_pipeline(settings(pipeline=pipeline).pipeline)
    written = 0
    with click.open_file(str(output or "-"), "w", encoding="utf-8", atomic=bool(output)) as out:
        for extraction in extract(records, reader, failures):
            text = json.dumps(extraction.to_record(), ensure_ascii=False)
            out.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
            written += 1
    if failures.count:
        click.echo(f"papergraph: {written} papers extracted, {failures.count} failed", err=True)
        if not written:
            ctx.exit(1)
