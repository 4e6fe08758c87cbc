"""What the graph holds as a whole, and the runs that filled it."""

from datetime import datetime

import strawberry

from graph.model import RunSummary
from graph.ontology import EntityType, Role
from graph.stores.base import Counts


@strawberry.type(description="Number of entities of a type.")
class TypeCount:
    """Number of entities of a type."""

    type: EntityType = strawberry.field(description="The type.")
    entities: int = strawberry.field(description="Number of entities.")


@strawberry.type(description="Number of claims with a role.")
class RoleCount:
    """Number of claims with a role."""

    role: Role = strawberry.field(description="The role.")
    claims: int = strawberry.field(description="Number of claims.")


@strawberry.type(description="Sizes of the graph.")
class Stats:
    """Sizes of the graph."""

    papers: int = strawberry.field(description="Number of papers.")
    entities: int = strawberry.field(description="Number of entities.")
    claims: int = strawberry.field(description="Number of claims.")
    results: int = strawberry.field(description="Number of reported results.")
    relations: int = strawberry.field(description="Number of relations between entities.")
    types: list[TypeCount] = strawberry.field(description="Entities of each type.")
    roles: list[RoleCount] = strawberry.field(description="Claims with each role.")
    data_version: str = strawberry.field(description="Changes whenever the content does.")

    @classmethod
    def of(cls, counts: Counts, data_version: str) -> "Stats":
        """From the store's."""
        return cls(
            papers=counts.papers,
            entities=counts.entities,
            claims=counts.claims,
            results=counts.results,
            relations=counts.relations,
            types=[TypeCount(type=t, entities=counts.types.get(t, 0)) for t in EntityType],
            roles=[RoleCount(role=r, claims=counts.roles.get(r, 0)) for r in Role],
            data_version=data_version,
        )


@strawberry.type(description="One ingest: its counts add up to what it read.")
class Run:
    """One ingest."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    source: str = strawberry.field(description="What it read.")
    status: str = strawberry.field(
        description="`queued`, `running`, `finished`, `failed` or `interrupted`."
    )
    started_at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When it ended.")
    papers: int = strawberry.field(description="Records read.")
    added: int = strawberry.field(description="Papers that were new.")
    updated: int = strawberry.field(description="Papers whose text or reading changed.")
    unchanged: int = strawberry.field(description="Papers found as they were.")
    failed: int = strawberry.field(description="Records that could not be used.")
    claims: int = strawberry.field(description="Claims written.")
    withdrawn: int = strawberry.field(description="Withdrawn papers, which are not loaded.")
    expected: int | None = strawberry.field(
        description="Records that it will read, where that is known beforehand."
    )
    failures: list[str] = strawberry.field(description="What was wrong with them.")

    @classmethod
    def of(cls, run: RunSummary) -> "Run":
        """From the store's."""
        return cls(
            id=strawberry.ID(run.id),
            source=run.source,
            status=run.status,
            started_at=datetime.fromisoformat(run.started_at),
            finished_at=datetime.fromisoformat(run.finished_at) if run.finished_at else None,
            papers=run.papers,
            added=run.added,
            updated=run.updated,
            unchanged=run.unchanged,
            failed=run.failed,
            claims=run.claims,
            withdrawn=run.withdrawn,
            expected=run.expected,
            failures=list(run.failures),
        )
