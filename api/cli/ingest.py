"""``papergraph ingest``."""

from dataclasses import asdict

import click

from api.cli.failures import Failures
from api.cli.options import (
    echo_json,
    json_option,
    pipeline_option,
    settings,
    sources_argument,
    store_option,
    strict_option,
)
from api.cli.progress import shown
from api.cli.run import say_error
from graph.model import RunSummary

COUNTS = ("papers", "added", "updated", "unchanged", "failed", "withdrawn", "claims")


@click.command()
@sources_argument
@store_option
@pipeline_option
@strict_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    store: str | None,
    pipeline: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Read papers, extract, resolve, and load them into the store.

    SOURCE is a file, - for standard input, or a source's address. Formats are recognised by
    their content. Doing it again changes nothing; a paper that has changed is replaced.
    """
    from api.services.ingest import expected, ingest, opened, papers
    from extract.deferred import DeferredPipeline
    from graph.stores import open_store

    chosen = settings(store=store, pipeline=pipeline)
    failures = Failures(strict)
    records = opened(papers(sources))
    with open_store(chosen.store) as graph:
        reader = DeferredPipeline(chosen.pipeline)
        watched = shown(records, "records read", expected(sources))
        run = ingest(graph, sources, watched, reader, failures)
    say(run, as_json)
    if not run.papers and not run.withdrawn:
        say_error(f"{' '.join(sources)}: holds no papers")
    if run.papers and run.failed == run.papers:
        ctx.exit(1)


def say(run: RunSummary, as_json: bool) -> None:
    """How a run ended, on one line of stdout."""
    if as_json:
        summary = asdict(run)
        echo_json({name: summary[name] for name in COUNTS} | {"run": run.id})
        return
    click.echo(
        f"{run.papers} papers: {run.added} added, {run.updated} updated, "
        f"{run.unchanged} unchanged, {run.failed} failed; {run.claims} claims written"
        + (f"; {run.withdrawn} withdrawn papers left out" if run.withdrawn else "")
    )
