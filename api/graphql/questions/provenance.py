"""All that stands behind an edge."""

from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.context import Info
from api.graphql.types import Claim, Decision, Entity, Paper, Relation
from api.graphql.types.present import entity_of, paper_of
from api.services import edges as service
from api.services.identity import Reason
from graph.resolution import Resolver

MAX_STATEMENTS = 200


@strawberry.type(description="Why a spelling means an entity.")
class IdentityReason:
    """Why a spelling means an entity."""

    row: strawberry.Private[Reason]
    surface: str = strawberry.field(description="The spelling.")
    key: str = strawberry.field(description="What the rules of resolution make of it.")
    steps: list[str] = strawberry.field(description="How they came to that.")
    decisions: list[Decision] = strawberry.field(
        description="Decisions that led it on to the entity; none where the key is its id."
    )
    papers: int = strawberry.field(description="Number of papers shown that it holds for.")

    @classmethod
    def of(cls, row: Reason) -> "IdentityReason":
        """From the service's."""
        return cls(
            row=row,
            surface=row.surface,
            key=row.key,
            steps=list(row.steps),
            decisions=[Decision.of(decision, in_force=True) for decision in row.decisions],
            papers=row.papers,
        )

    @strawberry.field(description="The entity that it means.")
    async def entity(self, info: Info) -> Entity:
        """The entity that it means."""
        return Entity.of(await entity_of(info.context, self.row.entity))

    @strawberry.field(description="One of the papers.")
    async def example(self, info: Info) -> Paper:
        """One of the papers."""
        return Paper.of(await paper_of(info.context, self.row.example))


@strawberry.type(description="All that stands behind an edge of the graph.")
class Provenance:
    """All that stands behind an edge."""

    confidence: float = strawberry.field(
        description="Probability, 0 to 1, that at least one of the papers is right. Each paper "
        "is one witness, however often it says so."
    )
    papers: int = strawberry.field(description="Number of papers that state it.")
    claims: list[Claim] = strawberry.field(
        description="Claims that join a paper and an entity, the surest first."
    )
    relations: list[Relation] = strawberry.field(
        description="Relations that join two entities, the surest first."
    )
    reasons: list[IdentityReason] = strawberry.field(
        description="Why the spellings in these papers mean the entities of the edge."
    )
    decisions: list[Decision] = strawberry.field(
        description="All decisions about these entities, oldest first, undone ones included."
    )


@strawberry.type
class ProvenanceQuery:
    """The field ``why``."""

    @strawberry.field(
        description="Why two things are joined: every statement with its sentence, and every "
        "decision on what is one thing; null where nothing joins them."
    )
    async def why(
        self,
        info: Info,
        start: Annotated[
            str,
            strawberry.argument(
                name="from",
                description="A name in any spelling, `id:` and an entity's id, or a paper's id.",
            ),
        ],
        end: Annotated[
            str, strawberry.argument(name="to", description="The same of the other end.")
        ],
    ) -> Provenance | None:
        """Why two things are joined."""
        context = info.context
        found = await run_in_threadpool(
            service.behind, context.store, context.names, Resolver(), start, end, MAX_STATEMENTS
        )
        if found is None:
            return None
        return Provenance(
            confidence=found.confidence,
            papers=found.papers,
            claims=[Claim.of(row) for row in found.claims],
            relations=[Relation.of(row) for row in found.relations],
            reasons=[IdentityReason.of(reason) for reason in found.reasons],
            decisions=[Decision.of(d, d.id in found.in_force) for d in found.decisions],
        )
