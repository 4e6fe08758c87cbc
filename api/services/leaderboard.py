"""Reported results on a benchmark, best first, with what contradicts what."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.services.names import Names
from graph.analytics.metrics import Scale, scale_of
from graph.analytics.ranking import Placed, Reported, table
from graph.errors import UsageError
from graph.ontology import ResultKind, Role
from graph.stores.base import EntityRow, GraphStore, ResultRow
from graph.stores.columns import Reading
from graph.stores.exploring import DatedResult, ResultPart


@dataclass(frozen=True, slots=True)
class Metric:
    """Results in one metric.

    Attributes:
        entity: the metric; None where papers do not say what they measured.
        scale: which values are better.
        results: number of results of the kind asked for.
        selected: whether the table is about it.
    """

    entity: EntityRow | None
    scale: Scale
    results: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A table of results.

    Attributes:
        scale: how its values compare.
        metrics: every metric in which there are results, those of most results first.
        rows: the numbers in order.
        results: the store's results by id, whatever their metric and kind.
    """

    scale: Scale
    metrics: tuple[Metric, ...]
    rows: tuple[Placed, ...]
    results: Mapping[str, ResultRow]


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """Which metric is meant.

    Attributes:
        name: in any spelling; None for results of which papers do not say it.
        given: False for the metric with most levels, whatever it is.
    """

    name: str | None = None
    given: bool = False


def leaderboard(
    store: GraphStore,
    names: Names,
    benchmark: str | None,
    metric: MetricChoice,
    task: str | None,
    kind: ResultKind,
    as_of: date | None,
) -> Leaderboard:
    """The results reported on a benchmark or task.

    Args:
        store: the graph.
        names: what names mean in it.
        benchmark: a data set, benchmark or task in any spelling.
        metric: which metric.
        task: with ``benchmark``: only of papers that address this task; without: results on it.
        kind: levels, gains or reductions; they are never mixed.
        as_of: only of papers published on this day or before; None for all.

    Raises:
        UsageError: neither benchmark nor task is given.
        UnknownName: one of the names is nothing in the graph.
    """
    on = task if benchmark is None else benchmark
    if on is None:
        raise UsageError("leaderboard needs a benchmark or a task", "name one of them")

    def work(reading: Reading) -> Leaderboard:
        ids = {row.id for row in names.meant(on, reading)}
        found = [
            dated
            for dated in reading.results_with(ResultPart.ON, ids)
            if as_of is None or (dated.published_at and dated.published_at <= as_of)
        ]
        if task is not None and benchmark is not None:
            wanted = {row.id for row in names.meant(task, reading)}
            addressing = _addressing(reading, {d.result.paper for d in found}, wanted)
            found = [dated for dated in found if dated.result.paper in addressing]
        return _board(reading, names, found, metric, kind)

    return store.read(work)


def _addressing(reading: Reading, papers: set[str], tasks: set[str]) -> set[str]:
    return {
        paper
        for paper, claims in reading.claims_of_papers(sorted(papers)).items()
        if any(claim.role is Role.ADDRESSES and claim.entity in tasks for claim in claims)
    }


def _board(
    reading: Reading,
    names: Names,
    found: list[DatedResult],
    metric: MetricChoice,
    kind: ResultKind,
) -> Leaderboard:
    of_kind = [dated for dated in found if dated.result.kind is kind]
    counts = Counter(dated.result.metric for dated in of_kind)
    rows = reading.entities_by_id(sorted(id for id in counts if id is not None))
    chosen: tuple[EntityRow | None, ...]
    if metric.given:
        chosen = (None,) if metric.name is None else names.meant(metric.name, reading)
    else:
        chosen = (_default(found, counts, rows),)
    ids = {None if row is None else row.id for row in chosen}
    scale = scale_of(_spellings(chosen))
    return Leaderboard(
        scale,
        tuple(
            Metric(row, scale_of(_spellings((row,))), number, id in ids)
            for id, number in sorted(counts.items(), key=lambda c: (-c[1], c[0] or ""))
            for row in (rows.get(id) if id else None,)
        ),
        tuple(table((_reported(d) for d in of_kind if d.result.metric in ids), scale)),
        {dated.result.id: dated.result for dated in found},
    )


def _default(
    found: list[DatedResult], counts: Counter[str | None], rows: Mapping[str, EntityRow]
) -> EntityRow | None:
    """The metric with most levels; none named, only where no result has one."""
    levels = Counter(
        dated.result.metric for dated in found if dated.result.kind is ResultKind.ABSOLUTE
    )
    named = [id for id in counts if id is not None]
    return rows[min(named, key=lambda id: (-levels[id], -counts[id], id))] if named else None


def _spellings(metrics: tuple[EntityRow | None, ...]) -> list[str]:
    spelt = []
    for row in metrics:
        if row is not None:
            spelt += [row.name, *(alias.surface for alias in row.aliases)]
    return spelt


def _reported(dated: DatedResult) -> Reported:
    result = dated.result
    return Reported(
        result.id, result.paper, result.entity, result.kind, result.value, dated.published_at
    )
