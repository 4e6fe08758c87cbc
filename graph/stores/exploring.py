"""What connects things: the operations behind neighbourhoods, paths, leaderboards and trends.

They belong to ``stores.columns.Reading``, so that a question which needs several of them is
answered from one state of the store. ``stores.walks`` is built on the first four.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from graph.model import Paper
from graph.ontology import EntityType, Role
from graph.stores.base import ClaimRow, EntityRow, PaperCondition, RelationRow, ResultRow


class NodeKind(StrEnum):
    """What a node of the graph is."""

    ENTITY = "entity"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, order=True)
class NodeRef:
    """A node of the graph: ids of papers and of entities are told apart by the kind."""

    kind: NodeKind
    id: str

    @classmethod
    def paper(cls, id: str) -> "NodeRef":
        """The paper of this id."""
        return cls(NodeKind.PAPER, id)

    @classmethod
    def entity(cls, id: str) -> "NodeRef":
        """The entity of this id."""
        return cls(NodeKind.ENTITY, id)


def ids_of(nodes: Iterable[NodeRef], kind: NodeKind) -> list[str]:
    """Ids of the nodes of a kind, in their order."""
    return [node.id for node in nodes if node.kind is kind]


@dataclass(frozen=True, slots=True)
class Link:
    """A claim or relation as far as a walk looks at it.

    Attributes:
        one: a node.
        other: the node that it is joined to.
        confidence: of the statement.
        statement: id of the claim or relation.
        paper: the paper that states it.
    """

    one: NodeRef
    other: NodeRef
    confidence: float
    statement: str
    paper: str


class ResultPart(StrEnum):
    """The part that an entity plays in a reported result."""

    ENTITY = "entity"
    ON = "on"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class DatedResult:
    """A reported result and the day of publication of its paper."""

    result: ResultRow
    published_at: date | None


@dataclass(frozen=True, slots=True)
class Growth:
    """Papers with a claim on an entity in two periods that follow each other."""

    entity: str
    before: int
    after: int


class Exploring(Protocol):
    """Questions about connections; every answer is exact, ordered and cut as it says."""

    def touching(
        self, frontier: Collection[NodeRef], seen: Collection[NodeRef], limit: int
    ) -> tuple[NodeRef, ...]:
        """Nodes that a claim or relation joins to one of ``frontier``, and that are not seen.

        Order: by the surest of these statements, then the newest of them (undated last), then
        kind and id. At most ``limit``.
        """
        ...

    def neighbours(self, nodes: Collection[NodeRef]) -> frozenset[NodeRef]:
        """All nodes that a claim or relation joins to one of these."""
        ...

    def links(self, ones: Collection[NodeRef], others: Collection[NodeRef]) -> tuple[Link, ...]:
        """All claims and relations between one of the ones and one of the others, unordered."""
        ...

    def relations_between(
        self, ones: Collection[str], others: Collection[str] | None = None
    ) -> tuple[RelationRow, ...]:
        """Relations, either way round, between entities; with any entity where ``others`` is None.

        Order: confidence descending, paper id, relation id.
        """
        ...

    def claims_of_papers(self, papers: Collection[str]) -> Mapping[str, tuple[ClaimRow, ...]]:
        """As the store's."""
        ...

    def results_with(self, part: ResultPart, entities: Collection[str]) -> tuple[DatedResult, ...]:
        """Reported results in which one of these entities plays this part.

        Order: newest paper first (undated last), then paper id, result id.
        """
        ...

    def papers_per_day(self, condition: PaperCondition) -> Mapping[date, int]:
        """How many papers that satisfy a condition were published on each day; dated ones only."""
        ...

    def growing(
        self,
        type: EntityType,
        roles: frozenset[Role],
        periods: tuple[date, date, date],
        limit: int,
    ) -> tuple[Growth, ...]:
        """Entities of a type with more papers in the second period than in the first.

        Args:
            type: of the entities.
            roles: of the claims counted; empty for all.
            periods: first day of the first period, first day of the second, last day of it.
            limit: at most this many.

        Order: growth descending, papers in the second period descending, id.
        """
        ...

    def co_occurring(
        self, entity: str, types: frozenset[EntityType], limit: int
    ) -> tuple[tuple[EntityRow, int], ...]:
        """Entities with claims of the papers that have one on ``entity``, and in how many.

        Order: papers in common descending, id. ``types`` empty: of all types.
        """
        ...

    def search_papers(self, words: Collection[str], limit: int) -> tuple[Paper, ...]:
        """The newest papers (undated last, then by id) in whose text every word occurs.

        A word (``stores.search.words``) of four letters or more that occurs in no paper counts
        as met by a word that is one slip away: a letter or digit more, less, or another, or two
        beside each other the wrong way round.
        """
        ...
