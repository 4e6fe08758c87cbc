"""What is new between two runs."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias, TypeVar

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.context import Context, Info
from api.graphql.errors import RequestError
from api.graphql.reports import Run
from api.graphql.types import Entity, Paper
from api.services.runs import find_run
from graph.diff import ChangedResult, Diff, EntityNews, between_runs

MOST_CHANGES = 20_000
"""Changes since the earlier run that a server looks through for one question."""

T = TypeVar("T")

Limit: TypeAlias = Annotated[int, strawberry.argument(description="At most this many.")]


@strawberry.type(description="An entity, and the papers that make it news.")
class News:
    """An entity, and the papers that make it news."""

    row: strawberry.Private[EntityNews]
    entity: Entity = strawberry.field(description="The entity.")
    total_count: int = strawberry.field(description="Number of these papers.")

    @strawberry.field(description="The papers, by id; those retracted meanwhile are left out.")
    async def papers(self, info: Info, limit: Limit = 20) -> list[Paper]:
        """The papers."""
        return await _papers(info.context, self.row.papers, limit)


@strawberry.type(description="A number that a paper reports otherwise than before.")
class ResultChange:
    """A number that a paper reports otherwise than before."""

    row: strawberry.Private[ChangedResult]
    entity: str = strawberry.field(description="What reached it; empty where none is named.")
    on: str = strawberry.field(description="On what; empty where nothing is named.")
    metric: str = strawberry.field(description="In what; empty where nothing is named.")
    kind: str = strawberry.field(description="`absolute`, `gain` or `reduction`.")
    before: str | None = strawberry.field(description="As it was; null where it was not reported.")
    after: str | None = strawberry.field(description="As it is; null where it is no more.")

    @strawberry.field(description="The paper; null where it was retracted meanwhile.")
    async def paper(self, info: Info) -> Paper | None:
        """The paper."""
        row = await info.context.papers.load(self.row.paper)
        return Paper.of(row) if row else None


@strawberry.type(description="How many of each there are.")
class DifferenceCounts:
    """How many of each there are."""

    added: int = strawberry.field(description="Papers that were not there.")
    updated: int = strawberry.field(description="Papers that changed.")
    retracted: int = strawberry.field(description="Papers taken out.")
    new_entities: int = strawberry.field(description="Entities of which no paper spoke.")
    first_uses: int = strawberry.field(description="Entities taken up for the first time.")
    adopters: int = strawberry.field(description="Entities that more papers take up.")
    changed_results: int = strawberry.field(description="Numbers that changed.")


@strawberry.type(
    description="What is there after one run and was not after an earlier one. Identity is seen "
    "as it is now: a merge is no news. What was retracted since is in neither."
)
class Difference:
    """What is there after one run and was not after an earlier one."""

    diff: strawberry.Private[Diff]
    start: Run = strawberry.field(name="from", description="The earlier run.")
    end: Run = strawberry.field(name="to", description="The later run.")

    @strawberry.field(description="How many of each there are, whatever the limits.")
    def counts(self) -> DifferenceCounts:
        """How many of each there are."""
        names = DifferenceCounts.__annotations__
        return DifferenceCounts(**{name: len(getattr(self.diff, name)) for name in names})

    @strawberry.field(description="Papers that were not there, by id.")
    async def added(self, info: Info, limit: Limit = 20) -> list[Paper]:
        """Papers that were not there."""
        return await _papers(info.context, self.diff.added, limit)

    @strawberry.field(description="Papers whose record or claims changed, by id.")
    async def updated(self, info: Info, limit: Limit = 20) -> list[Paper]:
        """Papers whose record or claims changed."""
        return await _papers(info.context, self.diff.updated, limit)

    @strawberry.field(description="Ids of papers that were taken out; nothing else is known.")
    def retracted(self) -> list[strawberry.ID]:
        """Ids of papers that were taken out."""
        return [strawberry.ID(id) for id in self.diff.retracted]

    @strawberry.field(description="Entities of which no paper spoke before.")
    async def new_entities(self, info: Info, limit: Limit = 20) -> list[News]:
        """Entities of which no paper spoke before."""
        return await _news(info.context, self.diff.new_entities, limit)

    @strawberry.field(
        description="Entities known before, and used, trained or evaluated on for the first time."
    )
    async def first_uses(self, info: Info, limit: Limit = 20) -> list[News]:
        """Entities taken up for the first time."""
        return await _news(info.context, self.diff.first_uses, limit)

    @strawberry.field(description="Entities in use before, with the papers that now use them too.")
    async def adopters(self, info: Info, limit: Limit = 20) -> list[News]:
        """Entities in use before, with new papers."""
        return await _news(info.context, self.diff.adopters, limit)

    @strawberry.field(description="Numbers that changed papers report otherwise than before.")
    def changed_results(self, info: Info, limit: Limit = 20) -> list[ResultChange]:
        """Numbers that changed papers report otherwise than before."""
        return [
            ResultChange(
                row=row,
                entity=row.entity,
                on=row.on,
                metric=row.metric,
                kind=row.kind,
                before=row.before,
                after=row.after,
            )
            for row in _first(info.context, self.diff.changed_results, limit)
        ]


@strawberry.type
class DifferenceQuery:
    """The field ``diff``."""

    @strawberry.field(
        description="What is new after the run `to` that was not there after the run `from`: new "
        "entities, first uses, new adopters, changed results, retractions."
    )
    async def diff(
        self,
        info: Info,
        start: Annotated[
            strawberry.ID,
            strawberry.argument(
                name="from", description="The earlier run: its id, how that begins, or `latest`."
            ),
        ],
        end: Annotated[
            strawberry.ID,
            strawberry.argument(name="to", description="The same of the later run."),
        ],
    ) -> Difference:
        """What is new between two runs."""
        store = info.context.store
        earlier = await run_in_threadpool(find_run, store, str(start))
        later = await run_in_threadpool(find_run, store, str(end))
        diff = await run_in_threadpool(between_runs, store, earlier.id, later.id, MOST_CHANGES)
        return Difference(diff=diff, start=Run.of(earlier), end=Run.of(later))


def _first(context: Context, items: Sequence[T], limit: int) -> Sequence[T]:
    most = context.settings.max_page
    if not 0 <= limit <= most:
        raise RequestError("BAD_ARGUMENT", f"limit is {limit}", f"give 0 to {most}")
    return items[:limit]


async def _papers(context: Context, ids: Sequence[str], limit: int) -> list[Paper]:
    rows = await context.papers.load_many(list(_first(context, ids, limit)))
    return [Paper.of(row) for row in rows if row]


async def _news(context: Context, news: Sequence[EntityNews], limit: int) -> list[News]:
    shown = _first(context, news, limit)
    rows = await context.entities.load_many([item.id for item in shown])
    return [
        News(row=item, entity=Entity.of(row), total_count=len(item.papers))
        for item, row in zip(shown, rows, strict=True)
        if row
    ]
