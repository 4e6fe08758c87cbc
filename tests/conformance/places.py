"""Where the stores under test are kept: one class a kind."""

from pathlib import Path

from graph.stores import open_store
from graph.stores.base import GraphStore


class Place:
    """Where a store of one kind is kept.

    Attributes:
        url: of the store; a new one for every ``fresh`` where that is possible.
        examples: how many examples a property test can afford here.
        lasting: whether what was written is there when the store is opened again.
    """

    url: str
    examples: int
    lasting = True

    def __init__(self) -> None:
        self._open: list[GraphStore] = []

    def fresh(self) -> GraphStore:
        """An empty store; stores opened here before may be gone."""
        raise NotImplementedError

    def open(self, timeout: float = 30.0) -> GraphStore:
        """The store of the last ``fresh``, opened once more."""
        store = open_store(self.url, timeout=timeout)
        self._open.append(store)
        return store

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()


class Memory(Place):
    url = "sqlite:///:memory:"
    examples = 60
    lasting = False

    def fresh(self) -> GraphStore:
        self.close()
        return self.open()


class File(Place):
    examples = 15

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._number = 0

    def fresh(self) -> GraphStore:
        self.close()
        self._number += 1
        self.url = f"sqlite:///{self._folder / f'{self._number}.db'}"
        return self.open()
