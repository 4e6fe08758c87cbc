"""``papergraph export``."""

from pathlib import Path

import click

from api.cli.options import settings, store_option

FORMATS = ("jsonl", "graphml", "csv", "jsonld", "neo4j-import")
"""Those of ``graph.export``, which is too large to be loaded for a help page."""


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="jsonl",
    show_default=True,
    help="jsonl is canonical: the same content gives the same bytes, from any store.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, whole or not at all; formats of several files write a folder.",
)
@store_option
def command(form: str, output: Path, store: str | None) -> None:
    """Write the whole graph, from one consistent state.

    \b
    jsonl         every record; papergraph restore reads it back
    graphml       for Gephi, yEd, networkx
    csv           a folder of tables
    jsonld        linked data
    neo4j-import  a folder for neo4j-admin database import full
    """
    from graph.export import export
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        export(graph.snapshot(), form, output)
