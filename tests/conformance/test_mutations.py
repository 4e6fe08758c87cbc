"""Changes over GraphQL: the same on every store, by writers only, errors say what to do."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.tokens import issue
from api.settings import Settings
from graph.stores.base import GraphStore, PaperCondition
from graph.stores.tokens import Scope
from tests.conformance.places import Place, Server
from tests.conformance.samples import Said, exported, ids, paper

Ask = Callable[..., dict[str, Any]]

TURBO = Said("SD-Turbo", "sdturbo")
TURBO_TOO = Said("SDT", "sdt")


@pytest.fixture
def kept(lasting: Place) -> GraphStore:
    store = lasting.fresh()
    store.load([paper("p1", [TURBO]), paper("p2", [TURBO, TURBO_TOO]), paper("p3", [TURBO_TOO])])
    return store


@pytest.fixture
def ask(lasting: Place, kept: GraphStore) -> Iterator[Ask]:
    """Asks with a token of a scope, or with none."""
    now = datetime.now(UTC)
    tokens = {
        "write": issue(kept, "curator", Scope.WRITE, now),
        "read": issue(kept, "guest", Scope.READ, now),
    }
    with TestClient(build_app(Settings(store=lasting.url), lasting.open())) as client:

        def ask(query: str, scope: str = "write", **variables: Any) -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {tokens[scope]}"} if scope else {}
            body = {"query": query, "variables": variables}
            response = client.post("/graphql", json=body, headers=headers)
            assert response.status_code == 200, response.text
            answer: dict[str, Any] = response.json()
            return answer

        yield ask


def extensions(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer["errors"][0]["extensions"]
    return found


def test_removal_leaves_no_trace(ask: Ask, kept: GraphStore) -> None:
    answer = ask('mutation {remove(papers: ["p2", "gone", "p2"]) {removed missing}}')
    assert answer == {"data": {"remove": {"removed": ["p2"], "missing": ["gone"]}}}
    assert ids(kept, PaperCondition()) == ["p1", "p3"]
    assert ask("{runs {source withdrawn status}}")["data"]["runs"] == [
        {"source": "remove", "withdrawn": 1, "status": "finished"}
    ]


def test_merge_split_and_undo(ask: Ask, kept: GraphStore) -> None:
    before = exported(kept)
    decision = "{id action subject object papers who why inForce}"
    merge = f'mutation {{merge(entity: "SDT", into: "sd turbo", why: " one thing ") {decision}}}'
    merged = ask(merge)["data"]["merge"]
    assert merged | {"id": ""} == {
        "id": "",
        "action": "MERGE",
        "subject": "sdt",
        "object": "sdturbo",
        "papers": [],
        "who": "curator",
        "why": "one thing",
        "inForce": True,
    }
    assert ask('{entity(name: "SDT") {id paperCount}}')["data"]["entity"] == {
        "id": "sdturbo",
        "paperCount": 3,
    }
    split = (
        'mutation {split(entity: "id:sdturbo", newId: "other", papers: ["p1"], why: "two things")'
        " {action subject object papers}}"
    )
    assert ask(split)["data"]["split"] == {
        "action": "SPLIT",
        "subject": "sdturbo",
        "object": "other",
        "papers": ["p1"],
    }
    assert ask('{entity(id: "other") {paperCount}}')["data"]["entity"] == {"paperCount": 1}
    for taken in reversed(kept.decisions()):
        undone = ask('mutation ($d: ID!) {undo(decision: $d, why: "no") {action}}', d=taken.id)
        assert undone["data"]["undo"]["action"] == "UNDO"
    decisions_apart = [line for line in exported(kept).splitlines() if b'"decision"' not in line]
    assert decisions_apart == before.splitlines()


EVERY_CHANGE = {
    "ingest": 'ingest(papers: [{title: "T"}]) {id}',
    "remove": 'remove(papers: ["p1"]) {removed}',
    "merge": 'merge(entity: "SDT", into: "SD-Turbo", why: "w") {id}',
    "split": 'split(entity: "SDT", newId: "n", papers: ["p3"], why: "w") {id}',
    "undo": 'undo(decision: "d", why: "w") {id}',
    "addSchedule": 'addSchedule(name: "n", source: "hf-daily:", cron: "0 6 * * *") {name}',
    "removeSchedule": 'removeSchedule(name: "n")',
    "runSchedule": 'runSchedule(name: "n") {name}',
    "saveFilter": 'saveFilter(name: "n", filter: {}) {name}',
    "dropFilter": 'dropFilter(name: "n")',
}


def test_only_writers_change_anything(ask: Ask, kept: GraphStore) -> None:
    named = ask('{__type(name: "Mutation") {fields {name}}}')["data"]["__type"]["fields"]
    assert {field["name"] for field in named} == set(EVERY_CHANGE)
    before = exported(kept)
    for name, change in EVERY_CHANGE.items():
        anonymous, reader = ask(f"mutation {{{change}}}", ""), ask(f"mutation {{{change}}}", "read")
        assert extensions(anonymous)["code"] == "UNAUTHENTICATED", name
        assert extensions(reader)["code"] == "FORBIDDEN", name
        assert extensions(reader)["field"] == name
        assert "write" in extensions(reader)["remedy"]
    assert exported(kept) == before
    assert kept.runs() == ()
    assert kept.entries("ingest") == kept.entries("schedule") == ()


WRONG: tuple[tuple[str, str | None, str | None], ...] = (
    ('merge(entity: "no such", into: "SDT", why: "w") {id}', None, "entity"),
    ('merge(entity: "SDT", into: "no such", why: "w") {id}', None, "into"),
    ('merge(entity: "SDT", into: "id:sdt", why: "w") {id}', "IDENTITY_CONFLICT", "into"),
    ('merge(entity: "SDT", into: "SD-Turbo", why: " ") {id}', "BAD_ARGUMENT", "why"),
    ('split(entity: "SDT", newId: "n", papers: ["p1"], why: "w") {id}', None, "papers"),
    ('split(entity: "SDT", newId: "n", papers: [], why: "w") {id}', "BAD_ARGUMENT", "papers"),
    ('split(entity: "SDT", newId: "", papers: ["p3"], why: "w") {id}', None, "papers"),
    ('undo(decision: "none", why: "w") {id}', "IDENTITY_CONFLICT", "decision"),
    ("remove(papers: []) {removed}", "BAD_ARGUMENT", "papers"),
    ("ingest(papers: []) {id}", "BAD_ARGUMENT", "papers"),
    ('ingest(papers: [{title: "T"}], source: "") {id}', "BAD_ARGUMENT", "source"),
    ('removeSchedule(name: "none")', "BAD_ARGUMENT", "name"),
    ('runSchedule(name: "none") {name}', "BAD_ARGUMENT", "name"),
    ('addSchedule(name: "n", source: "/etc/passwd", cron: "* * * * *") {name}', None, "source"),
    ('addSchedule(name: "n", source: "hf-daily:", cron: "soon") {name}', "BAD_ARGUMENT", None),
    ('saveFilter(name: "", filter: {}) {name}', "BAD_ARGUMENT", "name"),
    ('saveFilter(name: "n", filter: {minConfidence: 2}) {name}', "BAD_ARGUMENT", None),
    ('dropFilter(name: "none")', "BAD_ARGUMENT", "name"),
)
"""What is asked, the code of its error and the argument to blame, where they matter."""


def test_errors_name_the_argument_and_what_to_do(ask: Ask, kept: GraphStore) -> None:
    before = exported(kept)
    for change, code, argument in WRONG:
        found = extensions(ask(f"mutation {{{change}}}"))
        assert found["code"] == code or (code is None and found["code"] != "INTERNAL"), change
        assert found["field"] == change.split("(")[0]
        assert found["remedy"], change
        assert argument is None or found["argument"] == argument, change
    assert exported(kept) == before
    assert kept.runs() == ()


def test_filters_are_kept_by_name(ask: Ask) -> None:
    save = """mutation ($f: ClaimFilter!) {saveFilter(name: "mine", filter: $f)
        {name entities roles types minConfidence publishedAfter source who}}"""
    wanted = {
        "entities": ["sd turbo"],
        "roles": ["USES"],
        "types": ["MODEL"],
        "minConfidence": 0.5,
        "publishedAfter": "2024-01-01",
        "source": "test",
    }
    saved = {"name": "mine", "who": "curator", **wanted}
    assert ask(save, f=wanted)["data"]["saveFilter"] == saved
    listed = ask("{savedFilters {name entities roles types}}", "read")["data"]["savedFilters"]
    assert listed == [{n: saved[n] for n in ("name", "entities", "roles", "types")}]
    assert ask('mutation {dropFilter(name: "mine")}')["data"] == {"dropFilter": "mine"}
    assert ask("{savedFilters {name}}")["data"] == {"savedFilters": []}


def test_schedules_are_added_run_and_removed(ask: Ask) -> None:
    add = """mutation {addSchedule(name: "daily", source: "hf-daily:", cron: "0 6 * * *",
        timezone: "Europe/Berlin", overlapDays: 3) {name source cron timezone state lastRun}}"""
    daily = {
        "name": "daily",
        "source": "hf-daily:",
        "cron": "0 6 * * *",
        "timezone": "Europe/Berlin",
        "state": "new",
        "lastRun": None,
    }
    assert ask(add)["data"]["addSchedule"] == daily
    assert "daily" in ask(add)["errors"][0]["message"], "there is one"
    listed = ask("{schedules {name source cron timezone state lastRun}}")["data"]["schedules"]
    assert listed == [daily]
    assert extensions(ask("{schedules {name}}", "read"))["code"] == "FORBIDDEN"
    due = ask('mutation {runSchedule(name: "daily") {nextAt}}')["data"]["runSchedule"]["nextAt"]
    assert datetime.fromisoformat(due) <= datetime.now(UTC)
    assert ask('mutation {removeSchedule(name: "daily")}')["data"] == {"removeSchedule": "daily"}
    assert ask("{schedules {name}}")["data"] == {"schedules": []}


def test_papers_sent_are_read(place: Place, request: pytest.FixtureRequest) -> None:
    if not isinstance(place, Server):
        pytest.skip("on a file it is done by a real server, which is killed (tests/e2e)")
    ask, kept = request.getfixturevalue("ask"), request.getfixturevalue("kept")
    papers = [{"id": "n1", "title": "Faster", "abstract": "We fine-tune SD-Turbo on LAION-5B."}]
    papers += [{"title": " "}]
    query = "mutation ($papers: [PaperInput!]!) {ingest(papers: $papers) {id status}}"
    run = ask(query, papers=papers)["data"]["ingest"]
    assert run["status"] == "queued"
    counts = "{status papers added updated unchanged failed claims finishedAt}"
    for _ in range(600):
        seen = ask(f"query ($id: ID!) {{run(id: $id) {counts}}}", id=run["id"])["data"]["run"]
        if seen["finishedAt"]:
            break
        time.sleep(0.1)
    assert seen["status"] == "finished"
    assert (seen["papers"], seen["added"], seen["failed"]) == (2, 1, 1)
    assert seen["claims"] == len(kept.claims_of_papers(["n1"])["n1"]) > 0
    while kept.entries("ingest"):  # dropped once its reader has ended
        time.sleep(0.1)
