"""A real SQLite store that holds the annotated sample, and ways to ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.cli.run import run
from api.settings import Settings
from graph.stores import open_store
from graph.stores.base import GraphStore

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def store(sample: str) -> Iterator[GraphStore]:
    with open_store(sample) as opened:
        yield opened


@pytest.fixture
def client(store: GraphStore) -> Iterator[TestClient]:
    with TestClient(build_app(Settings(), store)) as opened:
        yield opened


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """Asks GraphQL and gives the whole answer, errors and all."""

    def ask(query: str, **variables: Any) -> dict[str, Any]:
        response = client.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    return ask


@pytest.fixture
def papergraph(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command line in this process: exit status, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    for variable in ("PAPERGRAPH_STORE", "PAPERGRAPH_PIPELINE", "PAPERGRAPH_DEBUG", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def papergraph(*arguments: str) -> tuple[int, str, str]:
        status = run(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return papergraph
