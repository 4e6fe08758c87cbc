"""Filters of claims: what a client writes, what is saved, and what comes back."""

from datetime import date, datetime

import strawberry

from api.graphql.errors import RequestError
from api.services.news import ClaimFilter, SavedFilter
from graph.ontology import EntityType, Role

MAX_NAMES = 50
"""Most names in one filter."""
MAX_NAME = 200
"""Characters of a name."""


@strawberry.input(
    name="ClaimFilter", description="Which claims: all that is set must hold; empty means all."
)
class ClaimFilterInput:
    """Which claims."""

    entities: list[str] | None = strawberry.field(
        default=None,
        description="On one of these: names in any spelling, or `id:` + an entity's id.",
    )
    roles: list[Role] | None = strawberry.field(
        default=None, description="With one of these roles."
    )
    types: list[EntityType] | None = strawberry.field(
        default=None, description="On a thing that the paper takes for one of these types."
    )
    min_confidence: float | None = strawberry.field(
        default=None, description="Least confidence, 0 to 1."
    )
    published_after: date | None = strawberry.field(
        default=None, description="In a paper published on this day or later."
    )
    published_before: date | None = strawberry.field(
        default=None, description="In a paper published on this day or earlier."
    )
    source: str | None = strawberry.field(
        default=None, description="In a paper that came from this source."
    )

    def to_filter(self) -> ClaimFilter:
        """As the service takes it.

        Raises:
            RequestError: it holds too many names, or no confidence.
        """
        names = tuple(dict.fromkeys(self.entities or ()))
        if len(names) > MAX_NAMES or any(not n.strip() or len(n) > MAX_NAME for n in names):
            raise RequestError(
                "BAD_ARGUMENT",
                f"entities holds {len(names)} names, or an empty or overlong one",
                f"give up to {MAX_NAMES} names of 1 to {MAX_NAME} characters",
                "filter.entities",
            )
        least = 0.0 if self.min_confidence is None else self.min_confidence
        if not 0 <= least <= 1:
            raise RequestError(
                "BAD_ARGUMENT",
                f"minConfidence is {least:g}",
                "give 0 to 1",
                "filter.minConfidence",
            )
        return ClaimFilter(
            entities=names,
            roles=frozenset(self.roles or ()),
            types=frozenset(self.types or ()),
            min_confidence=least,
            published_after=self.published_after,
            published_before=self.published_before,
            source=self.source,
        )


@strawberry.type(
    name="SavedFilter", description="A filter of claims under a name, for `newClaims(saved:)`."
)
class SavedFilterType:
    """A saved filter of claims."""

    name: str = strawberry.field(description="Its name.")
    entities: list[str] = strawberry.field(description="Names of what a claim may be on.")
    roles: list[Role] = strawberry.field(description="Roles that a claim may have.")
    types: list[EntityType] = strawberry.field(description="Types of what a claim may be on.")
    min_confidence: float = strawberry.field(description="Least confidence, 0 to 1.")
    published_after: date | None = strawberry.field(description="Earliest day of publication.")
    published_before: date | None = strawberry.field(description="Latest day of publication.")
    source: str | None = strawberry.field(description="Source of the papers.")
    who: str = strawberry.field(description="Token that saved it.")
    at: datetime = strawberry.field(description="When it was saved.")

    @classmethod
    def of(cls, saved: SavedFilter) -> "SavedFilterType":
        """From the service's."""
        kept = saved.filter
        return cls(
            name=saved.name,
            entities=list(kept.entities),
            roles=[role for role in Role if role in kept.roles],
            types=[type for type in EntityType if type in kept.types],
            min_confidence=kept.min_confidence,
            published_after=kept.published_after,
            published_before=kept.published_before,
            source=kept.source,
            who=saved.who,
            at=datetime.fromisoformat(saved.at),
        )
