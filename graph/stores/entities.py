"""Entities as the claims make them: votes of papers for spellings, types and curated names.

A store keeps the votes and adds or takes away those of the papers that come and go, so that a
load costs what it loads and the outcome is the same as counting anew (which ``verify`` does).
"""

from collections import Counter
from collections.abc import Callable, Iterable
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
    surfaces: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Votes") -> None:
        """Add votes, which may be negative; what comes to nothing is gone."""
        self.papers += other.papers
        for mine, more in (
            (self.surfaces, other.surfaces),
            (self.types, other.types),
            (self.names, other.names),
        ):
            for choice, papers in more.items():
                mine[choice] += papers
                if not mine[choice]:
                    del mine[choice]

    def row(self, entity: str, ledger: Ledger) -> EntityRow:
        """The entity of which these are the votes."""
        aliases = sorted(self.surfaces.items(), key=lambda vote: (-vote[1], vote[0]))
        types = sorted(self.types.items(), key=lambda vote: (-vote[1], _TYPE_ORDER[vote[0]]))
        names = sorted(self.names.items(), key=lambda vote: (-vote[1], vote[0])) or aliases
        return EntityRow(
            id=entity,
            name=ledger.name_of(entity) or names[0][0],
            type=ledger.type_of(entity) or EntityType(types[0][0]),
            aliases=tuple(Alias(surface, papers) for surface, papers in aliases),
            papers=self.papers,
            types=tuple((EntityType(name), papers) for name, papers in types),
        )


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
    said: dict[str, set[tuple[int, str]]] = {}
    for claim in claims:
        entity = entity_of(claim.key)
        says = said.setdefault(entity, set())
        says.add((0, claim.surface))
        says.update((0, text) for _, _, text in claim.mentions)
        says.add((1, claim.type))
        if claim.name and claim.key == entity:
            says.add((2, claim.name))
    for entity, says in said.items():
        vote = votes.get(entity)
        if vote is None:
            vote = votes[entity] = Votes()
        vote.papers += sign
        ballots = vote.surfaces, vote.types, vote.names
        for ballot, choice in says:
            ballots[ballot][choice] += sign
