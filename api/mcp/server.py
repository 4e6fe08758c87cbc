"""The questions of the API as tools of the Model Context Protocol (modelcontextprotocol.io).

A tool asks the schema what the Python client asks of it, in this process: an assistant gets what
GraphQL answers, with the sentence behind every claim, and nothing can be changed.
"""

from collections.abc import Mapping
from typing import Any, Literal

from graphql import GraphQLError
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from api.client.generated import DOCUMENTS
from api.graphql.context import Context
from api.graphql.errors import presented
from api.graphql.schema import build_schema
from api.services.names import Names
from api.settings import Settings
from graph.stores.base import GraphStore

INSTRUCTIONS = """\
A knowledge graph of research papers: what each proposes, uses, trains on, evaluates on and \
compares with, and the results it reports. Every claim comes with the sentence of the paper that \
shows it, and a confidence between 0 and 1. Quote that sentence and name the paper when you \
answer; say so where nothing was found.\
"""

Relation = Literal[
    "uses", "proposes", "trainsOn", "evaluatesOn", "comparesWith", "addresses", "measures",
    "mentions",
]  # fmt: skip
_ROLES: Mapping[str, str] = {
    "uses": "USES",
    "proposes": "PROPOSES",
    "trainsOn": "TRAINS_ON",
    "evaluatesOn": "EVALUATES_ON",
    "comparesWith": "COMPARES_WITH",
    "addresses": "ADDRESSES",
    "measures": "MEASURES",
    "mentions": "MENTIONS",
}
Answer = dict[str, Any]


class Questions:
    """The tools, over one store."""

    def __init__(self, store: GraphStore, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._schema = build_schema(settings)
        self._names = Names(store)

    async def papers_that(
        self,
        relation: Relation,
        name: str,
        include_variants: bool = False,
        published_after: str | None = None,
        first: int = 10,
        after: str | None = None,
    ) -> Answer:
        """Papers that relate to a model, method, data set, benchmark, task or metric.

        Newest first, each with the sentence that shows it. The name may be spelt in any way;
        with include_variants, versions and variants of it count as well. For the next page, give
        the last endCursor as after.
        """
        wanted: dict[str, Any] = {relation: [name], "includeVariants": include_variants}
        if published_after:
            wanted["publishedAfter"] = published_after
        return await self._ask(
            "papers", filter=wanted, role=_ROLES[relation], first=first, after=after
        )

    async def paper(self, id: str) -> Answer:
        """One paper with all that it claims, its results and its relations, each with a quote."""
        return await self._ask("paper", id=id)

    async def entity(self, name: str) -> Answer:
        """What a name means: its kind, other spellings, versions and variants."""
        return await self._ask("entity", name=name)

    async def search(self, query: str, first: int = 10, after: str | None = None) -> Answer:
        """Papers and things whose names, titles or abstracts fit some words, best first."""
        return await self._ask("search", query=query, first=first, after=after)

    async def neighborhood(self, id: str, depth: int = 1, limit: int = 30) -> Answer:
        """What lies around a paper or a thing, given by its id, with the claims among it."""
        return await self._ask("neighborhood", id=id, depth=depth, limit=limit)

    async def path(self, start: str, end: str, max_length: int = 4) -> Answer:
        """How two papers or things are connected; each hop with the sentence that shows it."""
        return await self._ask("path", **{"from": start, "to": end, "maxLength": max_length})

    async def why(self, start: str, end: str) -> Answer:
        """All evidence and decisions behind the edge between a paper or thing and a thing."""
        return await self._ask("why", **{"from": start, "to": end})

    async def leaderboard(
        self,
        benchmark: str | None = None,
        metric: str | None = None,
        task: str | None = None,
        first: int = 10,
    ) -> Answer:
        """Reported results on a benchmark or a task, best first, with what contradicts them."""
        return await self._ask(
            "leaderboard", benchmark=benchmark, metric=metric, task=task, first=first
        )

    async def trend(
        self, entity: str, begins: str | None = None, ends: str | None = None
    ) -> Answer:
        """How many papers a month relate to a thing; dates as 2026-01-31."""
        return await self._ask("trend", **{"entity": entity, "from": begins, "to": ends})

    async def stats(self) -> Answer:
        """How many papers, things, claims and results the graph holds."""
        return await self._ask("stats")

    async def _ask(self, operation: str, **variables: Any) -> Answer:
        context = Context(self._store, self._names, self._settings)
        result = await self._schema.execute(
            DOCUMENTS[operation],
            {k: v for k, v in variables.items() if v is not None},
            context_value=context,
        )
        if result.errors:
            raise ToolError("\n".join(_message(e) for e in result.errors))
        assert isinstance(result.data, dict)
        return {operation: result.data[operation]}


def _message(error: GraphQLError) -> str:
    """As the API shows it: without the inside of an error that nobody expected."""
    message: str = presented(error, "-")["message"]
    return message


def build_server(store: GraphStore, settings: Settings) -> MCPServer:
    """The server, with its tools."""
    questions = Questions(store, settings)
    server = MCPServer("papergraph", instructions=INSTRUCTIONS)
    for tool in (
        questions.papers_that, questions.paper, questions.entity, questions.search,
        questions.neighborhood, questions.path, questions.why, questions.leaderboard,
        questions.trend, questions.stats,
    ):  # fmt: skip
        server.tool()(tool)
    return server
