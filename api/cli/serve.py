"""``papergraph serve``."""

import click

from api.cli.options import settings, store_option


@click.command()
@click.option("--host", help="Address to listen on. [env: PAPERGRAPH_HOST; default: 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on. [env: PAPERGRAPH_PORT; default: 8000]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes that serve; the rate limit is of each. [env: PAPERGRAPH_WORKERS; default: 1]",
)
@store_option
def command(host: str | None, port: int | None, workers: int | None, store: str | None) -> None:
    """Serve the search page, GraphQL, health and metrics.

    \b
    /         search page          /healthz  alive
    /graphql  GraphQL, GraphiQL    /readyz   store answers
                                   /metrics  for Prometheus
    Limits of queries are set by PAPERGRAPH_MAX_PAGE, _DEPTH, _ALIASES, _TOKENS, _COST, _BODY.
    """
    from api.server import serve

    serve(settings(host=host, port=port, workers=workers, store=store))
