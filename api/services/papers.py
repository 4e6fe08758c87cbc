"""Which papers relate to a thing, newest first, each with the claims that say so."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.model import Paper
from graph.ontology import Role
from graph.stores.base import (
    ClaimRow,
    EntityCondition,
    EntityRow,
    GraphStore,
    PaperCondition,
    PaperOrder,
    Window,
)

PAGE = 200
"""Papers read from the store at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper and its claims on the things asked about."""

    paper: Paper
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which papers stand in a role to any of some entities.

    Attributes:
        role: the relation.
        entities: what it is to.
        variants: versions and variants of that, which count as well.
        min_confidence: least confidence of a claim, 0 to 1.
    """

    role: Role
    entities: tuple[EntityRow, ...]
    min_confidence: float = 0.0
    variants: tuple[EntityRow, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all entities that count."""
        return frozenset(entity.id for entity in (*self.entities, *self.variants))

    @property
    def condition(self) -> PaperCondition:
        """The question as the store's port puts it."""
        return PaperCondition(claims=(EntityCondition(self.role, self.ids, self.min_confidence),))


def count(store: GraphStore, question: Question) -> int:
    """How many papers answer a question."""
    return store.count_papers(question.condition)


def hits(store: GraphStore, question: Question, limit: int | None = None) -> Iterator[Hit]:
    """Papers that answer a question, newest first; read as they are consumed.

    Args:
        store: the graph.
        question: what is asked.
        limit: at most this many; None for all.
    """
    ids = question.ids
    after, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = store.papers(
            question.condition, PaperOrder.PUBLISHED_AT, True, Window(size, after=after)
        )
        claims = store.claims_of_papers(
            [paper.id for paper in page.items], frozenset({question.role})
        )
        for paper in page.items:
            on_it = tuple(
                claim
                for claim in claims.get(paper.id, ())
                if claim.entity in ids and claim.confidence >= question.min_confidence
            )
            yield Hit(paper, on_it)
        if not page.has_next:
            return
        after = page.rows[-1][1]
        left = None if left is None else left - size
