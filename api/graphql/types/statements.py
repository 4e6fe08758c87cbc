"""What papers state: claims, results and relations, each with the words it rests on."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from api.graphql.context import Context, Info
from api.graphql.types import entities, papers  # in a circle: papers and entities have statements
from api.graphql.types.present import entity_of, paper_of
from api.graphql.types.quotes import Evidence, Quote
from graph.ontology import RelationType, ResultKind, Role
from graph.stores import base

if TYPE_CHECKING:
    from api.graphql.types.entities import Entity
    from api.graphql.types.papers import Paper

LazyEntity: TypeAlias = Annotated["Entity", strawberry.lazy("api.graphql.types.entities")]
LazyPaper: TypeAlias = Annotated["Paper", strawberry.lazy("api.graphql.types.papers")]


OneRole: TypeAlias = Annotated[
    Role | None, strawberry.argument(description="Only claims with this role.")
]


@strawberry.type(description="A paper's relation to an entity: an edge of the graph.")
class Claim:
    """A paper's relation to an entity."""

    row: strawberry.Private[base.ClaimRow]
    id: strawberry.ID = strawberry.field(description="Hash of paper, identity and role.")
    role: Role = strawberry.field(description="How the paper relates to the entity.")
    confidence: float = strawberry.field(
        description="Calibrated probability, 0 to 1, that entity, type and role are right."
    )
    surface: str = strawberry.field(description="Fullest spelling in this paper.")

    @classmethod
    def of(cls, row: base.ClaimRow) -> "Claim":
        """From the store's."""
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            role=row.role,
            confidence=row.confidence,
            surface=row.surface,
        )

    @strawberry.field(description="What the paper relates to.")
    async def entity(self, info: Info) -> LazyEntity:
        """What the paper relates to."""
        return entities.Entity.of(await entity_of(info.context, self.row.entity))

    @strawberry.field(description="The paper that makes the claim.")
    async def paper(self, info: Info) -> LazyPaper:
        """The paper that makes the claim."""
        return papers.Paper.of(await paper_of(info.context, self.row.paper))

    @strawberry.field(description="The sentence that shows the role best.")
    def evidence(self) -> Evidence:
        """The sentence that shows the role best."""
        extractor = f"{self.row.extractor_name}/{self.row.extractor_version}"
        return Evidence.in_paper(self.row.paper, self.row.evidence, extractor)

    @strawberry.field(description="Every occurrence of the entity in the paper.")
    def mentions(self) -> list[Quote]:
        """Every occurrence of the entity in the paper."""
        return [Quote.of(quote) for quote in self.row.mentions]


@strawberry.type(description="A number that a paper reports.")
class Result:
    """A number that a paper reports."""

    row: strawberry.Private[base.ResultRow]
    id: strawberry.ID = strawberry.field(description="Hash of paper, arguments and value.")
    value: str = strawberry.field(description="The number as written, with sign and unit.")
    kind: ResultKind = strawberry.field(description="A level, a gain or a reduction.")
    confidence: float = strawberry.field(description="Probability, 0 to 1, that it is right.")

    @classmethod
    def of(cls, row: base.ResultRow) -> "Result":
        """From the store's."""
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            value=row.value,
            kind=row.kind,
            confidence=row.confidence,
        )

    @strawberry.field(description="The paper that reports it.")
    async def paper(self, info: Info) -> LazyPaper:
        """The paper that reports it."""
        return papers.Paper.of(await paper_of(info.context, self.row.paper))

    @strawberry.field(description="The system that reaches it.")
    async def entity(self, info: Info) -> LazyEntity | None:
        """The system that reaches it."""
        return await _optional(info.context, self.row.entity)

    @strawberry.field(description="The data set, benchmark or task it is reached on.")
    async def on(self, info: Info) -> LazyEntity | None:
        """The data set, benchmark or task it is reached on."""
        return await _optional(info.context, self.row.on)

    @strawberry.field(description="What is measured.")
    async def metric(self, info: Info) -> LazyEntity | None:
        """What is measured."""
        return await _optional(info.context, self.row.metric)

    @strawberry.field(description="The words that state it.")
    def evidence(self) -> Evidence:
        """The words that state it."""
        return Evidence.in_paper(self.row.paper, self.row.evidence)


@strawberry.type(description="A relation between two entities, as a paper states it.")
class Relation:
    """A relation between two entities."""

    row: strawberry.Private[base.RelationRow]
    id: strawberry.ID = strawberry.field(description="Hash of paper, type and both ends.")
    type: RelationType = strawberry.field(description="How the head relates to the tail.")
    confidence: float = strawberry.field(description="Probability, 0 to 1, that it is right.")

    @classmethod
    def of(cls, row: base.RelationRow) -> "Relation":
        """From the store's."""
        return cls(row=row, id=strawberry.ID(row.id), type=row.type, confidence=row.confidence)

    @strawberry.field(description="The paper that states it.")
    async def paper(self, info: Info) -> LazyPaper:
        """The paper that states it."""
        return papers.Paper.of(await paper_of(info.context, self.row.paper))

    @strawberry.field(description="Where the relation starts.")
    async def head(self, info: Info) -> LazyEntity:
        """Where the relation starts."""
        return entities.Entity.of(await entity_of(info.context, self.row.head))

    @strawberry.field(description="Where the relation ends.")
    async def tail(self, info: Info) -> LazyEntity:
        """Where the relation ends."""
        return entities.Entity.of(await entity_of(info.context, self.row.tail))

    @strawberry.field(description="The words that state it.")
    def evidence(self) -> Evidence:
        """The words that state it."""
        return Evidence.in_paper(self.row.paper, self.row.evidence)


async def _optional(context: Context, entity: str | None) -> "Entity | None":
    row = None if entity is None else await context.entities.load(entity)
    return None if row is None else entities.Entity.of(row)
