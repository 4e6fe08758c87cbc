"""``papergraph verify``."""

import click

from api.cli.options import echo_json, json_option, settings, store_option


@click.command()
@store_option
@json_option
@click.pass_context
def command(ctx: click.Context, store: str | None, as_json: bool) -> None:
    """Check every quote, and all that follows from the claims.

    Reads each quote again in its abstract, and derives everything derived anew. Lists what does
    not hold, one line each, and exits with 1 where there is anything.
    """
    from graph.stores import open_store
    from graph.verify import verify

    with open_store(settings(store=store).store, create=False) as graph:
        if as_json:
            findings = list(verify(graph))
            echo_json({"sound": not findings, "findings": findings})
            ctx.exit(1 if findings else 0)
        number = 0
        for finding in verify(graph):
            number += 1
            click.echo(finding)
        counts = graph.counts()
    if number:
        click.echo(f"papergraph: {number} things do not hold", err=True)
        ctx.exit(1)
    click.echo(
        f"sound: {counts.papers} papers, {counts.entities} entities, {counts.claims} claims, "
        "every quote is the text at its offsets"
    )
