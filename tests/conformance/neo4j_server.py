"""A Neo4j server for the tests: the one given, else a container, else its jars on Java.

``PAPERGRAPH_TEST_NEO4J`` names a server with a database that may be wiped. Without it, an image is
started where a container engine runs; where none does, its jars run on Java (``neo4j_jars``).
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreError
from graph.stores import open_store
from tests.conformance import neo4j_jars
from tests.conformance.neo4j_jars import PASSWORD, READY_S, SETTINGS, VERSION, NoServer

_IMAGE = f"neo4j:{VERSION}-community"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """URL of a running server.

    Raises:
        NoServer: none is given and none can be started.
    """
    if given := os.environ.get("PAPERGRAPH_TEST_NEO4J"):
        yield given
    elif _succeeds("docker", "info"):
        with _container() as url:
            yield url
    elif neo4j_jars.available():
        with neo4j_jars.JavaServer(folder) as running:
            yield running.url
    else:
        raise NoServer(
            "set PAPERGRAPH_TEST_NEO4J, or provide a container engine, or Java 17 with Maven"
        )


@contextmanager
def _container() -> Iterator[str]:
    bolt = neo4j_jars.free_port()
    settings = [
        argument
        for name, value in SETTINGS.items()
        for argument in ("-e", f"NEO4J_{name.replace('_', '__').replace('.', '_')}={value}")
    ]
    started = subprocess.run(
        [
            *("docker", "run", "--rm", "-d", "-p", f"127.0.0.1:{bolt}:7687"),
            *("-e", f"NEO4J_AUTH=neo4j/{PASSWORD}", *settings, _IMAGE),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    try:
        url = neo4j_jars.url(bolt)
        _wait(url)
        yield url
    finally:
        subprocess.run(["docker", "rm", "-f", started.stdout.strip()], capture_output=True)


def _wait(url: str) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            open_store(url).close()
        except StoreError as e:
            if time.monotonic() > deadline:
                raise NoServer(f"Neo4j did not start: {e}") from e
            time.sleep(0.5)
        else:
            return


def _succeeds(*command: str) -> bool:
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True).returncode == 0
