"""Closed sets of the schema, described by the ontology itself."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

from graph.ontology import (
    ENTITY_TYPES,
    RELATION_TYPES,
    ROLE_MEANINGS,
    EntityType,
    RelationType,
    ResultKind,
    Role,
)
from graph.stores.base import EntityOrder, PaperOrder

E = TypeVar("E", bound=Enum)


def _described(enum: type[E], name: str, meaning: str, each: Mapping[E, str]) -> None:
    strawberry.enum(enum, name=name, description=meaning)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = each[enum(value.value)]


@strawberry.enum(description="Which way a list runs.")
class Direction(Enum):
    """Which way a list runs."""

    ASC = strawberry.enum_value("asc", description="Smallest, earliest or first letter first.")
    DESC = strawberry.enum_value("desc", description="Largest, latest or last letter first.")


@strawberry.enum(description="Part of a paper's text.")
class Section(Enum):
    """Part of a paper's text."""

    TITLE = strawberry.enum_value("title", description="The title.")
    ABSTRACT = strawberry.enum_value("abstract", description="The abstract.")


@strawberry.enum(description="Kind of thing that has an id.")
class NodeType(Enum):
    """Kind of thing that has an id."""

    PAPER = strawberry.enum_value("paper", description="A paper.")
    ENTITY = strawberry.enum_value("entity", description="An entity.")


_described(
    EntityType,
    "EntityType",
    "What a named thing is.",
    {t: entry.meaning for t, entry in ENTITY_TYPES.items()},
)
_described(Role, "Role", "How a paper relates to an entity.", ROLE_MEANINGS)
_described(
    RelationType,
    "RelationType",
    "How one entity relates to another, as a paper states it.",
    {t: entry.meaning for t, entry in RELATION_TYPES.items()},
)
_described(
    ResultKind,
    "ResultKind",
    "Whether a reported number is a level or a difference.",
    {
        ResultKind.ABSOLUTE: "The level that was reached.",
        ResultKind.GAIN: "By how much something went up.",
        ResultKind.REDUCTION: "By how much something went down.",
    },
)
_described(
    PaperOrder,
    "PaperOrderField",
    "What papers can be ordered by; ties are broken by id.",
    {
        PaperOrder.PUBLISHED_AT: "Day of publication; undated papers count as the oldest.",
        PaperOrder.TITLE: "Title.",
        PaperOrder.ID: "Id.",
    },
)
_described(
    EntityOrder,
    "EntityOrderField",
    "What entities can be ordered by; ties are broken by id.",
    {
        EntityOrder.PAPERS: "Number of papers with a claim on it.",
        EntityOrder.NAME: "Name.",
        EntityOrder.ID: "Id.",
    },
)
