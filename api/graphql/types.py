"""Papers, entities, and what ties them: claims, results and relations, each with its quote."""

from datetime import date
from typing import Annotated, TypeAlias

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
from api.graphql.enums import Section
from graph import model
from graph.errors import StoreCorrupt
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.stores import base

OneRole: TypeAlias = Annotated[
    Role | None, strawberry.argument(description="Only claims with this role.")
]

_ASK_AGAIN = "it may have been removed meanwhile: ask again, else run papergraph verify"


@strawberry.interface(description="Anything that has an id by which `node` finds it again.")
class Node:
    """Anything that has an id."""

    id: strawberry.ID = strawberry.field(description="Its id, the same on the command line.")


@strawberry.type(description="A stretch of a paper's text, character for character.")
class Quote:
    """A stretch of a paper's text."""

    text: str = strawberry.field(description="The words, verbatim.")
    start: int = strawberry.field(
        description="Offset of the first character in title + newline + abstract."
    )
    end: int = strawberry.field(description="Offset behind the last character.")

    @classmethod
    def of(cls, quote: model.Quote) -> "Quote":
        """From the model's."""
        return cls(text=quote.text, start=quote.start, end=quote.end)


@strawberry.type(description="The words a claim rests on, and who read them.")
class Evidence(Quote):
    """The words a claim rests on."""

    paper: strawberry.Private[str]
    extractor: str | None = strawberry.field(
        description="Extractor and version that made the claim, as `name/version`."
    )

    @strawberry.field(description="Part of the paper the words stand in.")
    async def section(self, info: Info) -> Section:
        """Part of the paper the words stand in."""
        paper = await _paper(info.context, self.paper)
        return Section.TITLE if self.start <= len(paper.row.title) else Section.ABSTRACT


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
    async def entity(self, info: Info) -> "Entity":
        """What the paper relates to."""
        return await _entity(info.context, self.row.entity)

    @strawberry.field(description="The paper that makes the claim.")
    async def paper(self, info: Info) -> "Paper":
        """The paper that makes the claim."""
        return await _paper(info.context, self.row.paper)

    @strawberry.field(description="The sentence that shows the role best.")
    def evidence(self) -> Evidence:
        """The sentence that shows the role best."""
        extractor = f"{self.row.extractor_name}/{self.row.extractor_version}"
        return _evidence(self.row.paper, self.row.evidence, extractor)

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
    async def paper(self, info: Info) -> "Paper":
        """The paper that reports it."""
        return await _paper(info.context, self.row.paper)

    @strawberry.field(description="The system that reaches it.")
    async def entity(self, info: Info) -> "Entity | None":
        """The system that reaches it."""
        return await _optional(info.context, self.row.entity)

    @strawberry.field(description="The data set, benchmark or task it is reached on.")
    async def on(self, info: Info) -> "Entity | None":
        """The data set, benchmark or task it is reached on."""
        return await _optional(info.context, self.row.on)

    @strawberry.field(description="What is measured.")
    async def metric(self, info: Info) -> "Entity | None":
        """What is measured."""
        return await _optional(info.context, self.row.metric)

    @strawberry.field(description="The words that state it.")
    def evidence(self) -> Evidence:
        """The words that state it."""
        return _evidence(self.row.paper, self.row.evidence)


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
    async def paper(self, info: Info) -> "Paper":
        """The paper that states it."""
        return await _paper(info.context, self.row.paper)

    @strawberry.field(description="Where the relation starts.")
    async def head(self, info: Info) -> "Entity":
        """Where the relation starts."""
        return await _entity(info.context, self.row.head)

    @strawberry.field(description="Where the relation ends.")
    async def tail(self, info: Info) -> "Entity":
        """Where the relation ends."""
        return await _entity(info.context, self.row.tail)

    @strawberry.field(description="The words that state it.")
    def evidence(self) -> Evidence:
        """The words that state it."""
        return _evidence(self.row.paper, self.row.evidence)


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
        there = await _present(info.context, [row.entity for row in rows])
        return [Claim.of(row) for row in rows if row.entity in there]

    @strawberry.field(description="Numbers it reports, in order of the text.")
    async def results(self, info: Info) -> list[Result]:
        """Numbers it reports."""
        return [Result.of(row) for row in await info.context.results.load(self.row.id)]

    @strawberry.field(description="Relations between entities it states, in order of the text.")
    async def relations(self, info: Info) -> list[Relation]:
        """Relations between entities it states."""
        rows = await info.context.relations.load(self.row.id)
        there = await _present(info.context, [end for row in rows for end in (row.head, row.tail)])
        return [Relation.of(row) for row in rows if {row.head, row.tail} <= there]


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


async def _paper(context: Context, paper: str) -> Paper:
    row = await context.papers.load(paper)
    if row is None:
        raise StoreCorrupt(f"a claim names paper {paper}, which is gone", _ASK_AGAIN)
    return Paper.of(row)


async def _entity(context: Context, entity: str) -> Entity:
    row = await context.entities.load(entity)
    if row is None:
        raise StoreCorrupt(f"a claim names entity {entity}, which is gone", _ASK_AGAIN)
    return Entity.of(row)


async def _optional(context: Context, entity: str | None) -> Entity | None:
    row = None if entity is None else await context.entities.load(entity)
    return None if row is None else Entity.of(row)


async def _present(context: Context, entities: list[str]) -> set[str]:
    """Those entities that are there: one may have gone with its last paper since we read of it.

    Costs no question more where the entities are asked for as well: the loader keeps them.
    """
    rows = await context.entities.load_many(entities)
    return {row.id for row in rows if row is not None}


def _evidence(paper: str, quote: model.Quote, extractor: str | None = None) -> Evidence:
    return Evidence(
        text=quote.text, start=quote.start, end=quote.end, paper=paper, extractor=extractor
    )
