"""Progress on stderr: a bar where a person is looking at it, now and then a line where not."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from api.cli.run import say_error

T = TypeVar("T")

EVERY_S: Final = 30.0
"""Seconds between two lines where stderr is no terminal."""


def shown(
    items: Iterable[T],
    what: str,
    total: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[T]:
    """The items, with a running count, rate and, where the total is known, time left on stderr.

    Args:
        items: passed through as they are.
        what: what is done with them, for example ``papers read``.
        total: how many there are, as far as that is known.
        clock: seconds that never go back.
    """
    if sys.stderr.isatty():
        return _as_bar(items, what, total)
    return _as_lines(items, what, total, clock)


def _as_bar(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        *([BarColumn()] if total else []),
        TextColumn("{task.completed:,.0f} {task.description}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        *([TextColumn("left:"), TimeRemainingColumn()] if total else []),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total, rate="")
        for item in items:
            yield item
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{speed:,.0f}/s" if speed else "")


def _as_lines(
    items: Iterable[T], what: str, total: int | None, clock: Callable[[], float]
) -> Iterator[T]:
    began = told = clock()
    for count, item in enumerate(items, 1):
        yield item
        now = clock()
        if now - told >= EVERY_S:
            told = now
            rate = count / (now - began)
            left = f", {(total - count) / rate:,.0f} s left" if total and total > count else ""
            say_error(f"{count:,} {what}, {rate:,.1f}/s{left}")
