"""What stands behind the graph and is kept beside it: single runs, schedules, saved filters."""

from datetime import datetime
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.access import writer
from api.graphql.claim_filters import SavedFilterType
from api.graphql.context import Info
from api.graphql.reports import Run
from api.schedules import schedule as kept
from api.schedules.book import Book
from api.services.news import saved_filters


@strawberry.type(description="A source that is read again and again.")
class Schedule:
    """A source that is read again and again."""

    name: str = strawberry.field(description="Its name.")
    source: str = strawberry.field(description="What is read.")
    cron: str = strawberry.field(description="When, in five fields.")
    timezone: str = strawberry.field(description="IANA name of the zone that `cron` is in.")
    state: str = strawberry.field(description="`new`, `ok`, `failing` or `suspended`.")
    next_at: datetime = strawberry.field(description="When it is due.")
    last_run: strawberry.ID | None = strawberry.field(description="Id of the last run that ended.")
    last_at: datetime | None = strawberry.field(description="When that began.")
    watermark: str | None = strawberry.field(description="Day up to which all was read.")
    failures: int = strawberry.field(description="Failures in a row.")
    problem: str | None = strawberry.field(description="Why it failed.")

    @classmethod
    def of(cls, schedule: kept.Schedule) -> "Schedule":
        """From the book's."""
        return cls(
            name=schedule.name,
            source=schedule.source,
            cron=schedule.cron,
            timezone=schedule.timezone,
            state=schedule.state,
            next_at=datetime.fromisoformat(schedule.next_at),
            last_run=strawberry.ID(schedule.last_run) if schedule.last_run else None,
            last_at=datetime.fromisoformat(schedule.last_at) if schedule.last_at else None,
            watermark=schedule.watermark or None,
            failures=schedule.failures,
            problem=schedule.problem or None,
        )


@strawberry.type
class StandingQuery:
    """Single runs, schedules, saved filters."""

    @strawberry.field(description="The run of this id, or null.")
    async def run(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> Run | None:
        """The run of this id."""
        found = await run_in_threadpool(info.context.store.run, str(id))
        return None if found is None else Run.of(found)

    @strawberry.field(
        description="Sources that are read again and again, by name. Their places may be private: "
        "this needs a token with the scope `write`."
    )
    async def schedules(self, info: Info) -> list[Schedule]:
        """Sources that are read again and again."""
        writer(info.context)
        every = await run_in_threadpool(Book(info.context.store).every)
        return [Schedule.of(schedule) for schedule in every]

    @strawberry.field(description="Filters of claims that are kept under a name, by name.")
    async def saved_filters(self, info: Info) -> list[SavedFilterType]:
        """Saved filters of claims."""
        saved = await run_in_threadpool(saved_filters, info.context.store)
        return [SavedFilterType.of(one) for one in saved]
