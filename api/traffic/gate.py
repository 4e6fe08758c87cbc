"""The gate before the API: who is it, and does he ask too often."""

import logging

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.callers import Authenticator, Refused
from api.traffic.rate import RateLimit, network_of
from api.traffic.refusals import refuse, send_refusal
from graph.errors import StoreError

log = logging.getLogger("papergraph.auth")


class Gate:
    """Authenticates, and limits the rate, of requests to some paths.

    A caller is a token or, without a valid one, an address: so guesses of tokens are limited too.

    Args:
        app: what answers; finds the caller in ``scope["state"]["caller"]``.
        paths: which requests come through the gate.
        authenticator: recognises tokens.
        rate: limits each caller.
    """

    def __init__(
        self, app: ASGIApp, paths: frozenset[str], authenticator: Authenticator, rate: RateLimit
    ) -> None:
        self._app = app
        self._paths = paths
        self._authenticator = authenticator
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it with 401, 429 or 503."""
        if scope["type"] not in ("http", "websocket") or scope["path"] not in self._paths:
            await self._app(scope, receive, send)
            return
        refusal = await self._check(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await send_refusal(refusal, scope, receive, send)

    async def _check(self, scope: Scope) -> JSONResponse | None:
        state = scope.setdefault("state", {})
        given = Headers(scope=scope).get("authorization")
        # A browser cannot send the header with a WebSocket: there connection_init may bring it.
        late = scope["type"] == "websocket" and not given
        refused: Refused | None = None
        try:
            caller = None if late else await self._authenticator.caller(given)
        except Refused as error:
            caller, refused = None, error
        except StoreError as error:
            log.warning("tokens cannot be read: %s", error)
            return refuse(
                503,
                "STORE_UNAVAILABLE",
                "The store does not answer",
                "ask again later",
                {"Retry-After": "5"},
            )
        named = caller.name if caller else None
        key = f"token {named}" if named else network_of((scope.get("client") or ("",))[0])
        if seconds := self._rate.wait(key):
            return refuse(
                429,
                "RATE_LIMITED",
                "Too many requests",
                f"ask again in {seconds} s",
                {"Retry-After": str(seconds)},
            )
        if refused:
            return refuse(
                401,
                refused.code,
                refused.problem,
                refused.remedy,
                {"WWW-Authenticate": "Bearer"},
            )
        state["caller"], state["rate_key"] = caller, key
        return None
