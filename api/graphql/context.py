"""What the resolvers of one request share: the store, batching loaders, limits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, TypeVar

import strawberry
from starlette.concurrency import run_in_threadpool
from strawberry.dataloader import DataLoader

from api.auth.callers import ANONYMOUS, Caller
from api.runs.background import Background
from api.services.names import Names
from api.settings import Settings
from graph.model import Paper
from graph.ontology import Role
from graph.stores.base import (
    ClaimRow,
    EntityRow,
    GraphStore,
    Page,
    RelationRow,
    ResultRow,
    Window,
)
from graph.stores.columns import Reading, Values
from graph.stores.families import Family

R = TypeVar("R")

Info: TypeAlias = strawberry.Info["Context", None]
PaperAndRole: TypeAlias = tuple[str, Role | None]
EntityAndRole: TypeAlias = tuple[str, Role | None]
EntityAndPage: TypeAlias = tuple[str, Role | None, int, bool]
"""An entity, a role, and how many papers, whether from the end of the list."""


def _batched(
    read: Callable[[list[str]], Mapping[str, R]], missing: Callable[[str], Any]
) -> DataLoader[str, Any]:
    """Loader that answers all keys asked for in one turn with one call of the port."""

    async def load(keys: list[str]) -> list[Any]:
        found = await run_in_threadpool(read, keys)
        return [found[key] if key in found else missing(key) for key in keys]

    return DataLoader(load_fn=load)


@dataclass
class Context:
    """Everything a resolver may need; made anew for each request.

    Attributes:
        store: the graph.
        names: what a name means in it.
        settings: limits among them.
        request_id: names the request in the log and in masked errors.
        caller: who asks.
        standing: says who asks now; of a stream, whose token may have been revoked meanwhile.
        behind: runs that wait, and what subscribers are told; None where nothing is served.
        rate_key: by which the caller's requests are counted.
        authorization: the header by which a WebSocket's caller is known.
        connection_params: what a WebSocket said when it began; Strawberry sets it.
    """

    store: GraphStore
    names: Names
    settings: Settings
    request_id: str = "-"
    caller: Caller = ANONYMOUS
    standing: Callable[[], Awaitable[Caller]] | None = None
    behind: Background | None = None
    rate_key: str = ""
    authorization: str | None = None
    connection_params: Mapping[str, Any] | None = None
    papers: DataLoader[str, Paper | None] = field(init=False)
    entities: DataLoader[str, EntityRow | None] = field(init=False)
    claims: DataLoader[PaperAndRole, tuple[ClaimRow, ...]] = field(init=False)
    results: DataLoader[str, tuple[ResultRow, ...]] = field(init=False)
    relations: DataLoader[str, tuple[RelationRow, ...]] = field(init=False)
    families: DataLoader[str, Family] = field(init=False)
    papers_of: DataLoader[EntityAndPage, Page[str]] = field(init=False)
    paper_counts: DataLoader[EntityAndRole, int] = field(init=False)

    def __post_init__(self) -> None:
        """Make the loaders, whose caches live as long as the request."""
        self.forget()

    @property
    def background(self) -> Background:
        """``behind``, which is there wherever changes and subscriptions are served."""
        assert self.behind is not None
        return self.behind

    def forget(self) -> None:
        """Read anew what is asked for from now on, as each event of a subscription must."""
        store = self.store
        self.papers = _batched(store.papers_by_id, lambda _: None)
        self.entities = _batched(store.entities_by_id, lambda _: None)
        self.results = _batched(store.results_of_papers, lambda _: ())
        self.relations = _batched(store.relations_of_papers, lambda _: ())
        self.families = _batched(store.families, lambda _: Family())
        self.claims = DataLoader(load_fn=self._load_claims)
        self.papers_of = DataLoader(load_fn=self._load_papers_of)
        self.paper_counts = DataLoader(load_fn=self._load_paper_counts)

    async def _load_papers_of(self, keys: list[EntityAndPage]) -> list[Page[str]]:
        """One question for each role and size that are asked for, however many entities."""
        found: dict[EntityAndPage, Page[str]] = {}
        for role, limit, backward in dict.fromkeys(key[1:] for key in keys):
            entities = [key[0] for key in keys if key[1:] == (role, limit, backward)]
            asked = entities, role, Window(limit, backward=backward), ("id",)
            pages = await run_in_threadpool(
                self.store.read, partial(_papers_of_entities, asked=asked)
            )
            for entity, page in pages.items():
                rows = tuple((id, key) for (id,), key in page.rows)
                found[entity, role, limit, backward] = Page(rows, page.has_next, page.has_previous)
        return [found.get(key, Page((), False, False)) for key in keys]

    async def _load_paper_counts(self, keys: list[EntityAndRole]) -> list[int]:
        """One question for each role, however many entities."""
        found: dict[EntityAndRole, int] = {}
        for role in dict.fromkeys(role for _, role in keys):
            entities = [entity for entity, wanted in keys if wanted == role]
            counts = await run_in_threadpool(
                self.store.read, partial(_paper_counts, entities=entities, role=role)
            )
            found |= {(entity, role): count for entity, count in counts.items()}
        return [found.get(key, 0) for key in keys]

    async def _load_claims(self, keys: list[PaperAndRole]) -> list[tuple[ClaimRow, ...]]:
        """One call of the port for each role that is asked for, however many papers."""
        found: dict[Role | None, Mapping[str, tuple[ClaimRow, ...]]] = {}
        for role in dict.fromkeys(role for _, role in keys):
            papers = [paper for paper, wanted in keys if wanted == role]
            roles = frozenset() if role is None else frozenset({role})
            found[role] = await run_in_threadpool(self.store.claims_of_papers, papers, roles)
        return [found[role].get(paper, ()) for paper, role in keys]


def _papers_of_entities(
    reading: Reading, asked: tuple[Sequence[str], Role | None, Window, Sequence[str]]
) -> Mapping[str, Page[Values]]:
    return reading.papers_of_entities(*asked)


def _paper_counts(
    reading: Reading, entities: Sequence[str], role: Role | None
) -> Mapping[str, int]:
    return reading.count_papers_of_entities(entities, role)
