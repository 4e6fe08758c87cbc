"""The server's side of a WebSocket that speaks graphql-transport-ws.

Protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. A browser cannot send a
header with a WebSocket, so that the token may come as ``Authorization`` in the payload of
``connection_init``.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from api.auth.callers import Authenticator, Caller, Refused
from api.graphql.context import Context
from graph.errors import StoreError

log = logging.getLogger("papergraph.graphql")

INIT_TIMEOUT_S: Final = 10
"""Seconds within which a WebSocket must say who it is."""
MOST_OPERATIONS: Final = 10
"""Operations that may go on at once on one WebSocket."""
_LONGEST_ID: Final = 200


class TextFrames(ASGIWebSocketAdapter):
    """Sends text, as the protocol wants, whatever the view encodes to."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message."""
        await self.ws.send_text(self.view.encode_json_string(message))


class Handler(BaseGraphQLTransportWSHandler[Any, None]):
    """One WebSocket: each of its operations counts as a request, and reads with fresh eyes."""

    async def handle(self) -> None:
        """Serve the WebSocket until it closes."""
        try:
            await super().handle()
        except RecursionError:
            await self.handle_invalid_message("WebSocket message is nested too deep")

    async def handle_message(self, message: Any) -> None:
        """Take one message, whatever it is."""
        try:
            await super().handle_message(message)
        except (TypeError, AttributeError):
            await self.handle_invalid_message("Failed to parse message")

    async def handle_subscribe(self, message: Any) -> None:
        """Begin an operation, unless the caller asks too often."""
        id, payload = message["id"], message["payload"]
        if not isinstance(id, str) or len(id) > _LONGEST_ID or not _is_request(payload):
            await self.handle_invalid_message("Failed to parse message")
            return
        view: Any = self.view
        if self.connection_acknowledged and (wait := view.wait_of(self.context)):
            remedy = f"ask again in {wait} s"
            error = {
                "message": f"Too many requests: {remedy}",
                "extensions": {"code": "RATE_LIMITED", "remedy": remedy},
            }
            await self.websocket.send_json({"id": id, "type": "error", "payload": [error]})
            return
        self.context = replace(self.context)  # with loaders of its own
        await super().handle_subscribe(message)

    async def handle_task_exception(self, error: Exception) -> None:
        """Note what broke an operation off; that the client has gone is no news."""
        if not isinstance(error, WebSocketDisconnected | RuntimeError):
            log.error(
                "stream failed", exc_info=error, extra={"request_id": self.context.request_id}
            )


def _is_request(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )


async def recognised(authenticator: Authenticator, context: Context) -> Caller:
    """Who has opened a WebSocket, by its header or by what ``connection_init`` says.

    Raises:
        ConnectionRejectionError: the token is not valid, or there is none where one is needed.
    """
    said = context.connection_params or {}
    given = next((said[name] for name in ("Authorization", "authorization") if name in said), None)
    if context.authorization is None and isinstance(given, str):
        context.authorization = given
    try:
        return await authenticator.caller(context.authorization)
    except (Refused, StoreError) as refused:
        raise ConnectionRejectionError from refused
