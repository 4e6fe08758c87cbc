"""What a name means in a graph: every entity that it may stand for, in any spelling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from graph.errors import IdentityError, UnknownName
from graph.ledger import Ledger
from graph.model import Decision
from graph.naming import fold
from graph.resolution import Resolver
from graph.stores.base import EntityRow, GraphStore
from graph.stores.families import Family

EXACT = "id:"
"""Prefix by which a caller says that it gives an entity's id, not a name."""
SHOWN = 100
"""Characters of an unknown name that its error repeats."""


class Source(Protocol):
    """Where names are looked up: a store, or one state of it."""

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


class Names:
    """Looks names up in one store."""

    def __init__(self, store: GraphStore, resolver: Resolver | None = None) -> None:
        self._store = store
        self._resolver = resolver or Resolver()

    def entities(self, name: str, state: Source | None = None) -> tuple[EntityRow, ...]:
        """Entities that a name may mean, those in most papers first.

        A name counts in any spelling that a paper used, in any that resolution leads to an
        entity's identity, and as an entity's id. Written ``id:KEY`` it means that entity only.

        Args:
            name: the name.
            state: the state of the store to look in; the present one where none is given.
        """
        source = state or self._store
        if name.startswith(EXACT):
            key = name.removeprefix(EXACT)
            return tuple(source.entities_by_id([key]).values())
        rows = {row.id: row for row in source.entities_named(fold(name))}
        keys = {name, *self._resolver.keys_for_name(name)} - rows.keys()
        rows |= source.entities_by_id(sorted(keys))
        if decided := keys - rows.keys():
            ledger = Ledger(source.decisions())
            rows |= source.entities_by_id(sorted({ledger.entity_of(key) for key in decided}))
        return _most_papers_first(rows.values())

    def with_variants(self, name: str, state: Source | None = None) -> tuple[EntityRow, ...]:
        """``entities``, and all that are versions or variants of what the name may mean.

        Their family counts where no paper speaks of the family itself.
        """
        source = state or self._store
        rows = {row.id: row for row in self.entities(name, source)}
        keys = set(rows)
        if name.startswith(EXACT):
            keys.add(name.removeprefix(EXACT))
        else:
            ledger = Ledger(source.decisions())
            keys |= {ledger.entity_of(key) for key in self._resolver.keys_for_name(name)}
        families = source.families(sorted(keys)).values()
        narrower = {edge.child for family in families for edge in family.narrower}
        rows |= source.entities_by_id(sorted(narrower - rows.keys()))
        return _most_papers_first(rows.values())

    def one(self, name: str) -> EntityRow:
        """The entity that a name means.

        Raises:
            UnknownName: nothing is known by that name.
            IdentityError: several things are.
        """
        found = self.entities(name)
        if not found:
            near = self._store.search_entities(name, frozenset(), 3)
            hint = ", ".join(f"{EXACT}{row.id}" for row in near)
            raise unknown(name, f"did you mean {hint}?" if near else "check the spelling")
        if len(found) > 1:
            choices = ", ".join(f"{EXACT}{row.id} ({row.papers} papers)" for row in found)
            raise IdentityError(
                f"{name!r} means {len(found)} things in the graph", f"choose one of {choices}"
            )
        return found[0]

    def meant(self, name: str, state: Source) -> tuple[EntityRow, ...]:
        """Entities that a name may mean in a state of the store, at least one.

        Raises:
            UnknownName: nothing is known by that name.
        """
        found = self.entities(name, state)
        if not found:
            raise unknown(name, "search finds names like it")
        return found

    def ids(self, name: str, variants: bool = False) -> frozenset[str]:
        """Ids of ``entities(name)``; empty where nothing is known by that name.

        Args:
            name: the name.
            variants: whether versions and variants count (``with_variants``).
        """
        found = self.with_variants(name) if variants else self.entities(name)
        return frozenset(row.id for row in found)


def _most_papers_first(rows: Iterable[EntityRow]) -> tuple[EntityRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.papers, row.id)))


def unknown(name: str, remedy: str) -> UnknownName:
    """The error for a name that means nothing."""
    return UnknownName(f"nothing in the graph is called {name[:SHOWN]!r}", remedy)
