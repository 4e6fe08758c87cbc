"""``papergraph restore``."""

import sys
from pathlib import Path

import click

from api.cli.options import echo_json, json_option, settings, store_option
from graph.errors import SourceError


@click.command()
@click.argument("export", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@store_option
@json_option
def command(export: Path, store: str | None, as_json: bool) -> None:
    """Load an export in the canonical format (jsonl) into the store.

    Decisions come along; what the store holds already stays. EXPORT is a file or - for standard
    input. Exported again, an empty store gives the same bytes.
    """
    from graph.export.jsonl import restore
    from graph.stores import open_store

    chosen = settings(store=store)
    try:
        stream = sys.stdin.buffer if str(export) == "-" else export.open("rb")
    except OSError as error:
        raise SourceError(f"cannot read {export}: {error.strerror}", "name a file") from error
    with stream, open_store(chosen.store) as graph:
        papers = restore(stream, graph, str(export))
    if as_json:
        echo_json({"papers": papers})
    else:
        click.echo(f"{papers} papers restored")
