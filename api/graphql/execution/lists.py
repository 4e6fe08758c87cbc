"""Relay's connections: a page that is read where it is asked for, counted where that is."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from api.graphql import cursors
from api.graphql.connections import window
from api.graphql.execution.rows import Column, Rows, Run, Shape, Values, same_row
from api.graphql.execution.selection import Group, below
from api.graphql.filters import (
    EntityOrderInput,
    PaperOrderInput,
    condition,
    entity_filter,
    order_of,
)
from graph.stores.base import EntityRow, Page, Window

if TYPE_CHECKING:
    from api.graphql.execution.compiler import Compiler

PAGE = frozenset({"first", "after", "last", "before"})


class List:
    """One connection's list.

    Args:
        order: name of its order, part of its cursors.
        stretch: what is shown of it.
        read: reads a page.
        rows: the page's items as rows.
        count: counts the whole list.
    """

    def __init__(
        self,
        order: str,
        stretch: Window,
        read: Callable[[Window], Page[Any]],
        rows: Callable[[Page[Any]], Rows],
        count: Callable[[], int],
    ) -> None:
        self.count = count
        self.rows = rows
        self._order = order
        self._stretch = stretch
        self._read = read
        self._page: Page[Any] | None = None

    def page(self) -> Page[Any]:
        """The page; read once."""
        if self._page is None:
            shown = self._stretch.limit > 0
            self._page = self._read(self._stretch) if shown else Page((), False, False)
        return self._page

    def cursors(self, page: Page[Any]) -> list[str]:
        """Cursors of a page's rows."""
        return [cursors.encode(self._order, key) for _, key in page.rows]

    def ends(self) -> tuple[bool, bool, str | None, str | None]:
        """Whether there is more on either side, and the cursors of the first and last row."""
        page = self.page()
        first, last = (
            self.cursors(Page(end, False, False)) for end in (page.rows[:1], page.rows[-1:])
        )
        return page.has_next, page.has_previous, next(iter(first), None), next(iter(last), None)


Opened = Callable[[Run, Rows, Sequence[str]], Iterable[List]]
"""Opens the list of each parent, of which these fields will be read."""


def connection(
    compiler: "Compiler", kind: str, group: Group, edge: Callable[[Group], Shape], opened: Opened
) -> Callable[[Run, Rows], Values]:
    """Values of a field that is a connection.

    Args:
        compiler: compiles what is below.
        kind: type of the connection.
        group: the field.
        edge: the shape of its edges; may need ``cursor`` beside the fields of a row.
        opened: opens the lists.
    """
    fields: set[str] = set()

    def edges(group: Group) -> Column:
        shape = edge(group)
        fields.update(shape.needs)

        def values(run: Run, rows: Rows) -> Values:
            return [shape.objects(run, _rows(one, shape)) for one in rows.fields["list"]]

        return Column(frozenset(), values)

    def page_info(group: Group) -> Column:
        leaves = {
            "hasNextPage": "has_next",
            "hasPreviousPage": "has_previous",
            "startCursor": "start",
            "endCursor": "end",
        }
        shape = compiler.shape("PageInfo", below(group), leaves, {})

        def values(run: Run, rows: Rows) -> Values:
            ends = [one.ends() for one in rows.fields["list"]]
            return shape.objects(run, Rows.of(list(leaves.values()), ends))

        return Column(frozenset(), values)

    def total(_: Group) -> Column:
        return Column(frozenset(), lambda _, rows: [one.count() for one in rows.fields["list"]])

    sets = below(group)
    parts = {"edges": edges, "pageInfo": page_info, "totalCount": total}
    shape = compiler.shape(kind, sets, {}, parts)
    wanted = sorted(fields - {"cursor"})

    def values(run: Run, rows: Rows) -> Values:
        found = list(opened(run, rows, wanted))
        return shape.objects(run, Rows(len(found), {"list": found}))

    return values


def _rows(one: List, shape: Shape) -> Rows:
    page = one.page()
    rows = one.rows(page)
    if "cursor" in shape.needs:
        rows.fields["cursor"] = one.cursors(page)
    return rows


def _edge(
    compiler: "Compiler", kind: str, node: Callable[[Any], Shape]
) -> Callable[[Group], Shape]:
    def edge(group: Group) -> Shape:
        return compiler.shape(
            kind,
            below(group),
            {"cursor": "cursor"},
            {"node": lambda g: same_row(node(below(g)))},
        )

    return edge


def papers(compiler: "Compiler", group: Group) -> Column:
    """``Query.papers``."""
    asked = compiler.arguments("Query", group, {"filter", "orderBy", *PAGE})

    def opened(run: Run, _: Rows, fields: Sequence[str]) -> Iterable[List]:
        given = asked(run.variables)
        by = given.get("order_by") or PaperOrderInput()
        order, descending = order_of(by)
        stretch = stretch_of(order, given, run)
        meant = condition(run.ids, given.get("filter"))
        yield List(
            order,
            stretch,
            lambda w: run.reading.papers(meant, by.field, descending, w, fields),
            lambda page: Rows.of(fields, page.items),
            lambda: run.reading.count_papers(meant),
        )

    edge = _edge(compiler, "PaperEdge", compiler.paper)
    return Column(frozenset(), connection(compiler, "PaperConnection", group, edge, opened))


def entities(compiler: "Compiler", group: Group) -> Column:
    """``Query.entities``."""
    asked = compiler.arguments("Query", group, {"filter", "orderBy", *PAGE})

    def opened(run: Run, _: Rows, fields: Sequence[str]) -> Iterable[List]:
        given = asked(run.variables)
        by = given.get("order_by") or EntityOrderInput()
        order, descending = order_of(by)
        stretch = stretch_of(order, given, run)
        meant = entity_filter(given.get("filter"))
        yield List(
            order,
            stretch,
            lambda w: run.reading.entities(meant, by.field, descending, w),
            lambda page: rows_of_entities(page.items, fields),
            lambda: run.reading.count_entities(meant),
        )

    edge = _edge(compiler, "EntityEdge", compiler.entity)
    return Column(frozenset(), connection(compiler, "EntityConnection", group, edge, opened))


def rows_of_entities(entities: Sequence[EntityRow], fields: Iterable[str]) -> Rows:
    """These fields of entities."""
    read: dict[str, Callable[[EntityRow], Any]] = {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "type": lambda row: row.type.value,
        "papers": lambda row: row.papers,
        "aliases": lambda row: [(alias.surface, alias.papers) for alias in row.aliases],
        "types": lambda row: [(kind.value, papers) for kind, papers in row.types],
    }
    return Rows(len(entities), {name: [read[name](row) for row in entities] for name in fields})


def stretch_of(order: str, given: dict[str, Any], run: Run) -> Window:
    """The window that Relay's arguments ask for."""
    return window(
        order,
        given.get("first"),
        given.get("after"),
        given.get("last"),
        given.get("before"),
        run.max_page,
    )
