"""Papers."""

from datetime import date

import strawberry

from api.graphql.context import Info
from api.graphql.types.present import present
from api.graphql.types.quotes import Node
from api.graphql.types.statements import Claim, OneRole, Relation, Result
from graph import model


@strawberry.type(description="A paper as its source gave it, and what was read in it.")
class Paper(Node):
    """A paper as its source gave it, and what was read in it."""

    row: strawberry.Private[model.Paper]
    title: str = strawberry.field(description="Title, verbatim.")
    abstract: str = strawberry.field(description="Abstract, verbatim; empty where there is none.")
    published_at: date | None = strawberry.field(description="Day of publication.")
    url: str | None = strawberry.field(description="Where a person can read it.")
    authors: list[str] = strawberry.field(description="Names in the order given.")
    categories: list[str] = strawberry.field(description="Subject classes, such as `cs.CL`.")
    sources: list[str] = strawberry.field(description="Sources that it came from.")
    venue: str | None = strawberry.field(description="Conference or journal.")
    code_url: str | None = strawberry.field(description="Repository named by the source.")
    upvotes: int | None = strawberry.field(description="Votes at the time of reading.")
    version: str | None = strawberry.field(description="Version label of the source.")
    withdrawn: bool = strawberry.field(description="Whether its source says it is retracted.")

    @classmethod
    def of(cls, row: model.Paper) -> "Paper":
        """From the model's."""
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            title=row.title,
            abstract=row.abstract,
            published_at=row.published_at,
            url=row.url,
            authors=list(row.authors),
            categories=list(row.categories),
            sources=list(row.sources),
            venue=row.venue,
            code_url=row.code_url,
            upvotes=row.upvotes,
            version=row.version,
            withdrawn=row.withdrawn,
        )

    @strawberry.field(description="Its relations to entities, in order of the text.")
    async def claims(self, info: Info, role: OneRole = None) -> list[Claim]:
        """Its relations to entities."""
        rows = await info.context.claims.load((self.row.id, role))
        there = await present(info.context, [row.entity for row in rows])
        return [Claim.of(row) for row in rows if row.entity in there]

    @strawberry.field(description="Numbers it reports, in order of the text.")
    async def results(self, info: Info) -> list[Result]:
        """Numbers it reports."""
        return [Result.of(row) for row in await info.context.results.load(self.row.id)]

    @strawberry.field(description="Relations between entities it states, in order of the text.")
    async def relations(self, info: Info) -> list[Relation]:
        """Relations between entities it states."""
        rows = await info.context.relations.load(self.row.id)
        there = await present(info.context, [end for row in rows for end in (row.head, row.tail)])
        return [Relation.of(row) for row in rows if {row.head, row.tail} <= there]
