"""GraphQL over HTTP: POST answers a query, GET shows GraphiQL."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from api.graphql.context import Context
from api.graphql.errors import presented
from api.graphql.schema import Schema
from api.metrics import Metrics
from api.services.names import Names
from api.settings import Settings
from graph.stores.base import GraphStore

IDE = Path(__file__).with_name("ide")


class GraphQLView(GraphQL[Context, None]):
    """Strawberry's ASGI view with our context, our errors, and a GraphiQL that works offline.

    Args:
        schema: what can be asked.
        store: what answers.
        names: what names mean in the store.
        settings: limits.
        metrics: where errors are counted.
    """

    def __init__(
        self, schema: Schema, store: GraphStore, names: Names, settings: Settings, metrics: Metrics
    ) -> None:
        super().__init__(schema, subscription_protocols=())
        self._new_context: Callable[[str], Context] = lambda request_id: Context(
            store, names, settings, request_id
        )
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no GraphQL request gets a JSON error too."""
        try:
            response = await self.run(Request(scope, receive))
        except HTTPException as refusal:
            response = self._refusal(refusal.status_code, refusal.reason)
        except (RecursionError, AttributeError, TypeError):
            # Strawberry takes for granted that the body is an object, and not nested without end.
            response = self._refusal(400, "The body is not a GraphQL request")
        await response(scope, receive, send)

    async def get_context(self, request: Any, response: Any) -> Context:
        """A context of its own for each request."""
        return self._new_context(request.scope.get("state", {}).get("request_id", "-"))

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """The answer with its errors typed, and masked where they are defects."""
        answer: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            request_id = request.scope.get("state", {}).get("request_id", "-")
            shown = [presented(error, request_id) for error in result.errors]
            for error in shown:
                self._metrics.count_error(error["extensions"]["code"])
            answer["errors"] = list(shown)
        return answer

    async def render_graphql_ide(self, request: Request) -> Response:
        """GraphiQL from our own files; nothing is fetched from elsewhere."""
        return FileResponse(IDE / "graphiql.html")

    def encode_json(self, data: object) -> bytes:
        """Compact UTF-8."""
        text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "backslashreplace")

    def _refusal(self, status: int, message: str) -> Response:
        self._metrics.count_error("BAD_REQUEST")
        error = {
            "message": f"{message}: POST a JSON object with a query",
            "extensions": {"code": "BAD_REQUEST"},
        }
        return JSONResponse({"errors": [error]}, status_code=status)
