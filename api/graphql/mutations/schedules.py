"""Sources that are read again and again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.access import argument, writer
from api.graphql.context import Info
from api.graphql.errors import RequestError
from api.graphql.standing import Schedule
from api.schedules import schedule as kept
from api.schedules.book import Book
from api.schedules.make import new_schedule
from extract.sources import is_address

MAX_DAYS = 366


@strawberry.type
class ScheduleMutations:
    """Schedules."""

    @strawberry.mutation(
        description="Have a source over the network read again and again, each time what is new, "
        "by whatever scheduler watches the store (`papergraph serve --scheduler`)."
    )
    async def add_schedule(
        self,
        info: Info,
        name: Annotated[
            str, strawberry.argument(description="Up to 64 letters, digits, dots and dashes.")
        ],
        source: Annotated[
            str,
            strawberry.argument(
                description="Address of a source, such as `hf-daily:` or `arxiv:cs.CL`; files are "
                "scheduled on the command line only."
            ),
        ],
        cron: Annotated[str, strawberry.argument(description="When, in five fields: `0 6 * * *`.")],
        timezone: Annotated[
            str, strawberry.argument(description="IANA name of the zone that `cron` is in.")
        ] = "UTC",
        since: Annotated[
            date | None,
            strawberry.argument(description="Day from which the first run reads."),
        ] = None,
        overlap_days: Annotated[
            int,
            strawberry.argument(
                description="Days that are read again each time, for what is listed late."
            ),
        ] = 2,
    ) -> Schedule:
        """Have a source read again and again."""
        writer(info.context)
        if not is_address(source):
            raise RequestError(
                "BAD_ARGUMENT",
                f"{source[:80]!r} is no address of a source",
                "name one over the network, such as hf-daily: or arxiv:cs.CL",
                "source",
            )
        if not 0 <= overlap_days <= MAX_DAYS:
            raise RequestError(
                "BAD_ARGUMENT",
                f"overlapDays is {overlap_days}",
                f"give 0 to {MAX_DAYS}",
                "overlapDays",
            )

        def add() -> kept.Schedule:
            made = new_schedule(
                name,
                source,
                cron,
                timezone=timezone,
                since=since.isoformat() if since else "",
                overlap_days=overlap_days,
            )
            Book(info.context.store).add(made)
            return made

        with argument(""):
            return Schedule.of(await run_in_threadpool(add))

    @strawberry.mutation(description="Forget a schedule; what it has loaded stays. Gives its name.")
    async def remove_schedule(
        self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]
    ) -> str:
        """Forget a schedule."""
        writer(info.context)
        with argument("name"):
            await run_in_threadpool(Book(info.context.store).remove, name)
        return name

    @strawberry.mutation(
        description="Make a schedule due now: the scheduler that watches the store runs it at its "
        "next look, within seconds. One that was suspended is taken up again."
    )
    async def run_schedule(
        self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]
    ) -> Schedule:
        """Make a schedule due now."""
        writer(info.context)
        book, now = Book(info.context.store), datetime.now(UTC).isoformat()
        with argument("name"):
            await run_in_threadpool(
                book.update, name, lambda s: replace(s, next_at=now, suspended=False)
            )
            return Schedule.of(await run_in_threadpool(book.get, name))
