"""``papergraph serve``."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from api.cli.options import pipeline_option, settings, store_option

if TYPE_CHECKING:
    from api.settings import Settings


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
@click.option("--scheduler", is_flag=True, help="Run what is scheduled, too.")
@store_option
@pipeline_option
def command(
    host: str | None,
    port: int | None,
    workers: int | None,
    scheduler: bool,
    store: str | None,
    pipeline: str | None,
) -> None:
    """Serve the search page, GraphQL, health and metrics.

    \b
    /         search page          /healthz  alive
    /graphql  GraphQL, GraphiQL    /readyz   store answers
                                   /metrics  for Prometheus
    Limits of queries are set by PAPERGRAPH_MAX_PAGE, _DEPTH, _ALIASES, _TOKENS, _COST, _BODY.
    """
    from api.server import serve

    chosen = settings(host=host, port=port, workers=workers, store=store, pipeline=pipeline)
    serve(chosen, _scheduler(chosen) if scheduler else None)


def _scheduler(chosen: "Settings") -> AbstractContextManager[None]:
    import logging

    from api.schedules import background
    from extract.deferred import DeferredPipeline

    say = logging.getLogger("papergraph.schedules").info
    return background.scheduler(chosen.store, DeferredPipeline(chosen.pipeline), say)
