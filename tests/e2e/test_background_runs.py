"""Papers sent to a real server are read in a run that outlives it."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.auth.tokens import issue
from graph.stores import open_store
from graph.stores.tokens import Scope
from graph.verify import verify
from tests.e2e.conftest import serving
from tests.golden.annotated import SAMPLE, records

RUN = "status papers added updated unchanged failed claims expected failures finishedAt"
INGEST = f"mutation ($papers: [PaperInput!]!) {{ingest(papers: $papers) {{id {RUN}}}}}"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'graph.db'}"


@pytest.fixture
def token(store: str) -> str:
    with open_store(store) as opened:
        return issue(opened, "feeder", Scope.WRITE, datetime.now(UTC))


def asker(address: str, token: str) -> Callable[..., dict[str, Any]]:
    def ask(query: str, **variables: Any) -> dict[str, Any]:
        answer = httpx.post(
            f"{address}/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    return ask


def until(
    ask: Callable[..., dict[str, Any]], run: str, reached: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    for _ in range(600):
        now: dict[str, Any] = ask(f"query ($id: ID!) {{run(id: $id) {{{RUN}}}}}", id=run)["run"]
        if reached(now):
            return now
        time.sleep(0.2)
    raise AssertionError(now)


def test_a_run_goes_on_after_its_server_was_killed(store: str, token: str) -> None:
    papers = [{n: r[n] for n in ("id", "title", "abstract")} for r in records(SAMPLE)][:45]
    papers.insert(30, {"id": "blank", "title": "", "abstract": ""})
    with serving(store) as (server, address):
        ask = asker(address, token)
        begun = ask(INGEST, papers=papers)["ingest"]
        assert (begun["status"], begun["expected"], begun["papers"]) == ("queued", 46, 0)
        until(ask, begun["id"], lambda run: run["added"] > 0)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    with open_store(store) as opened:
        assert 0 < opened.counts().papers < 45
    with serving(store) as (_, address):
        ask = asker(address, token)
        ended = until(ask, begun["id"], lambda run: run["finishedAt"] and run["papers"] == 46)
        claims = ask("{stats {papers claims}}")["stats"]
    assert ended["status"] == "finished"
    assert (ended["added"], ended["updated"], ended["unchanged"]) == (45, 0, 0)
    assert ended["failed"] == 1
    assert "paper 31: it has no title and no abstract" in ended["failures"][0]
    assert claims == {"papers": 45, "claims": ended["claims"]}
    with open_store(store) as opened:
        assert opened.entries("ingest") == ()
        assert list(verify(opened)) == []
