"""Persisted queries, and answers that are not sent twice."""

import json
from typing import Any

from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.errors import StoreBusy
from graph.identifiers import sha256
from graph.stores.base import GraphStore

QUERY = "query ($n: Int) { papers(first: $n) { totalCount edges { node { id title } } } }"


def get(client: TestClient, n: int = 3, tag: str = "", query: str = QUERY) -> Any:
    headers = {"If-None-Match": tag} if tag else {}
    parameters = {"query": query, "variables": json.dumps({"n": n})}
    return client.get("/graphql", params=parameters, headers=headers)


def test_an_answer_is_sent_again_only_when_the_graph_has_changed(
    client: TestClient, store: GraphStore
) -> None:
    first = get(client)
    tag = first.headers["etag"]
    assert first.json()["data"]["papers"]["edges"]
    assert "no-cache" in first.headers["cache-control"]

    again = get(client, tag=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(client, tag=f'"other", {tag}').status_code == 304
    assert get(client, n=4, tag=tag).status_code == 200

    store.remove([first.json()["data"]["papers"]["edges"][0]["node"]["id"]])
    changed = get(client, tag=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert changed.json()["data"]["papers"]["totalCount"] == 47


def test_a_kept_answer_is_that_of_the_graph_as_it_is(client: TestClient, store: GraphStore) -> None:
    def total() -> int:
        answer = client.post("/graphql", json={"query": QUERY, "variables": {"n": 1}})
        assert "etag" not in answer.headers  # a condition on a POST would mean something else
        return int(answer.json()["data"]["papers"]["totalCount"])

    assert total() == total() == 48
    store.remove(["demo-001"])
    assert total() == total() == 47


def test_answers_of_graphql_core_carry_no_tag(client: TestClient) -> None:
    answer = get(client, query="{ stats { papers } }")
    assert answer.json() == {"data": {"stats": {"papers": 48}}}
    assert "etag" not in answer.headers


def test_nothing_is_kept_where_nothing_may_be(store: GraphStore) -> None:
    with TestClient(build_app(Settings(answer_cache=0), store)) as client:
        assert get(client).json() == get(client).json()


def persisted(query: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(query)}}


def test_a_query_is_sent_once_and_then_by_its_hash(client: TestClient) -> None:
    asked = {"extensions": persisted(QUERY), "variables": {"n": 2}}
    unknown = client.post("/graphql", json=asked).json()
    assert unknown["errors"][0]["message"] == "PersistedQueryNotFound"
    assert unknown["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"

    sent = client.post("/graphql", json=asked | {"query": QUERY}).json()
    assert len(sent["data"]["papers"]["edges"]) == 2
    assert client.post("/graphql", json=asked).json() == sent
    in_url = {name: json.dumps(value) for name, value in asked.items()}
    assert client.get("/graphql", params=in_url).json() == sent


def test_persisted_queries_of_graphql_core(client: TestClient) -> None:
    query = "{ stats { papers } }"
    client.post("/graphql", json={"query": query, "extensions": persisted(query)})
    again = client.post("/graphql", json={"extensions": persisted(query)})
    assert again.json() == {"data": {"stats": {"papers": 48}}}


def test_a_wrong_hash_and_an_invalid_query_are_not_kept(client: TestClient) -> None:
    wrong = client.post("/graphql", json={"query": QUERY, "extensions": persisted("{ x }")})
    assert wrong.json()["errors"][0]["extensions"]["code"] == "BAD_ARGUMENT"
    for extension in ({"version": 2}, {"version": 1, "sha256Hash": 7}):
        refused = client.post("/graphql", json={"extensions": {"persistedQuery": extension}})
        assert refused.json()["errors"][0]["extensions"]["code"] == "BAD_ARGUMENT"
    invalid = {"query": "{ nothing }", "extensions": persisted("{ nothing }")}
    assert "errors" in client.post("/graphql", json=invalid).json()
    del invalid["query"]
    unknown = client.post("/graphql", json=invalid).json()
    assert unknown["errors"][0]["message"] == "PersistedQueryNotFound"


def test_a_cancelled_question_is_not_asked_again(store: GraphStore) -> None:
    def cancelled(_: Any) -> Any:
        raise StoreBusy("the query took longer than 10 s and was cancelled", "ask for less")

    store.read = cancelled  # type: ignore[method-assign]
    with TestClient(build_app(Settings(), store)) as client:
        answer = client.post("/graphql", json={"query": QUERY}).json()
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "STORE_BUSY", "remedy": "ask for less"}
