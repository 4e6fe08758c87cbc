"""Going through open cases."""

import sys

import click

from api.cli.entity.options import opened, who_option
from api.cli.options import echo_json, json_option, store_option


@click.command()
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most this many."
)
@who_option
@store_option
@json_option
def review(limit: int, who: str, store: str | None, as_json: bool) -> None:
    """Go through the names that may be one thing, the most uncertain and influential first.

    One key a case: m merges, s skips, q stops. With --json the cases are only listed.
    """
    from api.services.identity import Decider, open_cases

    with opened(store) as graph:
        cases = open_cases(graph, limit)
        if as_json:
            echo_json(
                [
                    {
                        "merge": case.part.id,
                        "into": case.whole.id,
                        "likelihood": round(case.likelihood, 4),
                        "why": case.why,
                    }
                    for case in cases
                ]
            )
            return
        if not sys.stdin.isatty():
            raise click.UsageError("review needs a terminal; --json lists the cases")
        from api.cli import render

        for number, case in enumerate(cases, 1):
            render.case(case, graph, f"{number} of {len(cases)}")
            click.echo("  merge (m), skip (s), stop (q)? ", nl=False)
            key = click.getchar(echo=False).lower()
            click.echo(key)
            if key in ("q", "\x04"):
                return
            if key == "m":
                why = f"review: {case.why}"
                decision = Decider(graph, who).merge(
                    f"id:{case.part.id}", f"id:{case.whole.id}", why
                )
                click.echo(f"  recorded as {decision.id}")
        click.echo("no open cases left" if cases else "no open cases")
