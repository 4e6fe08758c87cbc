"""``papergraph schedule``: sources that are read again and again."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from api.cli.failures import Failures
from api.cli.options import (
    echo_json,
    json_option,
    pipeline_option,
    settings,
    store_option,
    strict_option,
)
from api.cli.progress import shown

if TYPE_CHECKING:
    from api.schedules.schedule import Schedule

_DAYS = re.compile(r"(\d{1,3})(d|w)")


@click.group()
def command() -> None:
    """Read sources again and again, each time what is new.

    A schedule is kept in the store. `papergraph schedule start` (or `papergraph serve
    --scheduler`) runs what is due; any number of them may watch one store. With cron or systemd
    instead, let those call `papergraph schedule run NAME`.
    """


def _overlap(_: click.Context, __: click.Parameter, text: str) -> int:
    match = _DAYS.fullmatch(text)
    if not match:
        raise click.BadParameter(f"{text!r} is no number of days; write 2d or 1w")
    return int(match[1]) * (7 if match[2] == "w" else 1)


@command.command()
@click.argument("name")
@click.option("--source", required=True, metavar="SOURCE", help="What to read, as for ingest.")
@click.option("--cron", required=True, metavar="LINE", help='When, for example "0 6 * * *".')
@click.option(
    "--timezone", default="UTC", show_default=True, metavar="ZONE", help="IANA name, Europe/Berlin."
)
@click.option(
    "--since",
    default="",
    metavar="DAY",
    help="Day from which the first run reads; default: what the source gives by itself.",
)
@click.option(
    "--overlap",
    default="2d",
    show_default=True,
    callback=_overlap,
    metavar="DAYS",
    help="Read again so many days before where the last run came to, for what is listed late.",
)
@click.option(
    "--max-failures",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Suspend it after so many failures in a row.",
)
@click.option("--webhook", default="", metavar="URL", help="Tell this address what is new.")
@click.option(
    "--secret-env", default="", metavar="VAR", help="Variable with the secret that signs it."
)
@store_option
def add(
    name: str,
    source: str,
    cron: str,
    timezone: str,
    since: str,
    overlap: int,
    max_failures: int,
    webhook: str,
    secret_env: str,
    store: str | None,
) -> None:
    """Schedule SOURCE under NAME.

    \b
    papergraph schedule add daily --source hf-daily: --cron "0 6 * * *" --timezone Europe/Berlin
    """
    from api.schedules.book import Book
    from api.schedules.make import new_schedule
    from graph.stores import open_store

    made = new_schedule(
        name,
        source,
        cron,
        timezone=timezone,
        since=since,
        overlap_days=overlap,
        most_failures=max_failures,
        webhook=webhook,
        secret_env=secret_env,
    )
    with open_store(settings(store=store).store) as graph:
        Book(graph).add(made)
    click.echo(f"{name} runs first at {made.next_at[:16].replace('T', ' ')} UTC")


@command.command("list")
@store_option
@json_option
def list_(store: str | None, as_json: bool) -> None:
    """Show the schedules: when they run next, how they ran last, what is wrong."""
    from api.schedules.book import Book
    from api.schedules.lease import Leases, of_schedule
    from api.schedules.scheduler import this_process, utc_now
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        schedules = Book(graph).every()
        leases = Leases(graph, this_process(), utc_now)
        holders = {s.name: leases.holder(of_schedule(s.name)) for s in schedules}
    if as_json:
        for schedule in schedules:
            state = "running" if holders[schedule.name] else schedule.state
            echo_json({**schedule.to_record(), "state": state, "holder": holders[schedule.name]})
        return
    _show(schedules, holders)


@command.command()
@click.argument("name")
@store_option
def remove(name: str, store: str | None) -> None:
    """Forget the schedule NAME; what it has loaded stays."""
    from api.schedules.book import Book
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        Book(graph).remove(name)
    click.echo(f"{name} is scheduled no more")


@command.command()
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Read and compare only; nothing is changed.")
@store_option
@pipeline_option
@strict_option
@json_option
def run(
    name: str,
    dry_run: bool,
    store: str | None,
    pipeline: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Run the schedule NAME now, due or not; one that was suspended goes on after it.

    Exits with 1 where the run failed, or where another process is running it.
    """
    from api.cli.ingest import say
    from api.schedules.book import Book
    from api.schedules.lease import Leases, of_schedule
    from api.schedules.run import Runner
    from api.schedules.scheduler import this_process, utc_now
    from extract.deferred import DeferredPipeline
    from graph.errors import StoreBusy
    from graph.stores import open_store

    chosen = settings(store=store, pipeline=pipeline)
    with open_store(chosen.store, create=False) as graph:
        schedule = Book(graph).get(name)
        runner = Runner(
            graph,
            DeferredPipeline(chosen.pipeline),
            utc_now,
            Failures(strict),
            watched=lambda records: shown(records, "records read"),
        )
        if dry_run:
            say(runner.preview(schedule), as_json)
            return
        leases = Leases(graph, this_process(), utc_now)
        lease = leases.take(of_schedule(name))
        if lease is None:
            who = leases.holder(of_schedule(name)) or "another process"
            raise StoreBusy(f"schedule {name} is being run by {who}", "wait until it is done")
        try:
            summary = runner.run(Book(graph).get(name), lease)
            runner.tell(Book(graph).get(name))
        finally:
            lease.release()
    say(summary, as_json)


@command.command()
@store_option
@pipeline_option
def start(store: str | None, pipeline: str | None) -> None:
    """Run what is due, until Ctrl-C or SIGTERM; the batch being loaded is then the last."""
    import logging
    import signal
    import sys

    from api.schedules.background import scheduler
    from extract.deferred import DeferredPipeline

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="papergraph: %(message)s")
    chosen = settings(store=store, pipeline=pipeline)
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before there are threads, which inherit it
    try:
        with scheduler(chosen.store, DeferredPipeline(chosen.pipeline), click.echo):
            click.echo("papergraph runs what is due; Ctrl-C stops it", err=True)
            signal.sigwait(ends)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)  # a second one does not wait
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)


def _show(every: "Sequence[Schedule]", holders: Mapping[str, str | None]) -> None:
    """Schedules as a table, with what is wrong below."""
    from rich.table import Table
    from rich.text import Text

    from api.cli.render import console

    out = console()
    if not every:
        out.print("No schedules yet: papergraph schedule add NAME --source … --cron …")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("name", "state", "next (UTC)", "last (UTC)", "read up to", "failures", "source"):
        table.add_column(name, no_wrap=name != "source", overflow="ellipsis")
    for schedule in every:
        table.add_row(
            schedule.name,
            "running" if holders.get(schedule.name) else schedule.state,
            "-" if schedule.suspended else schedule.next_at[:16].replace("T", " "),
            schedule.last_at[:16].replace("T", " ") or "-",
            schedule.watermark or "-",
            str(schedule.failures),
            schedule.source,
        )
    out.print(table)
    for schedule in every:
        if holders.get(schedule.name):
            out.print(Text(f"{schedule.name}: run by {holders[schedule.name]}", "dim"))
        if schedule.problem:
            out.print(Text(f"{schedule.name}: {schedule.problem}", "red"), soft_wrap=True)
        if schedule.tell_failures:
            times = f"{schedule.tell_failures} times in a row"
            out.print(Text(f"{schedule.name}: its webhook was not reached {times}", "red"))
        if schedule.suspended:
            hint = f"papergraph schedule run {schedule.name} takes it up again"
            out.print(Text(f"{schedule.name}: suspended; {hint}", "red"))
