"""Filters of claims that are kept under a name."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.access import argument, writer
from api.graphql.claim_filters import ClaimFilterInput, SavedFilterType
from api.graphql.context import Info
from api.services import news
from api.services.news import SavedFilter


@strawberry.type
class FilterMutations:
    """Saved filters."""

    @strawberry.mutation(
        description="Keep a filter of claims under a name, for the subscription `newClaims`; one "
        "of the same name gives way."
    )
    async def save_filter(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="1 to 64 characters.")],
        filter: Annotated[ClaimFilterInput, strawberry.argument(description="Which claims.")],
    ) -> SavedFilterType:
        """Keep a filter."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        saved = SavedFilter(name, filter.to_filter(), writer(info.context), now)
        with argument("name"):
            await run_in_threadpool(news.save, info.context.store, saved)
        return SavedFilterType.of(saved)

    @strawberry.mutation(description="Forget a saved filter; gives its name.")
    async def drop_filter(
        self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]
    ) -> str:
        """Forget a saved filter."""
        writer(info.context)
        with argument("name"):
            await run_in_threadpool(news.drop, info.context.store, name)
        return name
