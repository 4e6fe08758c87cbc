"""Entities as the claims make them: votes of papers for spellings, types and curated names.

A store keeps the votes and adds or takes away those of the papers that come and go, so that a
load costs what it loads and the outcome is the same as counting anew (which ``verify`` does).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from graph.ledger import Ledger
from graph.ontology import EntityType
from graph.stores.base import Alias, EntityRow
from graph.stores.content import Claim

_TYPE_ORDER = {entity_type.value: rank for rank, entity_type in enumerate(EntityType)}


@dataclass(slots=True)
class Votes:
    """How many papers have a claim on an entity, and say what of it.

    Attributes:
        papers: papers with a claim.
        surfaces: papers per spelling.
        types: papers per type.
        names: papers per curated name (of claims on the entity's own key).
    """

    papers: int = 0
    surfaces: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Votes") -> None:
        """Add votes, which may be negative; what comes to nothing is gone."""
        self.papers += other.papers
        _add(self.surfaces, other.surfaces)
        _add(self.types, other.types)
        _add(self.names, other.names)

    def name(self, entity: str, ledger: Ledger) -> str:
        """The decided name, else the curated one, else the spelling that most papers use."""
        return ledger.name_of(entity) or min((self.names or self.surfaces).items(), key=_rank)[0]

    def type(self, entity: str, ledger: Ledger) -> EntityType:
        """The decided type, else the one that most papers give."""
        return ledger.type_of(entity) or self.ordered_types()[0][0]

    def ordered_types(self) -> tuple[tuple[EntityType, int], ...]:
        """Votes per type, most first, ties in the ontology's order."""
        if len(self.types) == 1:
            ordered = list(self.types.items())
        else:
            ordered = sorted(self.types.items(), key=lambda v: (-v[1], _TYPE_ORDER[v[0]]))
        return tuple((EntityType(name), papers) for name, papers in ordered)

    def row(self, entity: str, ledger: Ledger) -> EntityRow:
        """The entity of which these are the votes."""
        aliases = sorted(self.surfaces.items(), key=_rank)
        return EntityRow(
            id=entity,
            name=self.name(entity, ledger),
            type=self.type(entity, ledger),
            aliases=tuple(Alias(surface, papers) for surface, papers in aliases),
            papers=self.papers,
            types=self.ordered_types(),
        )


def _rank(vote: tuple[str, int]) -> tuple[int, str]:
    return -vote[1], vote[0]


def _add(mine: dict[str, int], more: dict[str, int]) -> None:
    for choice, papers in more.items():
        total = mine.get(choice, 0) + papers
        if total:
            mine[choice] = total
        else:
            mine.pop(choice, None)


def tally(
    votes: dict[str, Votes],
    claims: Iterable[Claim],
    entity_of: Callable[[str], str],
    sign: int = 1,
) -> None:
    """Add the votes of one paper.

    Args:
        votes: votes per entity, changed in place.
        claims: all claims of the paper.
        entity_of: entity of a key in this paper.
        sign: 1 for a paper that comes, -1 for one that goes.
    """
    said: dict[str, list[Claim]] = {}
    for claim in claims:
        said.setdefault(entity_of(claim.key), []).append(claim)
    for entity, about in said.items():
        vote = votes.get(entity)
        if vote is None:
            vote = votes[entity] = Votes()
        vote.papers += sign
        surfaces, types, names = _ballot(entity, about)
        for surface in surfaces:
            vote.surfaces[surface] = vote.surfaces.get(surface, 0) + sign
        for entity_type in types:
            vote.types[entity_type] = vote.types.get(entity_type, 0) + sign
        for name in names:
            vote.names[name] = vote.names.get(name, 0) + sign


def _ballot(entity: str, claims: Sequence[Claim]) -> tuple[Iterable[str], ...]:
    """Spellings, types and curated names in a paper's claims on one entity, each once."""
    claim = claims[0]
    if len(claims) == 1 and len(claim.mentions) == 1 and claim.mentions[0][2] == claim.surface:
        named = claim.name if claim.key == entity else None  # most are so
        return (claim.surface,), (claim.type,), (named,) if named else ()
    return (
        {claim.surface for claim in claims} | {m[2] for claim in claims for m in claim.mentions},
        {claim.type for claim in claims},
        {claim.name for claim in claims if claim.name and claim.key == entity},
    )
