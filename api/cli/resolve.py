"""``papergraph resolve``."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api.cli.failures import Failures
from api.cli.options import strict_option
from graph.errors import RecordError


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, whole or not at all, instead of standard output.",
)
@strict_option
@click.pass_context
def command(ctx: click.Context, output: Path | None, strict: bool) -> None:
    """Say which names mean one thing, from JSON lines to JSON lines.

    Reads mentions on standard input; their texts may be empty.

    \b
    in   {"mention_id", "paper_id", "surface", "type", "title", "abstract", "context"}
    out  {"mention_id", "entity"}: the same thing where "entity" is the same
    """
    from graph.resolution import resolve_records

    failures = Failures(strict)
    written = 0
    with click.open_file(str(output or "-"), "w", encoding="utf-8", atomic=bool(output)) as out:
        for answer in resolve_records(_mentions(failures)):
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            written += 1
    if failures.count and not written:
        ctx.exit(1)


def _mentions(failures: Failures) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        problem = ""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record, problem = None, "is not JSON"
        if not problem:
            problem = _problem(record)
        if problem:
            failures(
                RecordError(
                    problem,
                    'each line is an object with "mention_id" and "surface"',
                    source="standard input",
                    position=f"line {number}",
                )
            )
        else:
            yield record


def _problem(record: Any) -> str:
    if not isinstance(record, dict):
        return "is not an object"
    for name in ("mention_id", "surface", "title", "abstract", "context", "type"):
        value = record.get(name, "")
        if name in ("mention_id", "surface") and name not in record:
            return f"has no {name}"
        if not isinstance(value, str) and not (value is None and name not in ("surface",)):
            return f"{name} is not text"
    return ""
