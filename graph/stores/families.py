"""Families of entities: which is a version or a variant of which, among those that are present.

An edge leads from an entity to the nearest wider member of its family that is present, so that a
question about a family is answered whatever is missing in between; what is loaded later takes its
place. Edges follow from the entities' ids (``resolution.families``) and the merges in force, never
from the order in which papers came. A thing merged into another leaves its place in the family to
that: the versions of ``a`` are versions of ``b`` once ``a`` is merged into ``b``. A split, a new
name or a new type moves nobody. See decision 5.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from graph.ledger import Ledger
from graph.resolution.families import (
    FamilyEdge,
    FamilyRelation,
    ancestors_of,
    parent_of,
    ranges_of_narrower,
)

__all__ = ["Families", "Family", "FamilyEdge", "FamilyRelation", "Range"]

Range = tuple[str, str]
"""Ids from the first, and before the second."""


@dataclass(frozen=True, slots=True)
class Family:
    """An entity among the members of its family that are present.

    Attributes:
        wider: edges to ever wider members, the first of them from the entity itself.
        narrower: the edge of every narrower member, by its id.
    """

    wider: tuple[FamilyEdge, ...] = ()
    narrower: tuple[FamilyEdge, ...] = ()


class Families:
    """Families under the merges in force.

    Args:
        ledger: of the decisions.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        # Per key that was merged away: what it became, and what that is narrower than.
        self._lines = {
            key: (entity, *(edge.parent for edge in ancestors_of(entity)))
            for key, entity in ledger.merged.items()
        }

    def wider(self, entity: str) -> tuple[FamilyEdge, ...]:
        """Edges from an entity to all wider members of its family, nearest first, present or not.

        A version of a version is a version; what has a variant on the way is a variant.
        """
        edges: list[FamilyEdge] = []
        relation = FamilyRelation.VERSION_OF
        path = [entity]
        while step := self._step(path[-1]):
            if step.parent in path:  # something was merged into a narrower member of its family
                last = min(path[path.index(step.parent) :])
                return tuple(edges[: path.index(last)])
            if step.relation is FamilyRelation.VARIANT_OF:
                relation = FamilyRelation.VARIANT_OF
            edges.append(FamilyEdge(entity, relation, step.parent))
            path.append(step.parent)
        return tuple(edges)

    def _step(self, entity: str) -> FamilyEdge | None:
        """The edge to the next wider member; what was merged into the entity itself is skipped."""
        relation, key = FamilyRelation.VERSION_OF, entity
        while step := parent_of(key):
            if step.relation is FamilyRelation.VARIANT_OF:
                relation = FamilyRelation.VARIANT_OF
            parent = self._ledger.current(step.parent)
            if parent != entity:
                return FamilyEdge(entity, relation, parent)
            key = step.parent
        return None

    def nearest(self, entity: str, present: Collection[str]) -> FamilyEdge | None:
        """The edge from an entity to the nearest wider member that is present, if one is."""
        return next((edge for edge in self.wider(entity) if edge.parent in present), None)

    def edges(
        self, entities: Iterable[str], present: Callable[[list[str]], Collection[str]]
    ) -> dict[str, FamilyEdge]:
        """The edge of each of some entities that has one.

        Args:
            entities: ids of entities that are present.
            present: those of some ids that are present.
        """
        lines = {entity: line for entity in entities if (line := self.wider(entity))}
        there = present(sorted({edge.parent for line in lines.values() for edge in line}))
        return {
            entity: edge for entity in lines if (edge := self.nearest(entity, there)) is not None
        }

    def ranges(self, entities: Iterable[str]) -> Iterator[Range]:
        """Where the ids of all narrower members of some entities lie, present or not.

        Not every id that lies there is a member.
        """
        keys = more = set(entities)
        while more:  # what was merged into a member may have narrower members of its own name
            more = {
                key
                for key, line in self._lines.items()
                if key not in keys and not keys.isdisjoint(line)
            }
            keys = keys | more
        for key in sorted(keys):
            yield from ranges_of_narrower(key)

    def of(
        self,
        entity: str,
        present: Callable[[list[str]], Collection[str]],
        within: Callable[[Iterable[Range]], Iterable[str]],
    ) -> Family:
        """The family of an entity, as if it were present where it is not.

        Args:
            entity: its id.
            present: those of some ids that are present.
            within: ids present in some ranges.
        """
        there = present([edge.parent for edge in self.wider(entity)])
        wider, child = [], entity
        while edge := self.nearest(child, there):
            wider.append(edge)
            child = edge.parent
        narrower = {
            id
            for id in within(self.ranges([entity]))
            if id != entity and any(edge.parent == entity for edge in self.wider(id))
        }
        members = narrower | {entity}
        edges = (self.nearest(id, members) for id in sorted(narrower))
        return Family(tuple(wider), tuple(edge for edge in edges if edge is not None))


def moved(before: Ledger, after: Ledger) -> frozenset[str]:
    """Ids that stand for another entity after some decisions than they did before."""
    keys = before.merged.keys() | after.merged.keys()
    return frozenset(key for key in keys if before.current(key) != after.current(key))
