"""``papergraph mcp``."""

from importlib.util import find_spec

import click

from api.cli.options import settings, store_option
from graph.errors import UsageError


@click.command()
@store_option
def command(store: str | None) -> None:
    """Offer the graph to an assistant as tools (Model Context Protocol, over stdio).

    Needs the extra: pip install 'papergraph[mcp]'. In the assistant's configuration, the command
    is papergraph, its arguments mcp --store URL. Nothing can be changed by it, and every answer
    brings its sentences.
    """
    if find_spec("mcp") is None:
        raise UsageError("papergraph mcp needs the package mcp", "pip install 'papergraph[mcp]'")
    from api.mcp.server import build_server
    from graph.stores import open_store

    chosen = settings(store=store)
    with open_store(chosen.store, create=False) as opened:
        build_server(opened, chosen).run("stdio")
