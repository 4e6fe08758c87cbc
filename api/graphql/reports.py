"""What the graph holds as a whole, and the runs that filled it."""

import re
from datetime import datetime
from typing import Final

import strawberry

from api.graphql.context import Info
from graph.model import RunSummary
from graph.ontology import EntityType, Role
from graph.stores.base import Counts

_FOLDERS: Final = re.compile(r"(?<![\w:/.])(?:/[^\s/]+)+/(?=[^\s/])")
"""The folders of an absolute path; an address with ``//`` has none."""


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

    row: strawberry.Private[RunSummary]
    id: strawberry.ID = strawberry.field(description="Its id.")
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

    @strawberry.field(
        description="What it read; of a file, who may not write is told the name, not the folder."
    )
    def source(self, info: Info) -> str:
        """What it read."""
        return _told(info, self.row.source)

    @strawberry.field(description="What was wrong with them.")
    def failures(self, info: Info) -> list[str]:
        """What was wrong with them."""
        return [_told(info, failure) for failure in self.row.failures]

    @classmethod
    def of(cls, run: RunSummary) -> "Run":
        """From the store's."""
        return cls(
            row=run,
            id=strawberry.ID(run.id),
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
        )


def _told(info: Info, text: str) -> str:
    """A text, without the folders of the server's files for who may not write."""
    return text if info.context.caller.may_write else _FOLDERS.sub("", text)
