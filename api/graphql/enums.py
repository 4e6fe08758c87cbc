"""Closed sets of the schema, described by the ontology itself."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

from api.services.search import Place
from graph.analytics.metrics import Better
from graph.analytics.periods import Interval
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
from graph.stores.families import FamilyRelation

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


_described(
    FamilyRelation,
    "FamilyRelation",
    "How a thing relates to a wider member of its family.",
    {
        FamilyRelation.VERSION_OF: "A version of it, as Llama 3.1 of Llama 3.",
        FamilyRelation.VARIANT_OF: "A size, tuning or part of it, as SDXL-Turbo of SDXL.",
    },
)


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


@strawberry.enum(description="Kind of thing that a search may find.")
class SearchType(Enum):
    """Kind of thing that a search may find."""

    PAPER = strawberry.enum_value("Paper", description="A paper, by the words of its text.")
    MODEL = strawberry.enum_value("Model", description="A model, by its name.")
    METHOD = strawberry.enum_value("Method", description="A method, by its name.")
    DATASET = strawberry.enum_value("Dataset", description="A data set, by its name.")
    BENCHMARK = strawberry.enum_value("Benchmark", description="A benchmark, by its name.")
    TASK = strawberry.enum_value("Task", description="A task, by its name.")
    METRIC = strawberry.enum_value("Metric", description="A metric, by its name.")


@strawberry.enum(description="What is decided about an identity.")
class DecisionAction(Enum):
    """What is decided about an identity."""

    MERGE = strawberry.enum_value("merge", description="The subject became part of the object.")
    SPLIT = strawberry.enum_value(
        "split", description="The claims of some papers on the subject went to the object."
    )
    ALIAS = strawberry.enum_value(
        "alias", description="What is spelt like the object is the subject, in every paper."
    )
    KEEP_APART = strawberry.enum_value(
        "keep-apart", description="Subject and object are two things."
    )
    RENAME = strawberry.enum_value("rename", description="The subject is called like the object.")
    RETYPE = strawberry.enum_value("retype", description="The subject has the object for a type.")
    UNDO = strawberry.enum_value("undo", description="The decision of this id counts no more.")


_described(
    Better,
    "MetricDirection",
    "Which values of a metric are better.",
    {
        Better.HIGHER: "The higher the better.",
        Better.LOWER: "The lower the better.",
        Better.UNKNOWN: "Its name does not tell; nothing is called best.",
    },
)
_described(
    Interval,
    "Interval",
    "Length of a period.",
    {
        Interval.DAY: "A day.",
        Interval.WEEK: "A week, from Monday on.",
        Interval.MONTH: "A month of the calendar.",
        Interval.YEAR: "A year of the calendar.",
    },
)
_described(
    Place,
    "HighlightPlace",
    "What words were found in.",
    {
        Place.NAME: "A name of the entity.",
        Place.TITLE: "The paper's title.",
        Place.ABSTRACT: "The paper's abstract.",
    },
)
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
