"""Subscribers are told what happens in the store, whoever does it, and nothing else."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from api.runs import watch
from api.runs.news import NewsWatch
from api.runs.watch import RunWatch, TooSlow
from api.services.names import Names
from api.services.news import ClaimFilter
from graph.model import RunSummary
from graph.ontology import Role
from graph.stores.base import GraphStore
from tests.conformance.places import Place
from tests.conformance.samples import Said, paper

T = TypeVar("T")

TURBO = Said("SD-Turbo", "sdturbo")
LORA = Said("LoRA", "lora", Role.PROPOSES)
ALL = ClaimFilter()
SOON = 0.01


@pytest.fixture
def stores(lasting: Place) -> tuple[GraphStore, GraphStore]:
    """The store of a server, and the same one opened by who writes."""
    return lasting.fresh(), lasting.open()


async def until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110
        await asyncio.sleep(SOON)


async def told(
    values: AsyncGenerator[T, None], doing: Callable[[], None], begun: Callable[[], bool], n: int
) -> list[T]:
    """The first values after something was done once the subscription has begun."""

    async def first() -> list[T]:
        return [await anext(values) for _ in range(n)]

    reading = asyncio.create_task(first())
    await until(begun)
    await asyncio.to_thread(doing)
    found = await asyncio.wait_for(reading, 60)
    await values.aclose()
    return found


def test_claims_are_new_once(stores: tuple[GraphStore, GraphStore]) -> None:
    served, other = stores
    other.load([paper("old", [TURBO])])

    def write() -> None:
        other.load([paper("old", [TURBO, LORA]), paper("new", [TURBO])])
        other.load([paper("old", [TURBO, LORA], title="Only the title")])
        other.remove(["old"])
        other.load([paper("last", [LORA])])

    async def follow() -> tuple[list[tuple[str, str]], NewsWatch]:
        news = NewsWatch(served, Names(served), SOON)
        found = await told(news.claims(ALL), write, lambda: news.watching == 1, 2)
        return [(one.paper.id, one.claim.key) for one in found], news

    # Of "old" the look may come before or after it is gone.
    found, news = asyncio.run(follow())
    assert set(found) <= {("old", "lora"), ("new", "sdturbo"), ("last", "lora")}
    assert ("old", "sdturbo") not in found, "it was said before"
    assert news.watching == 0
    assert news._task is None, "nobody looks while nobody watches"


def test_filters_pick(stores: tuple[GraphStore, GraphStore]) -> None:
    served, other = stores
    wanted = ClaimFilter(
        entities=("low-rank adaptation", "lo ra"), roles=frozenset({Role.PROPOSES})
    )

    async def follow() -> list[str]:
        news = NewsWatch(served, Names(served), SOON)
        batch = [paper("p1", [TURBO]), paper("p2", [TURBO, LORA])]
        found = await told(
            news.claims(wanted), lambda: void(other.load(batch)), lambda: news.watching == 1, 1
        )
        return [one.claim.paper for one in found]

    assert asyncio.run(follow()) == ["p2"], "though the entity came with it"


def void(_: object) -> None:
    pass


def test_a_run_is_followed_to_its_end(stores: tuple[GraphStore, GraphStore]) -> None:
    served, other = stores
    run = RunSummary("r", "2024-06-01", source="elsewhere")
    other.record_run(run)
    ended = replace(run, papers=2, added=2, status="finished", finished_at="2024-06-02")

    async def follow() -> tuple[list[RunSummary], RunWatch]:
        runs = RunWatch(served, SOON)
        seen = []
        async for value in runs.run(run):
            seen.append(value)
            if len(seen) == 1:
                await asyncio.to_thread(other.record_run, ended)
        return seen, runs

    seen, runs = asyncio.run(follow())
    assert seen == [run, ended]
    assert runs.watching == 0
    assert not runs._named


def test_who_reads_too_slowly_is_told_so(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_UNREAD", 5)

    async def dawdle() -> None:
        news = NewsWatch(store, Names(store), SOON)
        values = news.claims(ALL)
        slow = asyncio.create_task(anext(values))
        await until(lambda: news.watching == 1)
        batch = [paper(f"p{i}", [TURBO]) for i in range(20)]
        await asyncio.to_thread(store.load, batch)
        await slow
        await until(lambda: next(iter(news._queues)).qsize() > 5)
        try:
            await anext(values)
        finally:
            await values.aclose()

    with pytest.raises(TooSlow):
        asyncio.run(dawdle())


def test_all_ends_with_the_server(store: GraphStore) -> None:
    async def stop() -> tuple[list[object], list[object]]:
        runs = RunWatch(store, SOON)

        async def everything() -> list[object]:
            return [run async for run in runs.values(lambda _: True)]

        first, second = asyncio.create_task(everything()), asyncio.create_task(everything())
        await until(lambda: runs.watching == 2)
        runs.close()
        late = asyncio.create_task(everything())
        return await first + await second, await late

    assert asyncio.run(stop()) == ([], [])
