"""Decisions about what is one thing: merge, split, undo."""

from collections.abc import Callable
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.access import Why, argument, reason, writer
from api.graphql.context import Context, Info
from api.graphql.errors import RequestError
from api.graphql.mutations.papers import MAX_PAPERS
from api.graphql.types import Decision
from api.services.identity import Decider
from api.services.names import EXACT
from graph import model
from graph.ledger import Ledger


@strawberry.type
class IdentityMutations:
    """Decisions about identity."""

    @strawberry.mutation(description="Make one thing part of another: they are one.")
    async def merge(
        self,
        info: Info,
        entity: Annotated[
            str, strawberry.argument(description="Name in any spelling, or `id:` + an id.")
        ],
        into: Annotated[
            str, strawberry.argument(description="What it becomes part of, named likewise.")
        ],
        why: Why,
    ) -> Decision:
        """Make one thing part of another."""
        context, given = info.context, reason(why)

        def decide(decider: Decider) -> model.Decision:
            part, whole = _one(context, "entity", entity), _one(context, "into", into)
            with argument("into"):
                return decider.merge(part, whole, given)

        return await _taken(context, decide)

    @strawberry.mutation(
        description="Split papers off an entity: what they mean by it becomes an entity of its own."
    )
    async def split(
        self,
        info: Info,
        entity: Annotated[
            str, strawberry.argument(description="Name in any spelling, or `id:` + an id.")
        ],
        new_id: Annotated[
            strawberry.ID, strawberry.argument(description="Id of the entity that they mean.")
        ],
        papers: Annotated[
            list[strawberry.ID],
            strawberry.argument(description="Papers that move; each has a claim on the entity."),
        ],
        why: Why,
    ) -> Decision:
        """Split papers off an entity."""
        context, given = info.context, reason(why)
        if not 1 <= len(papers) <= MAX_PAPERS:
            raise RequestError(
                "BAD_ARGUMENT",
                f"papers holds {len(papers)} ids",
                f"name 1 to {MAX_PAPERS} papers",
                "papers",
            )

        def decide(decider: Decider) -> model.Decision:
            whole = _one(context, "entity", entity)
            with argument("papers"):
                return decider.split(whole, str(new_id), [str(p) for p in papers], given)

        return await _taken(context, decide)

    @strawberry.mutation(description="Take a decision back; an undo can be undone as well.")
    async def undo(
        self,
        info: Info,
        decision: Annotated[
            strawberry.ID,
            strawberry.argument(description="Id of the decision, or how it alone begins."),
        ],
        why: Why,
    ) -> Decision:
        """Take a decision back."""
        context, given = info.context, reason(why)

        def decide(decider: Decider) -> model.Decision:
            with argument("decision"):
                return decider.undo(str(decision), given)

        return await _taken(context, decide)


def _one(context: Context, name: str, given: str) -> str:
    """The entity that a name means, such that it can mean no other."""
    with argument(name):
        return EXACT + context.names.one(given).id


async def _taken(context: Context, decide: Callable[[Decider], model.Decision]) -> Decision:
    """Have a decision taken in the name of the caller's token."""
    who = writer(context)

    def take() -> Decision:
        taken = decide(Decider(context.store, who))
        in_force = Ledger(context.store.decisions()).in_force(taken.id)
        return Decision.of(taken, in_force)

    return await run_in_threadpool(take)
