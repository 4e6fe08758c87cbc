"""What a name means in a graph: every entity that it may stand for, in any spelling."""

from graph.naming import fold
from graph.resolution import Resolver
from graph.stores.base import EntityRow, GraphStore

EXACT = "id:"
"""Prefix by which a caller says that it gives an entity's id, not a name."""


class Names:
    """Looks names up in one store."""

    def __init__(self, store: GraphStore, resolver: Resolver | None = None) -> None:
        self._store = store
        self._resolver = resolver or Resolver()

    def entities(self, name: str) -> tuple[EntityRow, ...]:
        """Entities that a name may mean, those in most papers first.

        A name counts in any spelling that a paper used, in any that resolution leads to an
        entity's identity, and as an entity's id. Written ``id:KEY`` it means that entity only.
        """
        if name.startswith(EXACT):
            key = name.removeprefix(EXACT)
            return tuple(self._store.entities_by_id([key]).values())
        rows = {row.id: row for row in self._store.entities_named(fold(name))}
        keys = (name, *self._resolver.keys_for_name(name))
        rows |= self._store.entities_by_id([key for key in keys if key not in rows])
        return tuple(sorted(rows.values(), key=lambda row: (-row.papers, row.id)))

    def ids(self, name: str) -> frozenset[str]:
        """Ids of ``entities(name)``; empty where nothing is known by that name."""
        return frozenset(row.id for row in self.entities(name))
