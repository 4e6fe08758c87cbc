"""Decisions about identity, as the ledger holds them."""

import strawberry

from api.graphql.enums import DecisionAction
from graph import model


@strawberry.type(description="A decision about what is one thing; none is ever deleted.")
class Decision:
    """A decision about identity."""

    id: strawberry.ID = strawberry.field(description="Hash of all it says.")
    action: DecisionAction = strawberry.field(description="What was decided.")
    subject: str = strawberry.field(
        description="Id of the entity it is about; of an undo, that of the decision undone."
    )
    object: str = strawberry.field(
        description="The other entity, the new name, type or spelling; empty for an undo."
    )
    papers: list[strawberry.ID] = strawberry.field(
        description="Of a split, the papers whose claims moved."
    )
    who: str = strawberry.field(description="Person or rule that decided.")
    why: str = strawberry.field(description="The reason given.")
    at: str = strawberry.field(description="When, in UTC, as ISO 8601.")
    in_force: bool = strawberry.field(description="Whether it counts: no undo of it does.")

    @classmethod
    def of(cls, row: model.Decision, in_force: bool) -> "Decision":
        """From the ledger's."""
        return cls(
            id=strawberry.ID(row.id),
            action=DecisionAction(row.action),
            subject=row.subject,
            object=row.object,
            papers=[strawberry.ID(paper) for paper in row.papers],
            who=row.who,
            why=row.why,
            at=row.at,
            in_force=in_force,
        )
