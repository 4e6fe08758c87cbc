"""Reads the things that statements are about, which may have gone since the statement was read."""

from typing import TypeVar

from api.graphql.context import Context
from graph.errors import StoreCorrupt
from graph.model import Paper
from graph.stores.base import EntityRow

T = TypeVar("T")


async def paper_of(context: Context, paper: str) -> Paper:
    """The paper that a statement names.

    Raises:
        StoreCorrupt: it is gone.
    """
    return _there(await context.papers.load(paper), f"paper {paper}")


async def entity_of(context: Context, entity: str) -> EntityRow:
    """The entity that a statement names.

    Raises:
        StoreCorrupt: it is gone.
    """
    return _there(await context.entities.load(entity), f"entity {entity}")


def _there(row: T | None, what: str) -> T:
    if row is None:
        raise StoreCorrupt(
            f"a claim names {what}, which is gone",
            "it may have been removed meanwhile: ask again, else run papergraph verify",
        )
    return row


async def present(context: Context, entities: list[str]) -> set[str]:
    """Those entities that are there: one may have gone with its last paper since we read of it.

    Costs no question more where the entities are asked for as well: the loader keeps them.
    """
    rows = await context.entities.load_many(entities)
    return {row.id for row in rows if row is not None}
