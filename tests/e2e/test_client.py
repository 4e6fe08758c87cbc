"""The Python client against a real server, and against the schema that it was made of."""

import asyncio

import pytest

from api.client import AsyncClient, Client, Refused, Unanswered
from api.client.generated import DOCUMENTS
from api.graphql.generate_client import OUTPUT, generated
from tests.e2e.conftest import serving

NAMES = {"uses": ["SD-Turbo"]}


def test_the_client_is_made_of_its_operations_and_the_schema() -> None:
    hint = "run python -m api.graphql.generate_client"
    assert OUTPUT.read_text("utf-8") == generated(), hint


def test_every_question_is_answered_with_its_evidence(server: str) -> None:
    with Client(f"{server}/graphql") as client:
        found = client.papers(filter=NAMES, role="USES")
        assert found["totalCount"] == len(found["edges"]) > 0
        node = found["edges"][0]["node"]
        claim = next(c for c in node["claims"] if c["entity"]["id"] == "sd-turbo")
        assert claim["surface"] in claim["evidence"]["text"]

        paper = client.paper(id=node["id"])
        assert paper
        text = f"{paper['title']}\n{paper['abstract']}"
        for said in (*paper["claims"], *paper["results"], *paper["relations"]):
            quote = said["evidence"]
            assert text[quote["start"] : quote["end"]] == quote["text"]

        entity = client.entity(name="sd turbo")
        assert entity
        assert entity["id"] == claim["entity"]["id"]
        users = client.entity_papers(name="sd turbo", role="USES", first=1)
        assert users
        assert users["papers"]["edges"][0]["claim"]["role"] == "USES"
        assert client.entities(filter={"types": ["MODEL"]}, first=3)["edges"]
        hit = client.search(query="sd turbo", first=1)["edges"][0]["node"]
        assert hit["kind"] == "Entity"
        assert client.neighborhood(id=node["id"])["claims"]
        ways = client.path(from_=node["id"], to=entity["id"], max_length=2)
        assert ways[0]["hops"][0]["evidence"]["text"]
        why = client.why(from_=node["id"], to=entity["id"])
        assert why
        assert why["claims"]
        assert client.trend(entity="SD-Turbo")
        assert client.stats()["papers"] > 0
        assert client.runs(first=1) == []
        assert client.run(id="nothing") is None


def test_awaiting_gives_what_waiting_gives(server: str) -> None:
    async def ask() -> object:
        async with AsyncClient(f"{server}/graphql") as client:
            return await asyncio.gather(
                client.papers(filter=NAMES, role="USES"), client.leaderboard(benchmark=name)
            )

    with Client(f"{server}/graphql") as client:
        name = client.entities(filter={"types": ["BENCHMARK"]}, first=1)["edges"][0]["node"]["name"]
        waited = [client.papers(filter=NAMES, role="USES"), client.leaderboard(benchmark=name)]
    assert asyncio.run(ask()) == waited


def test_refusals_are_typed_and_say_what_to_do(server: str) -> None:
    with Client(f"{server}/graphql") as client, pytest.raises(Refused) as refused:
        client.papers(first=-1)
    assert refused.value.problems[0].code
    assert refused.value.problems[0].field
    with Client(f"{server}/graphql") as client, pytest.raises(Refused) as refused:
        client.remove(papers=["nothing"])
    assert refused.value.problems[0].code
    for url in (f"{server}/nowhere", "http://127.0.0.1:9/graphql"):
        with Client(url) as client, pytest.raises(Unanswered, match=url):
            client.stats()


def test_the_graph_is_changed_with_a_token(sample: str, papergraph) -> None:
    made = papergraph("token", "create", "writer", "--scope", "write", "--store", sample)
    token = made.stdout.split()[-1]
    with serving(sample) as (_, address), Client(f"{address}/graphql", token) as client:
        before = client.papers(filter=NAMES)
        gone = before["edges"][0]["node"]["id"]
        assert client.remove(papers=[gone, "nothing"]) == {
            "removed": [gone],
            "missing": ["nothing"],
        }
        assert client.papers(filter=NAMES)["totalCount"] == before["totalCount"] - 1


def test_documents_are_named_as_methods_are() -> None:
    for name in DOCUMENTS:
        assert f"query {name}" in DOCUMENTS[name] or f"mutation {name}" in DOCUMENTS[name]
