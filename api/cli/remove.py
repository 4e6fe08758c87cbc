"""``papergraph remove``."""

import click

from api.cli.options import echo_json, json_option, settings, store_option
from api.cli.run import say_error


@click.command()
@click.argument("paper_ids", metavar="PAPER_ID...", nargs=-1, required=True)
@click.option(
    "--source",
    metavar="NAME",
    help="Take out only what this source says of them ('' for what names none).",
)
@store_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    paper_ids: tuple[str, ...],
    source: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Retract papers: the store is then as if they had never been ingested.

    Of a paper that several sources tell of, --source takes out what one of them says.
    Decisions about identity stay. Exits with 1 where a paper was not there.
    """
    from api.services.runs import retract
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        removed = retract(graph, paper_ids, source)
    missing = [paper for paper in dict.fromkeys(paper_ids) if paper not in set(removed)]
    if as_json:
        echo_json({"removed": sorted(removed), "missing": missing})
    else:
        click.echo(f"{len(removed)} {'paper' if len(removed) == 1 else 'papers'} removed")
    for paper in missing:
        say_error(f"paper {paper} is not in the store: nothing to remove")
    if missing:
        ctx.exit(1)
