"""Writes ``docs/cli.md`` from the commands' own help: ``python -m api.cli.reference``."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from api.cli.root import papergraph
from api.settings import PREFIX, Settings

PATH = Path(__file__).parents[2] / "docs" / "cli.md"
WIDTH = 90

HEAD = """\
# Command line

Written by `python -m api.cli.reference` from each command's `--help`; do not edit.

Exit status: 0 it worked, 1 the work failed, 2 wrong usage, 130 interrupted. An error is one line
on stderr; `PAPERGRAPH_DEBUG=1` adds where an unexpected one happened.

An option that is not given comes from the environment, then from the default:

| variable | default | meaning |
|---|---|---|
"""


def reference() -> str:
    """The page."""
    sections = "".join(
        f"\n## {path}\n\n```text\n{text}\n```\n" for path, text in helps(papergraph, "papergraph")
    )
    return HEAD + "".join(settings()) + sections


def settings() -> Iterator[str]:
    """A row for each variable, its meaning from the docstring of ``Settings``."""
    meanings = dict(re.findall(r"^    +(\w+): (.+)$", Settings.__doc__ or "", re.MULTILINE))
    for entry in fields(Settings):
        meaning = meanings[entry.name].replace("``", "`")
        yield f"| `{PREFIX}{entry.name.upper()}` | `{entry.default}` | {meaning} |\n"


def helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Path and help of a command and of all below it."""
    # max_content_width of the terminal must not matter to a committed file.
    context = click.Context(
        command, info_name=path, terminal_width=WIDTH, help_option_names=["-h", "--help"]
    )
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from helps(below, f"{path} {name}")


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
