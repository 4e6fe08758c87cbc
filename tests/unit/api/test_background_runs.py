"""Runs behind the API: what cannot be done is said, and nothing waits without end."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.tokens import issue
from api.runs import jobs
from api.runs.jobs import Job
from api.runs.queue import LEASE, MOST_TRIES
from api.runs.worker import changed_by
from api.schedules.lease import Leases
from api.settings import Settings
from graph.model import RunSummary
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.stores.changes import ChangeKind
from graph.stores.tokens import Scope
from tests.conformance.samples import Said, paper


@pytest.fixture
def authorization(store: GraphStore) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(store, 'feeder', Scope.WRITE, datetime.now(UTC))}"}


@pytest.fixture
def busy(store: GraphStore) -> Iterator[None]:
    """While another server does a run, the runs of this one wait."""
    lease = Leases(store, "another", lambda: datetime.now(UTC)).take(LEASE)
    assert lease
    yield
    lease.release()


def sent(client: TestClient, authorization: dict[str, str], query: str) -> dict[str, Any]:
    answer = client.post("/graphql", json={"query": query}, headers=authorization)
    found: dict[str, Any] = answer.json()
    return found


INGEST = 'mutation {ingest(papers: [{title: "A study of studies"}]) {id}}'


def test_a_run_that_cannot_be_done_is_marked_with_a_word(
    sample: str, authorization: dict[str, str]
) -> None:
    settings = Settings(store=sample, pipeline="none-such")
    with open_store(sample) as store, TestClient(build_app(settings, store)) as client:
        run = sent(client, authorization, INGEST)["data"]["ingest"]["id"]
        for _ in range(600):
            ended = sent(client, authorization, f'{{run(id: "{run}") {{status failures}}}}')
            if ended["data"]["run"]["status"] == "failed":
                break
            time.sleep(0.1)
        assert "none-such" in ended["data"]["run"]["failures"][0]
        assert store.entries(jobs.KIND) == ()


def test_only_so_many_runs_wait(
    sample: str, authorization: dict[str, str], busy: None, store: GraphStore
) -> None:
    settings = Settings(store=sample, max_queued_runs=2)
    with open_store(sample) as served, TestClient(build_app(settings, served)) as client:
        for _ in range(2):
            assert "errors" not in sent(client, authorization, INGEST)
        refused = sent(client, authorization, INGEST)["errors"][0]
    assert refused["extensions"]["code"] == "QUEUE_FULL"
    assert [run.status for run in store.runs()] == ["queued", "queued"], "and kept, server or not"
    assert len(jobs.waiting(store)) == 2


def test_a_paper_that_kills_its_reader_does_not_do_so_for_ever(
    sample: str, authorization: dict[str, str]
) -> None:
    with open_store(sample) as store:
        store.record_run(RunSummary("deadly", "2026-01-01", status="running"))
        jobs.keep(store, Job("deadly", "api", ({"title": "T"},), "2026-01-01", tries=MOST_TRIES))
        with TestClient(build_app(Settings(store=sample), store)):
            for _ in range(100):
                run = store.run("deadly")
                if run and run.status == "failed":
                    break
                time.sleep(0.1)
            assert run
            assert "broke off" in run.failures[0]
            assert jobs.waiting(store) == []


def test_a_store_in_memory_takes_no_runs() -> None:
    with open_store("sqlite:///:memory:") as store:
        token = issue(store, "feeder", Scope.WRITE, datetime.now(UTC))
        with TestClient(build_app(Settings(store="sqlite:///:memory:"), store)) as client:
            refused = sent(client, {"Authorization": f"Bearer {token}"}, INGEST)["errors"][0]
    assert refused["extensions"]["code"] == "BAD_ARGUMENT"


def test_what_a_run_changed_before_it_was_cut_off() -> None:
    said = [Said("SD-Turbo", "sdturbo")]
    with open_store("sqlite:///:memory:") as store:
        store.load([paper("old", said)])
        store.load([paper("new", said, run="r"), paper("old", said, title="Other", run="r")])
        store.load([paper("new", said, title="Newer", run="r"), paper("theirs", said, run="s")])
        store.load([paper("gone", said, run="r")])
        store.remove(["gone"], "s")
        assert changed_by(store, "r") == {"new": ChangeKind.ADDED, "old": ChangeKind.UPDATED}


def test_a_run_that_has_ended_is_not_done_again(sample: str) -> None:
    with open_store(sample) as store:
        ended = RunSummary("r", "2026-01-01", "2026-01-02", papers=1, added=1, status="finished")
        store.record_run(ended)
        jobs.keep(store, Job("r", "api", ({"title": "T"},), "2026-01-01", tries=1))
        with TestClient(build_app(Settings(store=sample), store)):
            while jobs.waiting(store):
                time.sleep(0.05)
            assert store.run("r") == ended
