"""The vocabulary: entity types, roles, relation types, and which of them go together.

The extractor, both stores, the API, the exports and the drawings all read this one file. The
definitions follow the annotation guidelines: a role says how *a paper* relates to an entity, a
relation says how two entities relate to each other according to a paper.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class EntityType(StrEnum):
    """What a named thing is; also its node label in a property graph."""

    MODEL = "Model"
    METHOD = "Method"
    DATASET = "Dataset"
    BENCHMARK = "Benchmark"
    TASK = "Task"
    METRIC = "Metric"


class Role(StrEnum):
    """How a paper relates to an entity: one per paper and entity, the strongest that holds."""

    PROPOSES = "proposes"
    USES = "uses"
    TRAINS_ON = "trains_on"
    EVALUATES_ON = "evaluates_on"
    COMPARES_WITH = "compares_with"
    ADDRESSES = "addresses"
    MEASURES = "measures"
    MENTIONS = "mentions"

    @property
    def relationship(self) -> str:
        """Relationship type in a property graph, for example ``EVALUATES_ON``."""
        return self.value.upper()


class RelationType(StrEnum):
    """How one entity relates to another, as stated by a paper."""

    BASED_ON = "BASED_ON"
    PART_OF = "PART_OF"
    COMPARED_WITH = "COMPARED_WITH"
    FOR_TASK = "FOR_TASK"
    MEASURED_BY = "MEASURED_BY"


class ResultKind(StrEnum):
    """Whether a reported number is a level, or a difference and in which direction."""

    ABSOLUTE = "absolute"
    GAIN = "gain"
    REDUCTION = "reduction"


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """What holds for one entity type.

    Attributes:
        meaning: one sentence for schema descriptions and drawings' legends.
        roles: roles a paper may have towards an entity of this type.
        colour: fill colour in drawings, ``#rrggbb``; readable with dark text on it.
    """

    meaning: str
    roles: frozenset[Role]
    colour: str


@dataclass(frozen=True, slots=True)
class RelationEntry:
    """What holds for one relation type: its meaning, domain (heads) and range (tails)."""

    meaning: str
    heads: frozenset[EntityType]
    tails: frozenset[EntityType]


SYSTEM_TYPES: Final = frozenset({EntityType.MODEL, EntityType.METHOD})
DATA_TYPES: Final = frozenset({EntityType.DATASET, EntityType.BENCHMARK})
_SYSTEM_ROLES: Final = frozenset({Role.PROPOSES, Role.USES, Role.COMPARES_WITH, Role.MENTIONS})
_DATA_ROLES: Final = frozenset(
    {Role.PROPOSES, Role.USES, Role.TRAINS_ON, Role.EVALUATES_ON, Role.MENTIONS}
)

ENTITY_TYPES: Final = MappingProxyType(
    {
        EntityType.MODEL: TypeEntry(
            "A named model, model family, agent or system that one could run.",
            _SYSTEM_ROLES,
            "#8ecae6",
        ),
        EntityType.METHOD: TypeEntry(
            "A named technique: algorithm, loss, architecture, training or inference recipe.",
            _SYSTEM_ROLES,
            "#b8d8a8",
        ),
        EntityType.DATASET: TypeEntry(
            "A collection of data used to train, tune or test.",
            _DATA_ROLES,
            "#ffd166",
        ),
        EntityType.BENCHMARK: TypeEntry(
            "A named test whose purpose is to evaluate: suite, exam, leaderboard, environment.",
            _DATA_ROLES,
            "#f4a261",
        ),
        EntityType.TASK: TypeEntry(
            "The problem being solved.",
            frozenset({Role.PROPOSES, Role.ADDRESSES, Role.MENTIONS}),
            "#cdb4db",
        ),
        EntityType.METRIC: TypeEntry(
            "A quantity reported or optimised as a measure of quality or cost.",
            frozenset({Role.PROPOSES, Role.MEASURES, Role.MENTIONS}),
            "#f2a6b3",
        ),
    }
)

ROLE_MEANINGS: Final = MappingProxyType(
    {
        Role.PROPOSES: "The paper introduces, creates or releases it.",
        Role.USES: "The paper builds on it, applies it, or runs its experiments with it.",
        Role.TRAINS_ON: "The paper trains or tunes on it.",
        Role.EVALUATES_ON: "The paper tests on it.",
        Role.COMPARES_WITH: "A baseline or rival that the paper is compared against.",
        Role.ADDRESSES: "A task that the paper works on.",
        Role.MEASURES: "A metric that the paper reports or optimises.",
        Role.MENTIONS: "Background only: prior work, motivation, example.",
    }
)

RELATION_TYPES: Final = MappingProxyType(
    {
        RelationType.BASED_ON: RelationEntry(
            "The head is built from, fine-tuned or distilled from the tail.",
            SYSTEM_TYPES | DATA_TYPES,
            SYSTEM_TYPES | DATA_TYPES,
        ),
        RelationType.PART_OF: RelationEntry(
            "The head is a component or subset of the tail.",
            frozenset(EntityType),
            frozenset(EntityType),
        ),
        RelationType.COMPARED_WITH: RelationEntry(
            "The head is compared against the tail, or beats it.",
            SYSTEM_TYPES | DATA_TYPES,
            SYSTEM_TYPES | DATA_TYPES,
        ),
        RelationType.FOR_TASK: RelationEntry(
            "The head serves the task in the tail.",
            SYSTEM_TYPES | DATA_TYPES,
            frozenset({EntityType.TASK}),
        ),
        RelationType.MEASURED_BY: RelationEntry(
            "Success on the head is measured by the metric in the tail.",
            DATA_TYPES | {EntityType.TASK},
            frozenset({EntityType.METRIC}),
        ),
    }
)

PAPER_COLOUR: Final = "#e5e5e5"
RESULT_COLOUR: Final = "#ffffff"
ROLE_COLOURS: Final = MappingProxyType(
    {
        Role.PROPOSES: "#c0394b",
        Role.USES: "#1d6fa5",
        Role.TRAINS_ON: "#a67c00",
        Role.EVALUATES_ON: "#c8631c",
        Role.COMPARES_WITH: "#6d549c",
        Role.ADDRESSES: "#8e5ea2",
        Role.MEASURES: "#b83a5e",
        Role.MENTIONS: "#8a8f98",
    }
)
"""Colours of lines and small text, dark enough on white."""
RELATION_COLOURS: Final = MappingProxyType(
    {
        RelationType.BASED_ON: "#2f7d4f",
        RelationType.PART_OF: "#5f7f1f",
        RelationType.COMPARED_WITH: "#6d549c",
        RelationType.FOR_TASK: "#8e5ea2",
        RelationType.MEASURED_BY: "#b83a5e",
    }
)


def allows(entity_type: EntityType, role: Role) -> bool:
    """Whether a paper may have this role towards an entity of this type."""
    return role in ENTITY_TYPES[entity_type].roles


def relates(head: EntityType, relation: RelationType, tail: EntityType) -> bool:
    """Whether this relation may hold from an entity of type ``head`` to one of type ``tail``."""
    entry = RELATION_TYPES[relation]
    return head in entry.heads and tail in entry.tails
