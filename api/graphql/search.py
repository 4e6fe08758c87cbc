"""Search: a ranked list, paged by rank."""

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql import cursors
from api.graphql.connections import Connection, Listing, window
from api.graphql.context import Context
from api.graphql.errors import RequestError
from api.graphql.types import Entity
from graph.naming import fold
from graph.ontology import EntityType
from graph.stores.base import EntityRow, Page, Window

MAX_RANK = 500
"""How far down a ranking one can page."""
ORDER = "RANK"


@strawberry.type(description="A row of a search's answer.")
class EntitySearchEdge:
    """A row of a search's answer."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Entity = strawberry.field(description="The entity.")
    matched: str = strawberry.field(description="The spelling that fits the query best.")


@strawberry.type(description="A search's answer, best first.")
class EntitySearchConnection(Connection):
    """A search's answer."""

    query: strawberry.Private[str]

    @strawberry.field(description="The rows of this page.")
    async def edges(self) -> list[EntitySearchEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        return [
            EntitySearchEdge(
                cursor=self.listing.cursor(key),
                node=Entity.of(row),
                matched=_best(row, self.query),
            )
            for row, key in page.rows
        ]


async def search(
    context: Context,
    query: str,
    types: frozenset[EntityType],
    first: int | None,
    after: str | None,
) -> EntitySearchConnection:
    """The page of a ranking that follows a rank.

    Raises:
        RequestError: the query is empty or longer than any name.
    """
    if not query.strip() or len(query) > 200:
        raise RequestError("BAD_ARGUMENT", "The query is empty or longer than 200 characters")
    stretch = window(ORDER, first, after, None, None, context.settings.max_page)

    async def read(asked: Window) -> Page[EntityRow]:
        start = _rank(asked)
        rows = await run_in_threadpool(
            context.store.search_entities, query, types, min(start + asked.limit + 1, MAX_RANK)
        )
        shown = rows[start : start + asked.limit]
        return Page(
            tuple((row, (start + i, row.id)) for i, row in enumerate(shown, 1)),
            has_next=len(rows) > start + asked.limit,
            has_previous=start > 0,
        )

    async def count() -> int:
        return len(await run_in_threadpool(context.store.search_entities, query, types, MAX_RANK))

    return EntitySearchConnection(query=query, listing=Listing(ORDER, stretch, read, count))


def _rank(asked: Window) -> int:
    rank = asked.after[0] if asked.after else 0
    if not isinstance(rank, int) or not 0 <= rank <= MAX_RANK:
        raise cursors.foreign()
    return rank


def _best(row: EntityRow, query: str) -> str:
    """Spelling whose folded form holds the query's, the most used one where several do."""
    wanted = fold(query)
    fitting = (alias.surface for alias in row.aliases if wanted in fold(alias.surface))
    return next(fitting, row.name)
