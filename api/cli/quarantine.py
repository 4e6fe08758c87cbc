"""``papergraph quarantine``: records that could not be used."""

from dataclasses import asdict

import click

from api.cli.options import echo_json, json_option, pipeline_option, settings, store_option
from api.cli.progress import shown


@click.group()
def command() -> None:
    """Look at records that could not be used, and read them again.

    A bad record is kept once, with the reason, until a run reads its source to the end without
    meeting it, its paper is loaded, or it is dropped.
    """


@command.command("list")
@store_option
@json_option
def list_(store: str | None, as_json: bool) -> None:
    """List what is in quarantine, oldest first."""
    from graph.quarantine import bad_records
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        records = bad_records(graph)
    if as_json:
        for record in records:
            echo_json(asdict(record))
        return
    for record in records:
        click.echo(f"{record.id}  {record.place}: {record.problem}")
    if not records:
        click.echo("nothing is in quarantine")


@command.command()
@click.argument("id")
@store_option
@json_option
def show(id: str, store: str | None, as_json: bool) -> None:
    """Show the record ID: where it stood, what is wrong, and how it begins."""
    from graph.errors import UsageError
    from graph.quarantine import bad_records
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        found = [record for record in bad_records(graph) if record.id == id]
    if not found:
        raise UsageError(f"no record {id!r} is in quarantine", "papergraph quarantine list")
    if as_json:
        echo_json(asdict(found[0]))
        return
    for name, value in asdict(found[0]).items():
        if value != "":
            click.echo(f"{name:9} {value}")


@command.command()
@store_option
@pipeline_option
@json_option
@click.pass_context
def retry(ctx: click.Context, store: str | None, pipeline: str | None, as_json: bool) -> None:
    """Read the sources of all bad records again; what passes now is loaded and cleared.

    Exits with 1 where some are left.
    """
    from api.cli.run import say_error
    from api.services.ingest import retry as read_again
    from extract.deferred import DeferredPipeline
    from graph.quarantine import bad_records
    from graph.stores import open_store

    chosen = settings(store=store, pipeline=pipeline)
    with open_store(chosen.store, create=False) as graph:
        before = len(bad_records(graph))
        if before:
            reader = DeferredPipeline(chosen.pipeline)
            for problem in read_again(graph, reader, lambda r: shown(r, "records read")):
                say_error(str(problem))
        left = len(bad_records(graph))
    if as_json:
        echo_json({"retried": before, "passed": before - left, "left": left})
    else:
        click.echo(f"{before} retried: {before - left} passed, {left} left")
    if left:
        ctx.exit(1)


@command.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@store_option
def drop(ids: tuple[str, ...], store: str | None) -> None:
    """Forget the records ID…; if a run meets them again, they are back."""
    from graph.errors import UsageError
    from graph.quarantine import bad_records
    from graph.quarantine import drop as forget
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        missing = sorted(set(ids) - {record.id for record in bad_records(graph)})
        if missing:
            raise UsageError(
                f"{', '.join(missing)}: not in quarantine, so nothing is dropped",
                "papergraph quarantine list",
            )
        dropped = forget(graph, ids)
    click.echo(f"{dropped} dropped")
