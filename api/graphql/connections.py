"""Relay paging: arguments to a window, a page to edges, and nothing counted unasked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from api.graphql import cursors
from api.graphql.errors import RequestError
from graph.stores import paging
from graph.stores.base import Page, SortKey, Window

T = TypeVar("T")

DEFAULT_PAGE = 20

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="At most this many from the start, or after `after`. 20 where neither "
        "`first` nor `last` is given."
    ),
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what follows the row of this cursor.")
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="At most this many from the end, or before `before`."),
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what precedes the row of this cursor.")
]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether rows precede this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the page's first row.")
    end_cursor: str | None = strawberry.field(description="Cursor of the page's last row.")


def window(
    order: str,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    max_page: int,
) -> Window:
    """The window that Relay's arguments ask for.

    Raises:
        RequestError: both ends are asked for, a size is negative or above ``max_page``, or a
            cursor is not one of a list of this order.
    """
    if first is not None and last is not None:
        raise RequestError("BAD_ARGUMENT", "Both first and last are given", "give one of them")
    name, size = ("last", last) if last is not None else ("first", first)
    size = DEFAULT_PAGE if size is None else size
    if size < 0:
        raise RequestError("BAD_ARGUMENT", f"{name} is {size}", "give 0 or more")
    if size > max_page:
        raise page_too_large(name, size, max_page)
    return Window(
        limit=size,
        after=cursors.decode(order, after) if after is not None else None,
        before=cursors.decode(order, before) if before is not None else None,
        backward=last is not None,
    )


def page_too_large(name: str, size: int, max_page: int) -> RequestError:
    """The error for a page that may not be so large."""
    return RequestError(
        "PAGE_TOO_LARGE",
        f"{name}: {size} is more than the {max_page} rows a page may hold",
        f"ask for {max_page} at most, and for the rest with the page's end cursor",
    )


class Listing(Generic[T]):
    """An ordered list of which one page is shown; page and total are read when asked for.

    Args:
        order: name of the list's order, part of its cursors.
        window: the stretch to show.
        read: reads the page.
        count: counts the whole list.
    """

    def __init__(
        self,
        order: str,
        window: Window,
        read: Callable[[Window], Awaitable[Page[T]]],
        count: Callable[[], Awaitable[int]],
    ) -> None:
        self.order = order
        self.count = count
        self._window = window
        self._read = read
        self._page: asyncio.Future[Page[T]] | None = None

    async def page(self) -> Page[T]:
        """The page; read once, however many fields want it."""
        if not self._window.limit:
            return Page((), has_next=False, has_previous=False)
        if self._page is None:
            self._page = asyncio.ensure_future(self._read(self._window))
        return await self._page

    def cursor(self, key: SortKey) -> str:
        """Cursor of a row of this list."""
        return cursors.encode(self.order, key)

    async def page_info(self) -> PageInfo:
        """Where the page lies."""
        page = await self.page()
        ends = [self.cursor(key) for _, key in (page.rows[:1] + page.rows[-1:])]
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=ends[0] if ends else None,
            end_cursor=ends[-1] if ends else None,
        )


def ranking(
    order: str, stretch: Window, rows: Sequence[tuple[T, SortKey]], kinds: tuple[type, ...]
) -> Listing[T]:
    """A list that is at hand whole; its cursors are sort keys like any other's.

    Args:
        order: name of the list's order.
        stretch: what is shown of it.
        rows: all of it, by sort key.
        kinds: types of the sort key's parts.
    """

    def fetch(
        after: SortKey | None, before: SortKey | None, backward: bool, limit: int
    ) -> Sequence[tuple[T, SortKey]]:
        within = [
            row
            for row in rows
            if (after is None or row[1] > after) and (before is None or row[1] < before)
        ]
        return (within[::-1] if backward else within)[:limit]

    async def read(asked: Window) -> Page[T]:
        return paging.page(fetch, asked, kinds)

    async def count() -> int:
        return len(rows)

    return Listing(order, stretch, read, count)


@strawberry.type
class Connection:
    """Fields that every connection has."""

    listing: strawberry.Private[Listing[Any]]

    @strawberry.field(description="Where this page lies in the list.")
    async def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        return await self.listing.page_info()

    @strawberry.field(description="Length of the whole list; counted only where asked for.")
    async def total_count(self) -> int:
        """Length of the whole list."""
        return await self.listing.count()
