"""``papergraph entity``: identity decisions, each recorded and reversible."""

import click

from api.cli.entity.decide import (
    alias,
    apply,
    keep_apart,
    merge,
    rename,
    retype,
    split,
    undo,
)
from api.cli.entity.look import history, show, why
from api.cli.entity.review import review


@click.group()
def command() -> None:
    """Look at and change which names mean one thing.

    Every change is a decision: recorded with who, when and why, and undone by one more.
    NAME is a name in any spelling or id:KEY.
    """


for _subcommand in (
    *(show, why, merge, split, alias, keep_apart, rename, retype, undo, history, review),
    apply,
):
    command.add_command(_subcommand)
