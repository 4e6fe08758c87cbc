"""The top-level fields."""

from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.connections import (
    After,
    Before,
    Connection,
    First,
    Last,
    Listing,
    window,
)
from api.graphql.context import Info
from api.graphql.enums import NodeType
from api.graphql.errors import RequestError
from api.graphql.filters import (
    EntityFilterInput,
    EntityOrderInput,
    PaperFilterInput,
    PaperOrderInput,
    entity_filter,
    order_of,
    paper_condition,
)
from api.graphql.questions.difference import DifferenceQuery
from api.graphql.questions.leaderboard import LeaderboardQuery
from api.graphql.questions.provenance import ProvenanceQuery
from api.graphql.questions.search import SearchQuery
from api.graphql.questions.trend import TrendQuery
from api.graphql.questions.walks import WalksQuery
from api.graphql.reports import Run, Stats
from api.graphql.standing import StandingQuery
from api.graphql.types import Entity, Node, Paper
from api.services.names import EXACT
from graph.ontology import EntityType

MAX_RUNS = 100


@strawberry.type(description="A row of a list of papers.")
class PaperEdge:
    """A row of a list of papers."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Paper = strawberry.field(description="The paper.")


@strawberry.type(description="A list of papers.")
class PaperConnection(Connection):
    """A list of papers."""

    @strawberry.field(description="The rows of this page.")
    async def edges(self, info: Info) -> list[PaperEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        for paper in page.items:
            info.context.papers.prime(paper.id, paper)
        return [
            PaperEdge(cursor=self.listing.cursor(key), node=Paper.of(row)) for row, key in page.rows
        ]


@strawberry.type(description="A row of a list of entities.")
class EntityEdge:
    """A row of a list of entities."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Entity = strawberry.field(description="The entity.")


@strawberry.type(description="A list of entities.")
class EntityConnection(Connection):
    """A list of entities."""

    @strawberry.field(description="The rows of this page.")
    async def edges(self) -> list[EntityEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        return [
            EntityEdge(cursor=self.listing.cursor(key), node=Entity.of(row))
            for row, key in page.rows
        ]


@strawberry.type
class ListsQuery:
    """Papers, entities, runs, and single ones of them."""

    @strawberry.field(description="Papers, newest first unless ordered otherwise.")
    async def papers(
        self,
        info: Info,
        filter: Annotated[
            PaperFilterInput | None, strawberry.argument(description="Which papers.")
        ] = None,
        order_by: Annotated[
            PaperOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> PaperConnection:
        """Papers that satisfy a filter."""
        context, by = info.context, order_by or PaperOrderInput()
        order, descending = order_of(by)
        stretch = window(order, first, after, last, before, context.settings.max_page)
        condition = await paper_condition(context, filter)
        return PaperConnection(
            listing=Listing(
                order,
                stretch,
                lambda w: run_in_threadpool(
                    context.store.papers, condition, by.field, descending, w
                ),
                lambda: run_in_threadpool(context.store.count_papers, condition),
            )
        )

    @strawberry.field(description="The paper with this id, or null.")
    async def paper(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the paper.")],
    ) -> Paper | None:
        """The paper with this id."""
        row = await info.context.papers.load(str(id))
        return None if row is None else Paper.of(row)

    @strawberry.field(
        description="The entity with this id or name in any spelling, or null. Where several "
        "bear the name, the one in most papers; `entities` and `search` list them all."
    )
    async def entity(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Id of the entity.")
        ] = None,
        name: Annotated[
            str | None, strawberry.argument(description="Name, in any spelling.")
        ] = None,
        type: Annotated[
            EntityType | None, strawberry.argument(description="Only of this type.")
        ] = None,
    ) -> Entity | None:
        """The entity with this id or name."""
        from_either = (EXACT + id) if id is not None else name
        if from_either is None or (id is not None and name is not None):
            raise RequestError("BAD_ARGUMENT", "entity needs id or name", "give one of them")
        rows = await run_in_threadpool(info.context.names.entities, from_either)
        fitting = [row for row in rows if type is None or row.type is type]
        return Entity.of(fitting[0]) if fitting else None

    @strawberry.field(description="Entities, those in most papers first unless ordered otherwise.")
    async def entities(
        self,
        info: Info,
        filter: Annotated[
            EntityFilterInput | None, strawberry.argument(description="Which entities.")
        ] = None,
        order_by: Annotated[
            EntityOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> EntityConnection:
        """Entities that satisfy a filter."""
        context, by = info.context, order_by or EntityOrderInput()
        order, descending = order_of(by)
        stretch = window(order, first, after, last, before, context.settings.max_page)
        condition = entity_filter(filter)
        return EntityConnection(
            listing=Listing(
                order,
                stretch,
                lambda w: run_in_threadpool(
                    context.store.entities, condition, by.field, descending, w
                ),
                lambda: run_in_threadpool(context.store.count_entities, condition),
            )
        )

    @strawberry.field(description="Latest runs, newest first.")
    async def runs(
        self,
        info: Info,
        first: Annotated[
            int, strawberry.argument(description="At most this many, 100 at most.")
        ] = 20,
    ) -> list[Run]:
        """Latest runs."""
        if not 0 <= first <= MAX_RUNS:
            raise RequestError("BAD_ARGUMENT", f"first is {first}", f"give 0 to {MAX_RUNS}")
        return [Run.of(run) for run in await run_in_threadpool(info.context.store.runs, first)]

    @strawberry.field(description="Sizes of the graph.")
    async def stats(self, info: Info) -> Stats:
        """Sizes of the graph."""
        store = info.context.store
        version = await run_in_threadpool(store.data_version)
        return Stats.of(await run_in_threadpool(store.counts), version)

    @strawberry.field(
        description="The paper or entity with this id, or null. A paper and an entity may share "
        "an id; the paper is meant then, unless `type` says otherwise."
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
        type: Annotated[
            NodeType | None, strawberry.argument(description="What to look for.")
        ] = None,
    ) -> Node | None:
        """The paper or entity with this id."""
        context, key = info.context, str(id)
        paper = await context.papers.load(key) if type is not NodeType.ENTITY else None
        if paper is not None:
            return Paper.of(paper)
        entity = await context.entities.load(key) if type is not NodeType.PAPER else None
        return None if entity is None else Entity.of(entity)


@strawberry.type(description="Questions that the graph answers.")
class Query(
    ListsQuery,
    SearchQuery,
    WalksQuery,
    ProvenanceQuery,
    LeaderboardQuery,
    TrendQuery,
    DifferenceQuery,
    StandingQuery,
):
    """Questions that the graph answers."""
