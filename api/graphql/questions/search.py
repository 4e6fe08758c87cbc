"""Search: papers and entities in one ranking."""

from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.connections import After, Connection, First, ranking, window
from api.graphql.context import Info
from api.graphql.enums import SearchType
from api.graphql.errors import RequestError
from api.graphql.types import Entity, Node, Paper
from api.services import search as service
from api.services.search import Hit, Place
from graph import model
from graph.ontology import EntityType

LONGEST = 200
"""Characters of a query."""
ORDER = "RANK"


@strawberry.type(description="Characters that were found.")
class Mark:
    """Characters that were found."""

    text: str = strawberry.field(description="The characters, verbatim.")
    start: int = strawberry.field(
        description="Offset of the first: in the name, or in title + newline + abstract."
    )
    end: int = strawberry.field(description="Offset behind the last.")


@strawberry.type(description="A stretch of a name or a paper in which words were found.")
class Highlight:
    """A stretch of text in which words were found."""

    place: Place = strawberry.field(description="What it is a part of.")
    text: str = strawberry.field(description="The stretch, verbatim.")
    start: int = strawberry.field(
        description="Offset of its first character: in the name, or in title + newline + abstract."
    )
    marks: list[Mark] = strawberry.field(description="What was found, in order of the text.")

    @classmethod
    def of(cls, row: service.Highlight) -> "Highlight":
        """From the service's."""
        marks = [
            Mark(text=row.text[start - row.start : end - row.start], start=start, end=end)
            for start, end in row.marks
        ]
        return cls(place=row.place, text=row.text, start=row.start, marks=marks)


@strawberry.type(description="A row of a search's answer.")
class SearchEdge:
    """A row of a search's answer."""

    cursor: str = strawberry.field(description="Cursor of this row: its place in the ranking.")
    node: Node = strawberry.field(description="The paper or entity.")
    matched: str = strawberry.field(
        description="The spelling that fits the query best, or the paper's title."
    )
    highlights: list[Highlight] = strawberry.field(description="Where the words were found.")


@strawberry.type(description="A search's answer, best first.")
class SearchConnection(Connection):
    """A search's answer."""

    query: strawberry.Private[str]

    @strawberry.field(description="The rows of this page.")
    async def edges(self, info: Info) -> list[SearchEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        return [
            SearchEdge(
                cursor=self.listing.cursor(key),
                node=_node(info, hit),
                matched=hit.matched,
                highlights=[Highlight.of(one) for one in service.highlights(self.query, hit)],
            )
            for hit, key in page.rows
        ]


def _node(info: Info, hit: Hit) -> Node:
    if isinstance(hit.found, model.Paper):
        info.context.papers.prime(hit.found.id, hit.found)
        return Paper.of(hit.found)
    return Entity.of(hit.found)


@strawberry.type
class SearchQuery:
    """The field ``search``."""

    @strawberry.field(
        description="Entities by their names and papers by the words of their texts, best first; "
        "prefixes of names and typing errors count. Reaches the 200 nearest of either kind."
    )
    async def search(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="What to look for.")],
        types: Annotated[
            list[SearchType] | None,
            strawberry.argument(description="Only things of these kinds; all where not given."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> SearchConnection:
        """Papers and entities that fit a query.

        Raises:
            RequestError: the query is empty or too long.
        """
        if not query.strip() or len(query) > LONGEST:
            raise RequestError(
                "BAD_ARGUMENT",
                f"The query is empty or longer than {LONGEST} characters",
                "give a name or a few words",
            )
        stretch = window(ORDER, first, after, None, None, info.context.settings.max_page)
        kinds = {kind.name for kind in types or SearchType}
        hits = await run_in_threadpool(
            service.search,
            info.context.store,
            query,
            [kind for kind in EntityType if kind.name in kinds],
            SearchType.PAPER.name in kinds,
        )
        rows = [(hit, hit.key) for hit in hits]
        return SearchConnection(
            query=query, listing=ranking(ORDER, stretch, rows, (float, int, str))
        )
