"""Real processes: the command as users run it, the server as they start it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "api")


def environment(**more: str) -> dict[str, str]:
    # A pipeline chosen outside would change what the tests read; nothing else matters to them.
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PAPERGRAPH_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


@pytest.fixture
def papergraph(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in a folder of its own."""

    def papergraph(
        *arguments: str, stdin: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=environment(**more),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return papergraph


@contextmanager
def serving(store: str, *options: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over a store, and its address. Its stderr is read to its end afterwards."""
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--store", store, *options],
        env=environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    try:
        announced = server.stderr.readline()
        address = re.search(r"http://[^/ ]+", announced)
        assert address, announced + server.stderr.read()
        yield server, address[0]
    finally:
        server.terminate()
        server.wait(30)
        server.stderr.close()


@pytest.fixture
def server(sample: str) -> Iterator[str]:
    with serving(sample) as (_, address):
        yield address
