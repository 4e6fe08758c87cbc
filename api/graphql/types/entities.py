"""Entities, and the papers that speak of them."""

from collections.abc import Sequence
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
from api.graphql.context import Context, Info
from api.graphql.types.papers import Paper
from api.graphql.types.quotes import Node
from api.graphql.types.statements import Claim, OneRole
from graph import model
from graph.ontology import EntityType, Role
from graph.stores import base
from graph.stores.families import FamilyEdge, FamilyRelation


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

    @strawberry.field(
        description="How it belongs to ever wider members of its family, nearest first. Only "
        "members of which papers speak are in there."
    )
    async def family(self, info: Info) -> list["FamilyLink"]:
        """Links to ever wider members."""
        return await links(info, (await info.context.families.load(self.row.id)).wider)

    @strawberry.field(
        description="How its versions and variants belong to its family, those in most papers "
        "first."
    )
    async def variants(
        self,
        info: Info,
        limit: Annotated[int, strawberry.argument(description="At most this many.")] = 20,
    ) -> list["FamilyLink"]:
        """Links of narrower members."""
        found = await links(info, (await info.context.families.load(self.row.id)).narrower)
        found.sort(key=lambda link: (-link.child.paper_count, link.child.id))
        return found[: max(limit, 0)]

    @strawberry.field(description="Papers with a claim on it, newest first.")
    async def papers(
        self,
        info: Info,
        role: OneRole = None,
        include_variants: Annotated[
            bool,
            strawberry.argument(description="Whether claims on its versions and variants count."),
        ] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "EntityPaperConnection":
        """Papers with a claim on it."""
        context, order, members = info.context, "PUBLISHED_AT_DESC", {self.row.id}
        if include_variants:
            narrower = (await context.families.load(self.row.id)).narrower
            members |= {edge.child for edge in narrower}
        condition = base.PaperCondition(claims=(base.EntityCondition(role, frozenset(members)),))
        stretch = window(order, first, after, last, before, context.settings.max_page)
        return EntityPaperConnection(
            entities=frozenset(members),
            role=role,
            listing=Listing(
                order,
                stretch,
                lambda w: _page(context, condition, w),
                lambda: _count(context, condition),
            ),
        )


@strawberry.type(description="A member of a family and the next wider one of which papers speak.")
class FamilyLink:
    """A member of a family and the next wider one."""

    child: Entity = strawberry.field(description="The narrower one.")
    relation: FamilyRelation = strawberry.field(description="What it is of the wider one.")
    parent: Entity = strawberry.field(description="The wider one.")


async def links(info: Info, edges: Sequence[FamilyEdge]) -> list[FamilyLink]:
    """Edges of a family with their ends read; what was removed meanwhile is left out."""
    ids = [id for edge in edges for id in (edge.child, edge.parent)]
    rows = iter(await info.context.entities.load_many(ids))
    ends = zip(edges, rows, rows, strict=True)
    return [
        FamilyLink(child=Entity.of(child), relation=edge.relation, parent=Entity.of(parent))
        for edge, child, parent in ends
        if child and parent
    ]


async def _page(
    context: Context, condition: base.PaperCondition, stretch: base.Window
) -> base.Page[model.Paper]:
    """Papers of an entity, read together with those of all others that are asked for alike."""
    (claim,) = condition.claims
    role, entity = claim.role, claim.entities
    if len(entity) > 1 or stretch.after is not None or stretch.before is not None:
        newest = base.PaperOrder.PUBLISHED_AT
        return await run_in_threadpool(context.store.papers, condition, newest, True, stretch)
    (only,) = entity
    page = await context.papers_of.load((only, role, stretch.limit, stretch.backward))
    papers = await context.papers.load_many(list(page.items))
    rows = zip(papers, (key for _, key in page.rows), strict=True)
    there = tuple((paper, key) for paper, key in rows if paper is not None)
    return base.Page(there, page.has_next, page.has_previous)


async def _count(context: Context, condition: base.PaperCondition) -> int:
    """How many there are."""
    (claim,) = condition.claims
    role, entity = claim.role, claim.entities
    if len(entity) > 1:
        return await run_in_threadpool(context.store.count_papers, condition)
    (only,) = entity
    return await context.paper_counts.load((only, role))


@strawberry.type(description="A paper and its claim on the entity asked about.")
class EntityPaperEdge:
    """A paper and its claim on the entity asked about."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Paper = strawberry.field(description="The paper.")
    claim: Claim = strawberry.field(
        description="Its surest claim on the entity, or on a variant where these count."
    )


@strawberry.type(description="Papers with a claim on an entity.")
class EntityPaperConnection(Connection):
    """Papers with a claim on an entity."""

    entities: strawberry.Private[frozenset[str]]
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
            on_entity = [claim for claim in of_paper if claim.entity in self.entities]
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
