"""Going through open cases."""

import sys
from typing import TYPE_CHECKING

import click

from api.cli.entity.options import opened, who_option
from api.cli.options import echo_json, json_option, store_option
from graph.errors import IdentityError

if TYPE_CHECKING:
    from api.services.identity import Decider, OpenCase
    from graph.model import Decision

_KEYS = "merge (m), other way round (o), keep apart (k), skip (s), undo the last (u), stop (q)?"


@click.command()
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most this many."
)
@who_option
@store_option
@json_option
def review(limit: int, who: str, store: str | None, as_json: bool) -> None:
    """Go through the names that may be one thing, the most uncertain and influential first.

    One key a case: m merges the rarer into the other, o the other into it, k keeps them apart
    for good, s skips, u takes the last decision back, q stops. With --json the cases are only
    listed; `entity merge` and `entity keep-apart` decide them.
    """
    from api.services.identity import Decider, open_cases

    with opened(store) as graph:
        cases = open_cases(graph, limit)
        if as_json:
            echo_json([_record(case) for case in cases])
            return
        if not sys.stdin.isatty():
            raise click.UsageError("review needs a terminal; --json lists the cases")
        from api.cli import render

        decider, taken = Decider(graph, who), list["Decision"]()
        for number, case in enumerate(cases, 1):
            if graph.entities_by_id([case.part.id, case.whole.id]).keys() != {
                case.part.id,
                case.whole.id,
            }:
                continue  # merged by an earlier case
            render.case(case, graph, f"{number} of {len(cases)}")
            if not _asked(case, decider, taken):
                return
        click.echo("no open cases left" if cases else "no open cases")


def _record(case: "OpenCase") -> dict[str, object]:
    return {
        "merge": case.part.id,
        "into": case.whole.id,
        "likelihood": round(case.likelihood, 4),
        "weight": round(case.weight, 4),
        "why": case.why,
    }


def _asked(case: "OpenCase", decider: "Decider", taken: "list[Decision]") -> bool:
    """Ask about a case until a key settles it; whether to go on to the next."""
    part, whole, why = f"id:{case.part.id}", f"id:{case.whole.id}", f"review: {case.why}"
    while True:
        click.echo(f"  {_KEYS} ", nl=False)
        key = click.getchar(echo=False).lower()
        click.echo(key if key.isprintable() else "")
        try:
            if key in ("q", "\x03", "\x04", "\x1b"):
                return False
            if key == "s":
                return True
            if key in ("m", "o", "k"):
                if key == "k":
                    decision = decider.keep_apart(part, whole, why)
                else:
                    ends = (part, whole) if key == "m" else (whole, part)
                    decision = decider.merge(*ends, why)
                taken.append(decision)
                click.echo(f"  recorded as {decision.id}")
                return True
            if key == "u" and taken:
                undone = taken.pop()
                decider.undo(undone.id, "review: a slip of the finger")
                click.echo(f"  {undone.action} of {undone.subject} taken back")
            elif key == "u":
                click.echo("  nothing was decided yet")
        except IdentityError as error:
            click.echo(f"  {error}")
