"""Filters and orders: what a client writes, turned into conditions of the store's port."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.context import Context
from api.graphql.enums import Direction
from api.graphql.errors import RequestError
from graph.ontology import EntityType, Role
from graph.stores.base import (
    EntityCondition,
    EntityFilter,
    EntityOrder,
    PaperCondition,
    PaperOrder,
)

MAX_FILTERS = 50
"""Most filters that one filter may hold, itself included; a nested one counts as one."""
MAX_NAMES = 100
"""Most names that one filter may hold in all."""

_NAMES = "Names in any spelling, or `id:` + an entity's id; every one must hold. The paper "


def _names(meaning: str) -> "list[str] | None":
    field: list[str] | None = strawberry.field(default=None, description=_NAMES + meaning)
    return field


@strawberry.input(
    name="PaperFilter", description="Which papers: all that is set must hold; empty means all."
)
class PaperFilterInput:
    """Which papers."""

    uses: list[str] | None = _names("builds on it, applies it, or runs experiments with it.")
    proposes: list[str] | None = _names("introduces, creates or releases it.")
    trains_on: list[str] | None = _names("trains or tunes on it.")
    evaluates_on: list[str] | None = _names("tests on it.")
    compares_with: list[str] | None = _names("is compared against it.")
    addresses: list[str] | None = _names("works on this task.")
    measures: list[str] | None = _names("reports or optimises this metric.")
    mentions: list[str] | None = _names("speaks of it as background only.")
    published_after: date | None = strawberry.field(
        default=None, description="Published on this day or later."
    )
    published_before: date | None = strawberry.field(
        default=None, description="Published on this day or earlier."
    )
    text: str | None = strawberry.field(
        default=None, description="Every word must occur in title or abstract."
    )
    source: str | None = strawberry.field(default=None, description="Came from this source.")
    include_variants: bool | None = strawberry.field(
        default=None,
        description="Whether the names here and in the filters nested here also mean their "
        "versions and variants: Llama 3.1 and Llama-3.1-8B-Instruct where Llama 3 is asked for.",
    )
    min_confidence: float | None = strawberry.field(
        default=None,
        description="Least confidence, 0 to 1, of the claims asked for here and in the filters "
        "nested here.",
    )
    all_of: list["PaperFilterInput"] | None = strawberry.field(
        name="and", default=None, description="Each of these must hold."
    )
    any_of: list["PaperFilterInput"] | None = strawberry.field(
        name="or", default=None, description="At least one of these must hold."
    )
    none_of: "PaperFilterInput | None" = strawberry.field(
        name="not", default=None, description="This must not hold."
    )


@strawberry.input(name="EntityFilter", description="Which entities: all that is set must hold.")
class EntityFilterInput:
    """Which entities."""

    types: list[EntityType] | None = strawberry.field(
        default=None, description="Of one of these types."
    )
    name: str | None = strawberry.field(
        default=None,
        description="Occurs in one of its spellings; case and punctuation do not count.",
    )
    min_papers: int = strawberry.field(
        default=0, description="At least this many papers have a claim on it."
    )


@strawberry.input(name="PaperOrder", description="Order of papers.")
class PaperOrderInput:
    """Order of papers."""

    field: PaperOrder = strawberry.field(
        default=PaperOrder.PUBLISHED_AT, description="What to order by."
    )
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


@strawberry.input(name="EntityOrder", description="Order of entities.")
class EntityOrderInput:
    """Order of entities."""

    field: EntityOrder = strawberry.field(
        default=EntityOrder.PAPERS, description="What to order by."
    )
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


def order_of(by: PaperOrderInput | EntityOrderInput) -> tuple[str, bool]:
    """An order's name, which is part of its cursors, and whether it descends."""
    return f"{by.field.name}_{by.direction.name}", by.direction is Direction.DESC


async def paper_condition(context: Context, given: PaperFilterInput | None) -> PaperCondition:
    """``condition`` with the names of this request's store."""
    if given is None:
        return PaperCondition()
    return await run_in_threadpool(condition, context.names.ids, given)


def condition(
    ids: Callable[[str, bool], frozenset[str]], given: PaperFilterInput | None
) -> PaperCondition:
    """The condition that a filter stands for, its names led to the entities they mean.

    Args:
        ids: entities that a name may mean, with its variants or without.
        given: the filter.

    Raises:
        RequestError: the filter holds more filters or names than is sensible.
    """
    if given is None:
        return PaperCondition()
    filters = list(_walk(given))
    names = {name for part in filters for _, named in _claims(part) for name in named}
    if len(names) > MAX_NAMES:
        raise RequestError(
            "QUERY_TOO_COSTLY",
            f"The filter holds {len(names)} names, {MAX_NAMES} at most",
            "ask in several requests",
        )
    return _condition(given, cache(ids), 0.0, False)


def entity_filter(given: EntityFilterInput | None) -> EntityFilter:
    """The filter of the port that an input stands for."""
    if given is None:
        return EntityFilter()
    return EntityFilter(frozenset(given.types or ()), given.name, max(given.min_papers, 0))


def _walk(given: PaperFilterInput) -> Iterator[PaperFilterInput]:
    open_filters, seen = [given], 0
    while open_filters:
        seen += 1
        if seen > MAX_FILTERS:
            raise RequestError(
                "QUERY_TOO_COSTLY",
                f"The filter nests more than {MAX_FILTERS} filters",
                "say it with fewer, or ask in several requests",
            )
        part = open_filters.pop()
        yield part
        open_filters += [*(part.all_of or ()), *(part.any_of or ())]
        open_filters += [part.none_of] if part.none_of else []


def _claims(given: PaperFilterInput) -> Iterator[tuple[Role, list[str]]]:
    for role in Role:
        named: list[str] | None = getattr(given, role.value)
        if named:
            yield role, named


def _condition(
    given: PaperFilterInput,
    ids: Callable[[str, bool], frozenset[str]],
    least: float,
    variants: bool,
) -> PaperCondition:
    if given.min_confidence is not None:
        least = given.min_confidence
    if given.include_variants is not None:
        variants = given.include_variants

    def nested(part: PaperFilterInput) -> PaperCondition:
        return _condition(part, ids, least, variants)

    if given.any_of == []:
        raise RequestError("BAD_ARGUMENT", "`or` is empty", "give it a filter or leave it out")
    return PaperCondition(
        claims=tuple(
            EntityCondition(role, ids(name, variants), least)
            for role, named in _claims(given)
            for name in named
        ),
        published_after=given.published_after,
        published_before=given.published_before,
        text=given.text,
        source=given.source,
        all_of=tuple(map(nested, given.all_of or ())),
        any_of=tuple(map(nested, given.any_of or ())),
        none_of=(nested(given.none_of),) if given.none_of else (),
    )
