"""Reading by column: the fields that are asked for and no others, all from one state.

What a store gives here is ready to be written as JSON, and no object of the model is made on the
way: an answer of ten thousand papers costs little more than its rows.

Fields have these names; a claim's may also be its paper's and entity's, as in ``paper.title`` and
``entity.name``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from graph.model import Decision
from graph.ontology import Role
from graph.stores.base import (
    EntityFilter,
    EntityOrder,
    EntityRow,
    Page,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.stores.content import day_of
from graph.stores.exploring import Exploring
from graph.stores.families import Family

Values: TypeAlias = tuple[Any, ...]
"""Values of the fields asked for, in their order: text, numbers, truth values, lists, None."""

PAPER_FIELDS: Final = frozenset(
    {"id", "title", "abstract", "published_at", "url", "sources", "authors", "categories"}
    | {"venue", "code_url", "upvotes", "version", "withdrawn"}
)
"""``published_at`` is an ISO 8601 day."""
CLAIM: Final = "claim."
"""Prefix of the fields of the claim that goes with a paper."""
ENTITY_FIELDS: Final = frozenset({"id", "name", "type", "papers", "aliases", "types"})
"""``aliases`` and ``types`` are lists of ``[spelling, papers]`` and ``[type, papers]``."""
CLAIM_FIELDS: Final = frozenset(
    {"id", "surface", "role", "confidence", "start", "end", "text", "mentions", "extractor"}
)
"""``start``, ``end``, ``text``: the evidence; ``mentions``: a list of ``[start, end, text]``;
``extractor``: ``name/version``."""


def iso_day(published: str) -> str | None:
    """A day of publication as fields give it."""
    day = day_of(published)
    return day.isoformat() if day else None


def surest(claims: Sequence[Values]) -> Values:
    """The claim of the highest confidence, which comes first in each; ties: the highest id."""
    return max(claims, key=lambda claim: (claim[0], claim[1]))


class Reading(Exploring, Protocol):
    """One state of a store, for as long as a ``GraphStore.read`` lasts.

    On Neo4j, which isolates no better than *read committed*, what another process commits
    meanwhile may show between two calls.
    """

    def data_version(self) -> str:
        """As the store's."""
        ...

    def version_seen(self) -> str:
        """Version of what was read here, or a later one; a question only where none was told."""
        ...

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """As the store's."""
        ...

    def entities_by_id(self, entities: Sequence[str]) -> Mapping[str, EntityRow]:
        """As the store's."""
        ...

    def families(self, entities: Sequence[str]) -> Mapping[str, Family]:
        """As the store's."""
        ...

    def decisions(self) -> tuple[Decision, ...]:
        """As the store's."""
        ...

    def papers(
        self,
        condition: PaperCondition,
        order: PaperOrder,
        descending: bool,
        window: Window,
        fields: Sequence[str],
        on: tuple[str, Role | None] | None = None,
    ) -> Page[Values]:
        """These fields of the papers that the store's ``papers`` gives.

        Args:
            condition: which papers.
            order: in which order.
            descending: which way.
            window: which stretch.
            fields: of ``PAPER_FIELDS``; with ``on`` also, after ``claim.``, those of a claim.
            on: an entity and a role: each paper shown has such a claim; the surest is meant.
        """
        ...

    def papers_of_entities(
        self, entities: Sequence[str], role: Role | None, window: Window, fields: Sequence[str]
    ) -> Mapping[str, Page[Values]]:
        """Of each entity with such papers the page that ``papers`` gives, newest first, at once.

        Args:
            entities: ids.
            role: of the claims; None for any.
            window: which stretch; without bounds.
            fields: of ``PAPER_FIELDS`` and, after ``claim.``, those of the surest claim.
        """
        ...

    def count_papers_of_entities(
        self, entities: Sequence[str], role: Role | None
    ) -> Mapping[str, int]:
        """How many papers have such a claim on each entity; those of none are left out."""
        ...

    def papers_by_id(self, papers: Sequence[str], fields: Sequence[str]) -> Mapping[str, Values]:
        """These fields of those papers that are present."""
        ...

    def count_papers(self, condition: PaperCondition) -> int:
        """As the store's."""
        ...

    def claims(
        self,
        papers: Sequence[str],
        role: Role | None,
        fields: Sequence[str],
        entity: str | None = None,
    ) -> Mapping[str, list[Values]]:
        """These fields of each paper's claims, by evidence start, then id.

        Args:
            papers: ids.
            role: only claims with it.
            fields: of ``CLAIM_FIELDS``, or of the paper or the entity.
            entity: only claims on it.
        """
        ...

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """As the store's."""
        ...

    def count_entities(self, condition: EntityFilter) -> int:
        """As the store's."""
        ...
