"""GraphQL over HTTP: POST answers a query, GET shows GraphiQL."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType

from api.auth.callers import ANONYMOUS, Authenticator
from api.graphql.context import Context
from api.graphql.errors import RequestError, presented
from api.graphql.execution.answers import Answers, encoded
from api.graphql.execution.executor import Executor
from api.graphql.execution.persisted import PersistedQueries
from api.graphql.schema import Schema
from api.graphql.streams.socket import (
    INIT_TIMEOUT_S,
    MOST_OPERATIONS,
    Handler,
    TextFrames,
    recognised,
)
from api.metrics import Metrics
from api.runs.background import Background
from api.services.names import Names
from api.settings import Settings
from api.tracing import Tracing
from api.traffic.rate import RateLimit
from graph.errors import QueryTimeout, StoreBusy
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
        behind: runs that wait, and what subscribers are told.
        authenticator: recognises the callers of WebSockets.
        rate: limits them.
        tracing: where spans go.
    """

    websocket_adapter_class = TextFrames
    graphql_transport_ws_handler_class = Handler

    def __init__(
        self,
        schema: Schema,
        store: GraphStore,
        names: Names,
        settings: Settings,
        metrics: Metrics,
        behind: Background,
        authenticator: Authenticator,
        rate: RateLimit,
        tracing: Tracing | None = None,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if settings.graphiql else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=INIT_TIMEOUT_S),
            max_subscriptions_per_connection=MOST_OPERATIONS,
            allowed_origins=settings.origins,
        )
        self._authenticator = authenticator
        self._rate = rate
        self._query_timeout = settings.query_timeout
        self._persisted = PersistedQueries(schema.documents)
        self._answers = Answers(
            schema.documents, Executor(store, names, settings), settings, tracing
        )
        self._new_context: Callable[[str], Context] = lambda request_id: Context(
            store, names, settings, request_id, behind=behind
        )
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no GraphQL request gets a JSON error too."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive, send))
            return
        try:
            request = Request(scope, receive)
            response = await self._by_column(request) or await self.run(request)
        except RequestError as refusal:
            response = JSONResponse({"errors": [self._shown(refusal, "-")]})
        except HTTPException as refusal:
            response = self._refusal(refusal.status_code, refusal.reason)
        except (RecursionError, AttributeError, TypeError):
            # Strawberry takes for granted that the body is an object, and not nested without end.
            response = self._refusal(400, "The body is not a GraphQL request")
        await response(scope, receive, send)

    async def _by_column(self, request: Request) -> Response | None:
        """The answer, where it need not be made object by object."""
        in_url = request.method == "GET" and {"query", "extensions"} & request.query_params.keys()
        if not in_url and (
            request.method != "POST" or "json" not in request.headers.get("content-type", "")
        ):
            return None
        try:
            asked = await self.parse_http_body(self.request_adapter_class(request))
        except (HTTPException, ValueError, TypeError, AttributeError, RecursionError):
            return None
        if not isinstance(asked, GraphQLRequestData) or asked.protocol != "http":
            return None
        try:
            return await self._answers.response(request, asked)
        except StoreBusy as busy:
            request_id = request.scope.get("state", {}).get("request_id", "-")
            shown = self._shown(GraphQLError(str(busy), original_error=busy), request_id)
            return JSONResponse({"data": None, "errors": [shown]})

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute a request; one that only reads ends in time, whatever it is made of."""
        doing = super().execute_single(
            request, request_adapter, sub_response, context, root_value, request_data
        )
        if "mutation" in (request_data.query or ""):
            return await doing  # what is done by halves helps nobody
        try:
            async with asyncio.timeout(self._query_timeout):
                return await doing
        except TimeoutError:
            late = QueryTimeout(
                f"the query took longer than {self._query_timeout} s and was cancelled",
                "ask for less",
            )
            return ExecutionResult(None, [GraphQLError(str(late), original_error=late)])

    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """What is asked, persisted queries filled in."""
        asked = await super().parse_http_body(request)
        if isinstance(asked, list):
            return [self._persisted.filled(one) for one in asked]
        return self._persisted.filled(asked)

    async def get_context(self, request: Any, response: Any) -> Context:
        """A context of its own for each request."""
        state = request.scope.get("state", {})
        context = self._new_context(state.get("request_id", "-"))
        context.caller = state.get("caller") or ANONYMOUS
        context.rate_key = state.get("rate_key", "")
        context.authorization = request.headers.get("authorization")
        context.standing = lambda: self._authenticator.caller(context.authorization)
        return context

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Let a WebSocket begin whose caller may ask."""
        context.caller = await recognised(self._authenticator, context)
        if context.caller.name:
            context.rate_key = f"token {context.caller.name}"
        context.standing = lambda: self._authenticator.caller(context.authorization)
        accepted: UnsetType = UNSET
        return accepted

    def wait_of(self, context: Context) -> int:
        """Count a request of a WebSocket's caller; seconds that he has to wait, 0 for none."""
        return self._rate.wait(context.rate_key)

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """The answer with its errors typed, and masked where they are defects."""
        answer: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            request_id = request.scope.get("state", {}).get("request_id", "-")
            answer["errors"] = [self._shown(error, request_id) for error in result.errors]
        return answer

    def _shown(self, error: GraphQLError, request_id: str) -> dict[str, Any]:
        shown = presented(error, request_id)
        self._metrics.count_error(shown["extensions"]["code"])
        return shown

    async def render_graphql_ide(self, request: Request) -> Response:
        """GraphiQL from our own files; nothing is fetched from elsewhere."""
        return FileResponse(IDE / "graphiql.html")

    def encode_json(self, data: object) -> bytes:
        """Compact JSON in UTF-8."""
        return encoded(data)

    def _refusal(self, status: int, message: str) -> Response:
        self._metrics.count_error("BAD_REQUEST")
        error = {
            "message": f"{message}: POST a JSON object with a query",
            "extensions": {"code": "BAD_REQUEST"},
        }
        return JSONResponse({"errors": [error]}, status_code=status)
