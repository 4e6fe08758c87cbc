"""Where the stores under test are kept: one class a kind."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import neo4j

from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.corruption import in_neo4j, in_sqlite


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

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        """An empty store; stores opened here before may be gone."""
        raise NotImplementedError

    def open(self, timeout: float = 30.0) -> GraphStore:
        """The store of the last ``fresh``, opened once more."""
        store = open_store(self.url, timeout=timeout)
        self._open.append(store)
        return store

    def corruptions(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        """Single changes behind the store's back, by name; each is undone on leaving."""
        raise NotImplementedError

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()


class Memory(Place):
    url = "sqlite:///:memory:"
    examples = 60
    lasting = False

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        self.close()
        return self.open(timeout)


class File(Place):
    examples = 15

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._number = 0

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        self.close()
        self._number += 1
        self.url = f"sqlite:///{self._folder / f'{self._number}.db'}"
        return self.open(timeout)

    def corruptions(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        return in_sqlite(self._folder / f"{self._number}.db")


class Server(Place):
    examples = 4

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def fresh(self, timeout: float = 30.0) -> GraphStore:
        self.close()
        with self.driver() as driver:
            driver.execute_query("MATCH (n) WHERE NOT n:Papergraph DETACH DELETE n")
            driver.execute_query("MATCH (n:Papergraph) SET n.version = 0")
        return self.open(timeout)

    def corruptions(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        return in_neo4j(self.driver)

    def driver(self) -> neo4j.Driver:
        """The bare driver."""
        parts = urlsplit(self.url)
        return neo4j.GraphDatabase.driver(
            f"{parts.scheme}://{parts.hostname}:{parts.port}",
            auth=(parts.username or "", parts.password or ""),
            notifications_min_severity="OFF",
        )
