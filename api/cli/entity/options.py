"""What the commands about entities share."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.cli.options import settings

if TYPE_CHECKING:
    from graph.stores.base import GraphStore

F = TypeVar("F", bound=Callable[..., Any])


def who_option(command: F) -> F:
    """``--who NAME``."""
    return click.option(
        "--who", default=getpass.getuser, show_default="you", help="In whose name it is recorded."
    )(command)


@contextmanager
def opened(store: str | None) -> "Iterator[GraphStore]":
    """The store of a command that changes or shows what is there already."""
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        yield graph
