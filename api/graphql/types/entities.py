"""Entities, and the papers that speak of them."""

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
from api.graphql.types.papers import Paper
from api.graphql.types.quotes import Node
from api.graphql.types.statements import Claim, OneRole
from graph.ontology import EntityType, Role
from graph.stores import base


@strawberry.type(description="A spelling of an entity.")
class Spelling:
    """A spelling of an entity."""

    surface: str = strawberry.field(description="The spelling, verbatim.")
    papers: int = strawberry.field(description="Number of papers that use it.")


@strawberry.type(description="How many papers take an entity for a thing of this type.")
class TypeVote:
    """How many papers take an entity for a thing of this type."""

    type: EntityType = strawberry.field(description="The type.")
    papers: int = strawberry.field(description="Number of papers.")


@strawberry.type(description="A model, method, data set, benchmark, task or metric.")
class Entity(Node):
    """One thing that papers speak of, under whatever spelling."""

    row: strawberry.Private[base.EntityRow]
    name: str = strawberry.field(description="Curated name, else the most used spelling.")
    type: EntityType = strawberry.field(description="Decided type, else the one most papers give.")
    aliases: list[str] = strawberry.field(description="Every spelling, most used first.")
    paper_count: int = strawberry.field(description="Number of papers with a claim on it.")

    @classmethod
    def of(cls, row: base.EntityRow) -> "Entity":
        """From the store's."""
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            name=row.name,
            type=row.type,
            aliases=[alias.surface for alias in row.aliases],
            paper_count=row.papers,
        )

    @strawberry.field(description="Every spelling with the number of papers that use it.")
    def spellings(self) -> list[Spelling]:
        """Every spelling with its papers."""
        return [Spelling(surface=a.surface, papers=a.papers) for a in self.row.aliases]

    @strawberry.field(description="Votes of papers on its type.")
    def type_votes(self) -> list[TypeVote]:
        """Votes of papers on its type."""
        return [TypeVote(type=kind, papers=papers) for kind, papers in self.row.types]

    @strawberry.field(description="Papers with a claim on it, newest first.")
    def papers(
        self,
        info: Info,
        role: OneRole = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "EntityPaperConnection":
        """Papers with a claim on it."""
        context, order = info.context, "PUBLISHED_AT_DESC"
        condition = base.PaperCondition(
            claims=(base.EntityCondition(role, frozenset({self.row.id})),)
        )
        stretch = window(order, first, after, last, before, context.settings.max_page)
        return EntityPaperConnection(
            entity=self.row.id,
            role=role,
            listing=Listing(
                order,
                stretch,
                lambda w: run_in_threadpool(
                    context.store.papers, condition, base.PaperOrder.PUBLISHED_AT, True, w
                ),
                lambda: run_in_threadpool(context.store.count_papers, condition),
            ),
        )


@strawberry.type(description="A paper and its claim on the entity asked about.")
class EntityPaperEdge:
    """A paper and its claim on the entity asked about."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Paper = strawberry.field(description="The paper.")
    claim: Claim = strawberry.field(description="Its surest claim on the entity.")


@strawberry.type(description="Papers with a claim on an entity.")
class EntityPaperConnection(Connection):
    """Papers with a claim on an entity."""

    entity: strawberry.Private[str]
    role: strawberry.Private[Role | None]

    @strawberry.field(description="The rows of this page.")
    async def edges(self, info: Info) -> list[EntityPaperEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        claims = await info.context.claims.load_many([(p.id, self.role) for p in page.items])
        edges = []
        for (row, key), of_paper in zip(page.rows, claims, strict=True):
            info.context.papers.prime(row.id, row)
            # One paper can state two claims that a merge has brought to one entity; a paper
            # removed since the page was read has none left.
            on_entity = [claim for claim in of_paper if claim.entity == self.entity]
            if on_entity:
                surest = max(on_entity, key=lambda claim: (claim.confidence, claim.id))
                edges.append(
                    EntityPaperEdge(
                        cursor=self.listing.cursor(key),
                        node=Paper.of(row),
                        claim=Claim.of(surest),
                    )
                )
        return edges
