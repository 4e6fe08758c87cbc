"""What can be subscribed to: how far runs are, and claims that are new."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.auth.callers import Refused
from api.graphql.claim_filters import ClaimFilterInput
from api.graphql.context import Context, Info
from api.graphql.errors import RequestError
from api.graphql.reports import Run
from api.graphql.types import Claim
from api.services.news import ClaimFilter, saved_filter


@strawberry.type(description="What is told as it happens.")
class Subscription:
    """What is told as it happens."""

    @strawberry.subscription(
        description="How far runs are. With `id`, that run as it is now and whenever it changes, "
        "until it has ended; without, every run that changes from now on."
    )
    async def run_progress(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Id of a run.")] = None,
    ) -> AsyncGenerator[Run, None]:
        """How far runs are."""
        context = info.context
        if id is None:
            values = context.background.runs.values(lambda _: True)
        else:
            run = await run_in_threadpool(context.store.run, str(id))
            if run is None:
                raise RequestError(
                    "NOT_FOUND", f"There is no run {id}", "runs lists the latest", "id"
                )
            values = context.background.runs.run(run)
        try:
            async for seen in values:
                await _still_welcome(context)
                yield Run.of(seen)
        finally:
            await values.aclose()

    @strawberry.subscription(
        description="Claims that papers make since they were added or changed, from now on; those "
        "that a filter picks, given here or saved by `saveFilter`."
    )
    async def new_claims(
        self,
        info: Info,
        saved: Annotated[
            str | None, strawberry.argument(description="Name of a saved filter.")
        ] = None,
        filter: Annotated[
            ClaimFilterInput | None, strawberry.argument(description="Which claims.")
        ] = None,
    ) -> AsyncGenerator[Claim, None]:
        """Claims that are new."""
        context = info.context
        values = context.background.news.claims(await _wanted(context, saved, filter))
        try:
            async for news in values:
                await _still_welcome(context)
                context.forget()
                context.papers.prime(news.paper.id, news.paper)
                yield Claim.of(news.claim)
        finally:
            await values.aclose()


async def _wanted(
    context: Context, saved: str | None, given: ClaimFilterInput | None
) -> ClaimFilter:
    if saved is not None and given is not None:
        raise RequestError(
            "BAD_ARGUMENT", "Both saved and filter are given", "give one of them", "saved"
        )
    if saved is not None:
        return (await run_in_threadpool(saved_filter, context.store, saved)).filter
    return given.to_filter() if given else ClaimFilter()


async def _still_welcome(context: Context) -> None:
    """End a stream whose token was revoked or has expired since it began."""
    if context.standing is not None:
        try:
            context.caller = await context.standing()
        except Refused as refused:
            raise RequestError(refused.code, refused.problem, refused.remedy) from refused
