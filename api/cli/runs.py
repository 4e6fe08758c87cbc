"""``papergraph runs``."""

from dataclasses import asdict

import click

from api.cli.options import echo_json, json_option, settings, store_option


@click.command()
@store_option
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most this many."
)
@json_option
def command(store: str | None, limit: int, as_json: bool) -> None:
    """Show the latest runs, newest first, with counts that add up."""
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        runs = graph.runs(limit)
    if as_json:
        echo_json([asdict(run) for run in runs])
        return
    from api.cli import render

    render.runs(runs)
