"""One suite, every store: ``place`` is where stores are opened, ``store`` an empty one there."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from graph.stores.base import GraphStore
from tests.conformance.neo4j_server import NoServer, server
from tests.conformance.places import File, Memory, Place, Server


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Neo4j server; its absence is a failure in CI, else the tests are skipped."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(server(tmp_path_factory.mktemp("neo4j")))
        except NoServer as e:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no Neo4j: {e}")
        yield url


@pytest.fixture(params=["memory", "file", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    made: Place
    if request.param == "neo4j":
        made = Server(request.getfixturevalue("neo4j_url"))
    else:
        made = Memory() if request.param == "memory" else File(tmp_path)
    yield made
    made.close()


@pytest.fixture
def lasting(place: Place) -> Place:
    """A place whose stores outlive the process."""
    if not place.lasting:
        pytest.skip("a store in memory ends with its process")
    return place


@pytest.fixture
def store(place: Place) -> GraphStore:
    return place.fresh()


@pytest.fixture
def property_test(place: Place) -> Callable[..., Callable[[Callable[..., None]], None]]:
    """Runs a property at once, as often as the store's speed allows."""

    def over(*args: object, **kwargs: object) -> Callable[[Callable[..., None]], None]:
        def run(holds: Callable[..., None]) -> None:
            checked = settings(
                max_examples=place.examples,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            checked(given(*args, **kwargs)(holds))()

        return run

    return over
