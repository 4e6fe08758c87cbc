"""Refusals in the shape of GraphQL errors, which a GraphQL client can read."""

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send


def refuse(
    status: int,
    code: str,
    problem: str,
    remedy: str,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An answer that says why the request is not served, and what to do.

    Args:
        status: of HTTP.
        code: for programs.
        problem: what is wrong.
        remedy: what to do about it.
        headers: ``Retry-After`` and the like.
    """
    error = {
        "message": f"{problem}: {remedy}",
        "extensions": {"code": code, "remedy": remedy},
    }
    return JSONResponse({"errors": [error]}, status, headers=dict(headers or {}))


async def send_refusal(refusal: JSONResponse, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or a WebSocket before it is accepted, with a refusal."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get(
        "extensions", {}
    ):  # the server can say 403 only
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
    else:
        await refusal(scope, receive, send)
