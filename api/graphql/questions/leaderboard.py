"""Reported results side by side."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.connections import After, Connection, First, ranking, window
from api.graphql.context import Info
from api.graphql.types import Entity, Result
from api.services import leaderboard as service
from api.services.leaderboard import MetricChoice
from graph.analytics.metrics import Better
from graph.analytics.ranking import Placed
from graph.ontology import ResultKind
from graph.stores.base import ResultRow

ORDER = "PLACE"


@strawberry.type(description="Results in one metric.")
class LeaderboardMetric:
    """Results in one metric."""

    metric: Entity | None = strawberry.field(
        description="The metric; null for results of which papers do not say what they measure."
    )
    direction: Better = strawberry.field(description="Which values are better.")
    results: int = strawberry.field(description="Number of results of the kind asked for.")
    selected: bool = strawberry.field(description="Whether the table is about it.")

    @classmethod
    def of(cls, row: service.Metric) -> "LeaderboardMetric":
        """From the service's."""
        return cls(
            metric=Entity.of(row.entity) if row.entity else None,
            direction=row.scale.better,
            results=row.results,
            selected=row.selected,
        )


@strawberry.type(description="A reported number at its place in a table.")
class LeaderboardEdge:
    """A reported number at its place in a table."""

    cursor: str = strawberry.field(description="Cursor of this row.")
    node: Result = strawberry.field(description="The result, with the words that state it.")
    rank: int | None = strawberry.field(
        description="1 for the best, the same for equals; null where no direction is known, the "
        "value cannot be read as one number, or it is in another unit than most."
    )
    number: float | None = strawberry.field(
        description="What it is ranked by: proportions in per cent, times in seconds; null where "
        "the value cannot be read as one number."
    )
    unit: str | None = strawberry.field(description="Unit of the value as written, if it has one.")
    contradicted_by: list[Result] = strawberry.field(
        description="Results of other papers that state another level for the same system."
    )


@strawberry.type(description="Results on a benchmark, best first.")
class LeaderboardConnection(Connection):
    """Results on a benchmark, best first."""

    board: strawberry.Private[service.Leaderboard]
    direction: Better = strawberry.field(description="Which values are better.")
    metrics: list[LeaderboardMetric] = strawberry.field(
        description="The metrics in which there are results, those of most results first."
    )

    @strawberry.field(description="The metric of this table; null for results without one.")
    def metric(self) -> Entity | None:
        """The metric of this table."""
        rows = [metric.entity for metric in self.board.metrics if metric.selected]
        return Entity.of(rows[0]) if rows and rows[0] else None

    @strawberry.field(description="The best row; null where none can be called best.")
    def best(self) -> LeaderboardEdge | None:
        """The best row."""
        first = self.board.rows[0] if self.board.rows else None
        return self._edge(first) if first and first.rank else None

    @strawberry.field(description="The rows of this page.")
    async def edges(self) -> list[LeaderboardEdge]:
        """The rows of this page."""
        page = await self.listing.page()
        return [self._edge(placed) for placed in page.items]

    def _edge(self, placed: Placed) -> LeaderboardEdge:
        known: Mapping[str, ResultRow] = self.board.results
        return LeaderboardEdge(
            cursor=self.listing.cursor(placed.key),
            node=Result.of(known[placed.reported.id]),
            rank=placed.rank,
            number=placed.place,
            unit=placed.quantity.unit or None if placed.quantity else None,
            contradicted_by=[Result.of(known[id]) for id in placed.contradicted_by],
        )


@strawberry.type
class LeaderboardQuery:
    """The field ``leaderboard``."""

    @strawberry.field(
        description="Results that papers report on a benchmark or task, best first. Levels, gains "
        "and reductions are never mixed, nor are metrics."
    )
    async def leaderboard(
        self,
        info: Info,
        benchmark: Annotated[
            str | None,
            strawberry.argument(description="A data set, benchmark or task, in any spelling."),
        ] = None,
        metric: Annotated[
            str | None,
            strawberry.argument(
                description="The metric, in any spelling; null for results without one. Where it "
                "is not given, the metric with most levels."
            ),
        ] = strawberry.UNSET,
        task: Annotated[
            str | None,
            strawberry.argument(
                description="With `benchmark`: only of papers that address this task; without: "
                "results reported on the task itself."
            ),
        ] = None,
        kind: Annotated[
            ResultKind, strawberry.argument(description="Levels, gains or reductions.")
        ] = ResultKind.ABSOLUTE,
        as_of: Annotated[
            date | None,
            strawberry.argument(
                description="Only of papers published on this day or before: the table as it was."
            ),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> LeaderboardConnection:
        """Results on a benchmark or task."""
        context = info.context
        stretch = window(ORDER, first, after, None, None, context.settings.max_page)
        given = metric is not strawberry.UNSET
        board = await run_in_threadpool(
            service.leaderboard,
            context.store,
            context.names,
            benchmark,
            MetricChoice(metric if given else None, given),
            task,
            kind,
            as_of,
        )
        rows = [(placed, placed.key) for placed in board.rows]
        return LeaderboardConnection(
            board=board,
            direction=board.scale.better,
            metrics=[LeaderboardMetric.of(row) for row in board.metrics],
            listing=ranking(ORDER, stretch, rows, (int, float, str, str, str)),
        )
