"""What is taken up, and what is on the rise."""

from datetime import date
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.context import Info
from api.graphql.errors import RequestError
from api.graphql.types import Entity
from api.services import trend as service
from graph.analytics import periods
from graph.analytics.periods import Interval
from graph.ontology import EntityType, Role


@strawberry.type(description="A stretch of days, both ends included.")
class Period:
    """A stretch of days."""

    first: date = strawberry.field(name="from", description="Its first day.")
    last: date = strawberry.field(name="to", description="Its last day.")

    @classmethod
    def of(cls, row: periods.Period) -> "Period":
        """From the calendar's."""
        return cls(first=row.first, last=row.last)


@strawberry.type(description="Papers of a period.")
class TrendPoint:
    """Papers of a period."""

    period: Period = strawberry.field(description="The period.")
    papers: int = strawberry.field(
        description="Number of papers with such a claim published in it, within the days asked for."
    )


@strawberry.type(description="An entity, and its papers in two periods that follow each other.")
class Riser:
    """An entity whose number of papers grew."""

    entity: Entity = strawberry.field(description="The entity.")
    before: int = strawberry.field(description="Number of papers in the earlier period.")
    after: int = strawberry.field(description="Number of papers in the later period.")


@strawberry.type(description="How many papers take something up as time goes by.")
class Trend:
    """How many papers take something up."""

    points: list[TrendPoint] = strawberry.field(
        description="For an entity: its papers, period by period, oldest first."
    )
    risers: list[Riser] = strawberry.field(
        description="For a type: the entities whose number of papers grew most, by growth."
    )
    period: Period | None = strawberry.field(
        description="The days looked at; null where no paper is dated."
    )
    baseline: Period | None = strawberry.field(
        description="For a type: as many days before, to which they are compared."
    )


@strawberry.type
class TrendQuery:
    """The field ``trend``."""

    @strawberry.field(
        description="For an entity, its papers period by period; for a type, what is on the rise. "
        "Papers without a day of publication are left out."
    )
    async def trend(
        self,
        info: Info,
        entity: Annotated[
            str | None, strawberry.argument(description="A name, in any spelling.")
        ] = None,
        type: Annotated[
            EntityType | None,
            strawberry.argument(description="In place of `entity`: the risers of this type."),
        ] = None,
        role: Annotated[
            Role | None,
            strawberry.argument(description="Only claims with this role; any where not given."),
        ] = None,
        interval: Annotated[
            Interval, strawberry.argument(description="Length of a period.")
        ] = Interval.MONTH,
        start: Annotated[
            date | None,
            strawberry.argument(
                name="from",
                description="First day; not given: that of the first such paper, or for risers "
                "one interval before `to`.",
            ),
        ] = None,
        end: Annotated[
            date | None,
            strawberry.argument(
                name="to", description="Last day; not given: that of the newest paper of all."
            ),
        ] = None,
        first: Annotated[int, strawberry.argument(description="At most this many risers.")] = 10,
    ) -> Trend:
        """What is taken up, or what is on the rise."""
        context = info.context
        if (entity is None) is (type is None):
            raise RequestError("BAD_ARGUMENT", "trend needs entity or type", "give one of them")
        if entity is not None:
            adoption = await run_in_threadpool(
                service.adoption, context.store, context.names, entity, role, interval, start, end
            )
            points = [TrendPoint(period=Period.of(p), papers=n) for p, n in adoption.points]
            ends = (points[0].period.first, points[-1].period.last) if points else None
            return Trend(
                points=points,
                risers=[],
                period=Period(first=ends[0], last=ends[1]) if ends else None,
                baseline=None,
            )
        if not 0 <= first <= context.settings.max_page:
            remedy = f"give 0 to {context.settings.max_page}"
            raise RequestError("BAD_ARGUMENT", f"first is {first}", remedy)
        assert type is not None
        found = await run_in_threadpool(
            service.risers, context.store, type, role, interval, start, end, first
        )
        if found is None:
            return Trend(points=[], risers=[], period=None, baseline=None)
        return Trend(
            points=[],
            risers=[
                Riser(entity=Entity.of(row.entity), before=row.before, after=row.after)
                for row in found.entities
            ],
            period=Period.of(found.now),
            baseline=Period.of(found.before),
        )
