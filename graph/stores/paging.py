"""Pages of ordered lists, by keyset, both ways; one way for all stores."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from graph.errors import UsageError
from graph.stores.base import Page, SortKey, Window

T = TypeVar("T")

_LARGEST = 2**53

Fetch = Callable[[SortKey | None, SortKey | None, bool, int], Sequence[tuple[T, SortKey]]]
"""(after, before, backward, limit) -> rows within the exclusive bounds: the first ``limit`` in
the list's order or, backward, the last ``limit`` in reverse order."""


def page(fetch: Fetch[T], window: Window, kinds: tuple[type, ...]) -> Page[T]:
    """The stretch of a list that a window asks for.

    Args:
        fetch: reads rows of the list.
        window: which stretch.
        kinds: types of the sort key's parts.

    Raises:
        UsageError: a bound of the window is no sort key of this list.
    """
    for bound in (window.after, window.before):
        if bound is not None:
            _check(bound, kinds)
    limit = max(window.limit, 0)
    rows = list(fetch(window.after, window.before, window.backward, limit + 1))
    more = len(rows) > limit
    rows = rows[:limit]
    if window.backward:
        rows.reverse()
    first, last = (rows[0][1], rows[-1][1]) if rows else (None, None)
    has_next = has_previous = more
    if window.backward:
        has_next = window.before is not None and bool(last and fetch(last, None, False, 1))
        has_previous = more or (
            window.after is not None and bool(first and fetch(None, first, True, 1))
        )
    else:
        has_next = more or (
            window.before is not None and bool(last and fetch(last, None, False, 1))
        )
        has_previous = window.after is not None and bool(first and fetch(None, first, True, 1))
    return Page(tuple(rows), has_next, has_previous)


def ends(rows: Sequence[tuple[T, SortKey]], window: Window) -> Page[T]:
    """The page of a window without bounds.

    Args:
        rows: the first of the list, or backward the last in reverse order: one more than the
            window's limit, where there are so many.
        window: which stretch.
    """
    limit = max(window.limit, 0)
    shown, more = list(rows[:limit]), len(rows) > limit
    if window.backward:
        shown.reverse()
    return Page(tuple(shown), more and not window.backward, more and window.backward)


def _check(key: SortKey, kinds: tuple[type, ...]) -> None:
    fits = len(key) == len(kinds) and all(map(isinstance, key, kinds))
    if not fits or any(isinstance(part, int) and abs(part) > _LARGEST for part in key):
        raise UsageError("the cursor belongs to another list", "start from the first page")
