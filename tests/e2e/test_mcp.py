"""``papergraph mcp`` as an assistant meets it: a process, spoken to over its pipes."""

import asyncio
import json
import sys
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.e2e.conftest import environment


def talk(store: str, *calls: tuple[str, dict[str, Any]]) -> tuple[set[str], list[Any]]:
    """The names of the tools, and what became of some calls."""

    async def session() -> tuple[set[str], list[Any]]:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "api", "mcp", "--store", store], env=environment()
        )
        async with stdio_client(server) as pipes, ClientSession(*pipes) as assistant:
            await assistant.initialize()
            tools = {tool.name for tool in (await assistant.list_tools()).tools}
            return tools, [await assistant.call_tool(name, given) for name, given in calls]

    return asyncio.run(session())


def test_an_assistant_gets_answers_with_their_sentences(sample: str) -> None:
    tools, (users, hits, none, wrong) = talk(
        sample,
        ("papers_that", {"relation": "uses", "name": "sd turbo"}),
        ("search", {"query": "sd turbo"}),
        ("paper", {"id": "nothing"}),
        ("papers_that", {"relation": "uses", "name": "sd turbo", "first": -1}),
    )
    assert {"papers_that", "why", "leaderboard", "path"} <= tools
    assert not any(name in tools for name in ("ingest", "remove", "merge"))
    found = json.loads(users.content[0].text)["papers"]
    assert found["totalCount"] > 0
    for edge in found["edges"]:
        claims = edge["node"]["claims"]
        assert any(c["surface"] in c["evidence"]["text"] for c in claims)
    assert json.loads(hits.content[0].text)["search"]["edges"]
    assert json.loads(none.content[0].text) == {"paper": None}
    assert wrong.is_error
    assert "first" in wrong.content[0].text
    assert "Traceback" not in wrong.content[0].text
